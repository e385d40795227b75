import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bytesSource } from "../../src/bytes/byte_source.ts";
import { decodeArtifact, type OpenedArtifact } from "../../src/artifact/decode_artifact.ts";
import { encodeArtifact } from "../../src/artifact/encode_artifact.ts";
import { inspect, load } from "../../src/artifact/load.ts";
import { record } from "../../src/artifact/run.ts";
import type { ByteSource } from "../../src/bytes/byte_source.ts";
import { ArtifactIntegrityError } from "../../src/errors.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";

function walk(x: number, rng: PythonRandom): number {
  return x + (rng.random() < 0.5 ? 1 : -1);
}

function open(bytes: Uint8Array): OpenedArtifact {
  return decodeArtifact(bytesSource(bytes));
}

/** Opens an artifact and reads all of it. */
function readAll(bytes: Uint8Array): OpenedArtifact {
  const opened = open(bytes);
  opened.checkAll();
  return opened;
}

const WALK = record(walk, { init: 0, steps: 1_000_000, seed: 42 });
const WALK_BYTES = await WALK.toBytes();
const SMALL_BYTES = await record(walk, {
  init: 0,
  steps: 20,
  seed: 42,
  params: { p: [1, 2] },
  observe: { x: (x) => x },
  source: "export const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);",
}).toBytes();

Deno.test("toBytes() of the million-step walk takes at most 2,000 bytes, the same ones each time", async () => {
  assert(WALK_BYTES.length <= 2000, `${WALK_BYTES.length} bytes`);
  const again = record(walk, { init: 0, steps: 1_000_000, seed: 42 });
  assertEquals(await again.toBytes(), WALK_BYTES);
  assertEquals(await again.contentHash(), await WALK.contentHash());
});

Deno.test("contentHash() must not move: it is the identity of a run, on every machine", async () => {
  assertEquals(
    await WALK.contentHash(),
    "2be03fa8cc1bbc6a101119ea5b3136a18918fdb1b213901fc479c71583ed800b",
  );
  const elsewhere = encodeArtifact(open(WALK_BYTES).record, [
    { from: 0, tool: "other", engine: "other", mathFingerprint: "0" },
  ]);
  assertNotEquals(elsewhere, WALK_BYTES);
  assertEquals(open(elsewhere).contentHash, await WALK.contentHash());
});

Deno.test("contentHash() differs for a different seed, parameter, state, source or step name", async () => {
  const base = { init: 0, steps: 50, seed: 1, params: 1 as unknown, stepId: "walk", source: "s" };
  const hashes = await Promise.all([
    base,
    { ...base, seed: 2 },
    { ...base, params: 2 },
    { ...base, init: 1 },
    { ...base, source: "t" },
    { ...base, stepId: "other" },
    { ...base, steps: 49 },
    { ...base, blockSize: 7 },
  ].map((options) =>
    record(walk as (x: number, rng: PythonRandom, params: unknown) => number, options).contentHash()
  ));
  assertEquals(new Set(hashes).size, hashes.length);
});

Deno.test("load() gives back states of every kind exactly, -0, NaN and lone surrogates too", async () => {
  const state = {
    nan: NaN,
    zero: -0,
    undefined: undefined,
    big: 2n ** 200n,
    map: new Map<unknown, unknown>([[1, "one"], ["two", new Set([3])]]),
    date: new Date(0),
    typed: new Float32Array([1.5, NaN, -0]),
    bytes: new Uint8Array([1, 2]),
    surrogate: "\ud800",
    nested: [[], {}, null, [undefined]],
    ["__proto__"]: 1,
  };
  Object.defineProperty(state, "__proto__", {
    value: 7,
    enumerable: true,
    writable: true,
    configurable: true,
  });
  const step = (x: typeof state, rng: PythonRandom) => ({ ...x, draw: rng.random() });
  const run = record(step as never, { init: state, steps: 100, seed: 1 });
  const loaded = await load(await run.toBytes(), { step: step as never });
  for (const t of [0, 1, 57, 99]) assertEquals(loaded.get(t), run.get(t));
  const first = loaded.get(0) as typeof state;
  assert(Object.is(first.zero, -0));
  assert(Object.hasOwn(first, "__proto__"));
  assertEquals(Object.getPrototypeOf(first), Object.prototype);
  assert(loaded.verify({ full: true }).ok);
});

Deno.test("load() keeps seeds of any size, failure, observed, params and lineage", async () => {
  const seed = -(2n ** 80n);
  const step = (x: number): number => {
    if (x === 41) throw new Error("end");
    return x + 1;
  };
  const run = record(step, {
    init: 0,
    steps: 100,
    seed,
    observe: { v: (x) => [x, -x] },
    stepId: "s",
  });
  const loaded = await load(await run.toBytes(), { step });
  assertEquals([loaded.seed, loaded.steps, loaded.blockSize], [seed, 42, 10]);
  assertEquals(loaded.failure, { t: 42, error: "Error: end" });
  assertEquals(loaded.observed, run.observed);
  const branch = loaded.branch(10);
  const info = await inspect(await branch.toBytes());
  assertEquals(info.parentHash, await run.contentHash());
  assertEquals(info.branchPoint, 10);
  assertEquals(await loaded.contentHash(), await run.contentHash());
});

Deno.test("get(t) of an opened artifact reads header, index and one chunk", async () => {
  const step = (state: Float64Array, rng: PythonRandom) => state.map((x) => x + rng.random());
  const run = record(step, { init: new Float64Array(2000), steps: 400, seed: 1 });
  const bytes = await run.toBytes();
  let read = 0;
  const source: ByteSource = {
    size: bytes.length,
    read(offset, length) {
      read += length;
      return bytes.subarray(offset, offset + length);
    },
  };
  const { record: opened } = decodeArtifact(source);
  const structure = read;
  assert(structure < 4000, `${structure} bytes to open`);
  assertEquals(opened.checkpoints.bytesAt(7).length > 16_000, true);
  const chunk = read - structure;
  assert(chunk < 5 * 16_100, `${chunk} bytes for one state`);
  opened.checkpoints.bytesAt(7);
  assertEquals(read - structure, chunk);
});

Deno.test("a flipped bit anywhere in an artifact is detected, by verify() too", async () => {
  for (let at = 0; at < SMALL_BYTES.length; at++) {
    const bytes = SMALL_BYTES.slice();
    for (let bit = 0; bit < 8; bit++) {
      bytes[at]! = SMALL_BYTES[at]! ^ 1 << bit;
      assertThrows(() => readAll(bytes), ArtifactIntegrityError, "Cannot read the .replay file");
    }
    await assertRejects(
      async () => (await load(bytes, { step: walk })).verify(),
      ArtifactIntegrityError,
    );
  }
});

Deno.test("an artifact cut short or with bytes added anywhere is refused", () => {
  for (let length = 0; length < SMALL_BYTES.length; length++) {
    assertThrows(() => readAll(SMALL_BYTES.slice(0, length)), ArtifactIntegrityError);
    const longer = new Uint8Array(SMALL_BYTES.length + 1);
    longer.set(SMALL_BYTES.subarray(0, length));
    longer.set(SMALL_BYTES.subarray(length), length + 1);
    assertThrows(() => readAll(longer), ArtifactIntegrityError);
  }
  assertThrows(
    () => readAll(Uint8Array.of(...SMALL_BYTES, 0)),
    ArtifactIntegrityError,
    "after its end",
  );
});

Deno.test("mutated artifacts end in our error, quickly and within limits", () => {
  const files = [SMALL_BYTES, WALK_BYTES];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.nat(),
      (file, edits, cut) => {
        const bytes = file.slice(0, cut % 3 === 0 ? 1 + cut % file.length : file.length);
        let changed = bytes.length < file.length;
        for (const [at, value] of edits) {
          changed ||= bytes[at % bytes.length] !== value;
          bytes[at % bytes.length] = value;
        }
        try {
          readAll(bytes);
        } catch (error) {
          assert(error instanceof ArtifactIntegrityError, String(error));
          return;
        }
        assert(!changed || equal(bytes, file), "a changed file was accepted");
      },
    ),
    { numRuns: 10_000 },
  );
});

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

Deno.test("decodeArtifact() of any bytes throws nothing but our error", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    assertThrows(() => open(bytes), ArtifactIntegrityError);
  }));
});

Deno.test("decodeArtifact() tells a foreign, a newer and a text-mode file apart", () => {
  assertThrows(
    () => open(new TextEncoder().encode("x".repeat(100))),
    ArtifactIntegrityError,
    "not a .replay file",
  );
  const newer = SMALL_BYTES.slice();
  newer[8] = 3;
  newer[9] = 3;
  assertThrows(() => open(newer), ArtifactIntegrityError, "update rewind");
  const text = SMALL_BYTES.slice();
  text.copyWithin(5, 6);
  assertThrows(() => open(text), ArtifactIntegrityError, "text mode");
});

Deno.test("load() without a step says what to give", async () => {
  await assertRejects(() => load(SMALL_BYTES, {} as never), TypeError, "openSandboxed");
});
