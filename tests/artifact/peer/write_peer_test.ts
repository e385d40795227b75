import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../../any_text.ts";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import type { RunRecord } from "../../../src/engine/types.ts";
import { StateEncodingError } from "../../../src/errors.ts";
import { record } from "../../../src/artifact/run.ts";
import type { PythonRandom } from "../../../src/rng/python/python_random.ts";
import { readPeerArtifact } from "../../../src/artifact/peer/read_peer.ts";
import { writePeerArtifact } from "../../../src/artifact/peer/write_peer.ts";
import { isSameGraph } from "../../codec/graph_model.ts";
import { goldenBytes } from "./golden_values.ts";
import { WRITTEN } from "./written_runs.ts";

const FOLDER = new URL("../../golden/peer_written/", import.meta.url);

/** A record of the given checkpoints, one step each. */
function recordOf(...states: unknown[]): RunRecord {
  const encoded = states.map((state) => encodeState(state));
  return {
    ...WRITTEN["walk"]!,
    steps: states.length,
    blockSize: 1,
    checkpoints: { length: states.length, bytesAt: (block) => encoded[block]! },
  };
}

/** The state that a state is after it has been written for Python and read again. */
function throughPython(...states: unknown[]): unknown[] {
  const { checkpoints } = readPeerArtifact(writePeerArtifact(recordOf(...states))).record;
  return states.map((_, block) => decodeState(checkpoints.bytesAt(block)));
}

Deno.test("writePeerArtifact() writes the bytes that Python has checked", () => {
  for (const [name, record] of Object.entries(WRITTEN)) {
    assertEquals(writePeerArtifact(record), goldenBytes(`peer_written/${name}.replay`), name);
  }
});

const python = new Deno.Command("python3", { args: ["-c", "import numpy"], stderr: "null" });
let hasPython = false;
try {
  hasPython = python.outputSync().success;
} catch {
  // No python3 at all: the test below is listed as ignored.
}

Deno.test({
  name: "writePeerArtifact() writes what Python loads and replays (needs python3 with NumPy)",
  ignore: !hasPython,
  fn() {
    const script = new URL("../../golden/check_peer_written.py", import.meta.url);
    const { stdout, stderr } = new Deno.Command("python3", {
      args: [script.pathname, FOLDER.pathname],
    })
      .outputSync();
    const decoder = new TextDecoder();
    assertEquals(decoder.decode(stdout).trim(), "ok 7", decoder.decode(stderr));
  },
});

Deno.test("writePeerArtifact() keeps every field that Python has a place for", () => {
  for (const [name, record] of Object.entries(WRITTEN)) {
    const read = readPeerArtifact(writePeerArtifact(record)).record;
    for (
      const key of [
        "steps",
        "seed",
        "blockSize",
        "rng",
        "stepId",
        "branchPoint",
        "parentHash",
      ] as const
    ) assertEquals(read[key], record[key], `${name} ${key}`);
    // The empty Map of this one comes back as its nearest, as told below.
    if (name === "mixed") continue;
    for (let block = 0; block < record.checkpoints.length; block++) {
      const [expected, actual] = [record, read].map((r) =>
        decodeState(r.checkpoints.bytesAt(block))
      );
      assertEquals(actual, expected, `${name} block ${block}`);
    }
  }
  const { x, ...others } = readPeerArtifact(writePeerArtifact(WRITTEN["walk"]!)).record.observed;
  assertEquals(x, { ...WRITTEN["walk"]!.observed["x"]!, min: NaN, max: NaN });
  assertEquals(others, { "both é": WRITTEN["walk"]!.observed["both é"]! });
});

Deno.test("writePeerArtifact() is undone by readPeerArtifact() for plain values", () => {
  const key = fc.oneof(anyText(), fc.constant("__proto__"));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(null, true, false, -0, NaN, Infinity, "\ud800", "é", ""),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.double(),
      fc.bigInt(),
      fc.bigInt({ min: -300n, max: 300n }),
      anyText(),
      fc.array(tie("value")),
      fc.uint8Array(),
      fc.dictionary(key, tie("value"), { noNullPrototype: true }),
      fc.uniqueArray(fc.nat(7)).map((items) => new Set(items.sort())),
      fc.array(fc.tuple(fc.integer(), tie("value")), { minLength: 1 })
        .map((entries) => new Map(entries)),
    ),
  }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (states) => {
      // A number is there so that bytes alone are not taken for arrays.
      const read = throughPython(...states, 0);
      states.forEach((state, i) => assertEquals(encodeState(read[i]), encodeState(state)));
    }),
    { numRuns: 150, seed: 20261124 },
  );
});

Deno.test("writePeerArtifact() keeps arrays of every dtype and shape", () => {
  const kinds = [
    Float64Array,
    Float32Array,
    Int8Array,
    Int16Array,
    Int32Array,
    Uint8Array,
    Uint16Array,
    Uint32Array,
  ];
  const arrays: unknown[] = kinds.map((Kind) => Kind.of(0, 1, 2));
  arrays.push(BigInt64Array.of(-1n), BigUint64Array.of(2n ** 64n - 1n), new Float64Array());
  arrays.push({ shape: [2, 0, 3], data: new Int32Array() });
  arrays.push({ shape: [1, 2], data: Float64Array.of(NaN, -0) });
  const read = throughPython(...arrays);
  arrays.forEach((state, i) => assertEquals(encodeState(read[i]), encodeState(state)));
});

Deno.test("writePeerArtifact() turns what Python tells apart otherwise into its nearest", () => {
  const states = [new Map([["a", 1]]), new Map(), Object.assign(Object.create(null), { a: 1 })];
  assertEquals(throughPython(...states), [{ a: 1 }, {}, { a: 1 }]);
  assertEquals(throughPython(new Set([9, 1, 8])), [new Set([8, 9, 1])]);
});

Deno.test("writePeerArtifact() names the path of what Python does not have", () => {
  const cases: [unknown, string, string][] = [
    [{ a: [undefined] }, "state.a[0]", "is undefined"],
    [new Date(0), "state", "is a Date"],
    [{ at: new ArrayBuffer(1) }, "state.at", "is a ArrayBuffer"],
    [[new DataView(new ArrayBuffer(1))], "state[0]", "is a DataView"],
    [{ x: Float64Array.of(1) }, "state.x", "is a Float64Array inside of other values"],
    [new Uint8ClampedArray(1), "state", "is a Uint8ClampedArray"],
    [{ shape: [3], data: Float64Array.of(1) }, "state.data", "is a Float64Array inside"],
    [new Map([[[1], 2]]), "state.keys()[0]", "is an object"],
    [new Set([{}]), "state.values()[0]", "is an object"],
    [new Map<unknown, number>([[1, 2], [true, 3]]), "state.keys()[1]", "equals another key"],
    [new Map<unknown, number>([[1, 2], [1n, 3]]), "state.keys()[1]", "equals another key"],
    [{ s: new Set(["a", "b"]) }, "state.s", "iterates over in another order"],
  ];
  for (const [state, path, why] of cases) {
    const error = assertThrows(
      () => writePeerArtifact(recordOf(0, state)),
      StateEncodingError,
      why,
    );
    assertEquals(error.path, path);
    assert(error.message.endsWith("(checkpoint 1)"), error.message);
  }
});

Deno.test("writePeerArtifact() refuses a generator that Python does not have", () => {
  assertThrows(
    () => writePeerArtifact({ ...WRITTEN["walk"]!, rng: "sfc32" }),
    RangeError,
    "uses the generator 'sfc32'",
  );
});

Deno.test("writePeerArtifact() refuses what would not be the same run there, with the reason", () => {
  const step = (x: number, rng: PythonRandom) => x + rng.random();
  const options = { init: 0, steps: 50, seed: 1 };
  const run = record(step, options);
  const records = {
    "keeps its parent's draws": run.branch(8, { seed: "same" }),
    "has inputs": record(step, { ...options, inputs: Array(49).fill(1) }),
    "every 4th block only": record(step, { ...options, maxCheckpoints: 3 }),
  };
  for (const [reason, { record }] of Object.entries(records)) {
    assertThrows(() => writePeerArtifact(record), RangeError, reason);
  }
  writePeerArtifact(run.branch(0, { seed: "same" }).record);
  writePeerArtifact(run.branch(8).record);
});

Deno.test("writePeerArtifact() keeps which objects are one, and cycles", () => {
  const people = [{ id: 0 }, { id: 1 }];
  const ring: Record<string, unknown> = { people, leader: people[1], list: [] };
  (ring["list"] as unknown[]).push(ring, people);
  const raw = Uint8Array.of(1, 2);
  const [back] = throughPython({ ring, by: new Map([[1, ring]]) }, 0);
  assert(isSameGraph(back, { ring, by: new Map([[1, ring]]) }));
  // Bytes cannot be changed in Python, so that it does not matter whether they are one.
  assertEquals(throughPython([raw, raw], 0)[0], [raw, raw]);
});

Deno.test("writePeerArtifact() refuses memory that is shared, and nesting that Python cannot pickle", () => {
  const bytes = new Uint8Array(8);
  const error = assertThrows(
    () => writePeerArtifact(recordOf({ all: bytes, head: bytes.subarray(0, 2) }, 0)),
    StateEncodingError,
    "shares memory with other arrays",
  );
  assertEquals(error.path, "state.all");
  const nest = (levels: number): unknown => {
    let state: unknown = 0;
    for (let i = 0; i < levels; i++) state = [state];
    return state;
  };
  assertEquals(encodeState(throughPython(nest(900), 0)[0]), encodeState(nest(900)));
  assertThrows(
    () => writePeerArtifact(recordOf(nest(901), 0)),
    StateEncodingError,
    "is nested deeper than 900 levels",
  );
});
