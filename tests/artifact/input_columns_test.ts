import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fromColumns, toColumns } from "../../src/artifact/input_columns.ts";
import { record } from "../../src/artifact/run.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { InputChunk } from "../../src/engine/input_chunk.ts";
import { ArtifactIntegrityError } from "../../src/errors.ts";
import { PythonRandom } from "../../src/rng/python/python_random.ts";

Deno.test("fromColumns() undoes toColumns() for values of any lengths", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer(), fc.string(), fc.array(fc.nat(9)))), (values) => {
      const chunk = new InputChunk(0);
      for (const value of values) chunk.push(encodeState(value));
      const raw = chunk.toBytes();
      const columns = toColumns(raw);
      assertEquals(columns.length, raw.length);
      assertEquals(fromColumns(columns), raw);
    }),
  );
});

Deno.test("fromColumns() refuses bytes whose head does not fit", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    try {
      assertEquals(fromColumns(bytes).length, bytes.length);
    } catch (error) {
      assert(error instanceof ArtifactIntegrityError);
    }
  }));
  assertThrows(() => fromColumns(Uint8Array.of(2, 1, 1, 1, 1, 7)), ArtifactIntegrityError);
});

Deno.test("inputs of which few bits change take less than two bytes each", async () => {
  const steps = 30_000;
  const rng = new PythonRandom(1);
  const bit = (bits: number) => 1 << (rng.randrange(bits) as number);
  const kinds: Record<string, () => unknown> = {
    mask: (() => {
      let mask = 0;
      return () => mask ^= rng.random() < 0.1 ? bit(8) : 0;
    })(),
    "32 bits, one flips each time": (() => {
      let mask = 0;
      return () => mask = (mask ^ bit(31)) >>> 0;
    })(),
    "buttons of two players": (() => {
      const players = [0, 0];
      return () => {
        players[rng.randrange(2) as number]! ^= bit(8);
        return { p1: players[0], p2: players[1] };
      };
    })(),
    "flags and a mouse": (() => {
      const mouse = { fire: false, jump: false, x: 320, y: 240 };
      return () => {
        if (rng.random() < 0.1) mouse.fire = !mouse.fire;
        mouse.x += (rng.randrange(5) as number) - 2;
        mouse.y += (rng.randrange(5) as number) - 2;
        return { ...mouse };
      };
    })(),
  };
  const size = async (inputs: unknown[] | undefined) => {
    const run = record((x: number) => x, { init: 0, steps, seed: 1, ...(inputs && { inputs }) });
    return (await run.toBytes()).length;
  };
  const without = await size(undefined);
  for (const [name, next] of Object.entries(kinds)) {
    const inputs = Array.from({ length: steps - 1 }, next);
    const bytes = (await size(inputs) - without) / inputs.length;
    assert(bytes <= 2, `${name}: ${bytes} bytes per input`);
  }
});
