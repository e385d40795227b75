import { assertEquals } from "@std/assert";
import { decode, encode } from "@std/msgpack";
import fc from "fast-check";
import { PRELUDE_BYTES } from "../../src/artifact/layout.ts";
import { readEntry, readSection } from "../../src/artifact/section.ts";
import { bytesSource } from "../../src/bytes/byte_source.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { record } from "../../mod.ts";

/** Values that MessagePack itself has a form for. */
const value = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("tree"), { maxLength: 20 }),
    fc.dictionary(fc.string({ maxLength: 6 }), tie("tree"), { noNullPrototype: true }),
  ),
})).tree;

/** The reader gives integers of 64 bits as bigints. */
function withNumbers(read: unknown): unknown {
  if (typeof read === "bigint") return Number(read);
  if (Array.isArray(read)) return read.map(withNumbers);
  if (typeof read !== "object" || read === null || read instanceof Uint8Array) return read;
  return Object.fromEntries(Object.entries(read).map(([key, item]) => [key, withNumbers(item)]));
}

Deno.test("what MessagePack has a form for is read by an independent reader as it is", () => {
  fc.assert(
    fc.property(value, (state) => {
      assertEquals(withNumbers(decode(encodeState(state))), state);
    }),
    { numRuns: 300 },
  );
});

Deno.test("an independent writer gives the same bytes where it writes integers as numbers", () => {
  const integers = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
      fc.string({ unit: "grapheme", maxLength: 40 }),
      fc.array(tie("tree"), { maxLength: 20 }),
    ),
  })).tree;
  fc.assert(fc.property(integers, (state) => {
    assertEquals(encodeState(state), encode(state as never));
  }));
});

Deno.test("the front of a file is read by an independent reader", async () => {
  const run = record((x: number, _rng, params: { by: number; names: string[] }) => x + params.by, {
    init: 0,
    steps: 100,
    seed: 7,
    rng: "sfc32",
    params: { by: 2, names: ["a", "é"] },
  });
  const file = await run.toBytes();
  const entry = readEntry(file.subarray(PRELUDE_BYTES), PRELUDE_BYTES);
  const front = decode(readSection(bytesSource(file), entry, "the front"));
  assertEquals(withNumbers(front), {
    stepId: "",
    seeds: "blake2b-v1",
    seed: 7,
    blockSize: 10,
    rng: "sfc32",
    params: { by: 2, names: ["a", "é"] },
  });
});
