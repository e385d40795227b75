/**
 * The runs whose artifacts are kept in golden/peer_written, which Python checks: one for each kind
 * of state that can be written. golden/check_peer_written.py has the same steps.
 *
 * @module
 */

import type { RunRecord } from "../../../src/engine/types.ts";
import { openRecord } from "../../../src/artifact/open_record.ts";
import { record, type Run } from "../../../src/artifact/run.ts";
import type { NumpyGenerator } from "../../../src/rng/numpy/generator.ts";
import type { PythonRandom } from "../../../src/rng/python/python_random.ts";

function walk(x: number, rng: PythonRandom): number {
  return x + (rng.random() < 0.5 ? 1 : -1);
}

function mixed(state: Record<string, unknown>, rng: PythonRandom): Record<string, unknown> {
  const u = rng.uniform(-1, 1);
  const k = rng.randrange(5) as number;
  return {
    ...state,
    a: (state["a"] as number) * 0.97 + u,
    n: (state["n"] as bigint) * 3n + BigInt(k),
    hist: [...state["hist"] as number[], k].slice(-3),
    text: k % 2 === 0 ? "gerade é😀" : "ungerade \ud800",
    seen: new Set([...state["seen"] as Set<number>, k]),
    by: new Map<unknown, unknown>([[k, u], ["k", null], [-1.5, true]]),
    raw: Uint8Array.of(k, 255),
  };
}

function vector(x: Float64Array, rng: NumpyGenerator): Float64Array {
  const u = rng.random({ size: 4 });
  return x.map((value, i) => value * 0.5 + u[i]!);
}

function matrix(
  { shape, data }: { shape: number[]; data: Float32Array },
  rng: NumpyGenerator,
): { shape: number[]; data: Float32Array } {
  const u = rng.random({ size: [2, 3], dtype: "float32" });
  return { shape, data: data.map((value, i) => value + u.data[i]!) };
}

function counts(x: BigInt64Array, rng: NumpyGenerator): BigInt64Array {
  const k = rng.integers(-5, 5, { size: 2, dtype: "int64" });
  return x.map((value, i) => value + k[i]!);
}

interface Agent {
  id: number;
  energy: number;
  friend: Agent | null;
}

/** A leader that is one of the people, and friends in a ring. */
function graph(
  state: { people: Agent[]; leader: Agent },
  rng: PythonRandom,
): { people: Agent[]; leader: Agent } {
  state.leader.energy += rng.random();
  state.leader = state.people[rng.randrange(3) as number]!;
  return state;
}

function friends(): { people: Agent[]; leader: Agent } {
  const people = [0, 1, 2].map((id): Agent => ({ id, energy: 0, friend: null }));
  people.forEach((agent, i) => agent.friend = people[(i + 1) % 3]!);
  return { people, leader: people[2]! };
}

const parent = record(walk, {
  init: 0,
  steps: 1000,
  seed: 42,
  observe: { x: (x) => x, "both é": (x) => [x, x * x] },
  stepId: "steps:walk",
});

/** The plain data of a run, as its own artifact holds it. */
async function dataOf<S>(run: Run<S>): Promise<RunRecord> {
  return (await openRecord(await run.toBytes())).record;
}

/** The run of each file. */
export const WRITTEN: Readonly<Record<string, RunRecord>> = {
  walk: await dataOf(parent),
  branch: {
    ...await dataOf(parent.branch(500, { mutate: (x) => x + 100 })),
    parentHash: "0123456789abcdef".repeat(4),
  },
  mixed: await dataOf(record(mixed, {
    init: {
      a: 0.5,
      n: 1n,
      hist: [],
      text: "",
      seen: new Set(),
      by: new Map(),
      raw: new Uint8Array(),
    },
    steps: 100,
    seed: -(2n ** 70n),
    blockSize: 7,
  })),
  graph: await dataOf(record(graph, { init: friends(), steps: 60, seed: 9, blockSize: 7 })),
  vector: await dataOf(record(vector, {
    init: Float64Array.of(0, -0, 1, 2),
    steps: 100,
    seed: 1,
    rng: "numpy",
  })),
  matrix: await dataOf(record(matrix, {
    init: { shape: [2, 3], data: new Float32Array(6) },
    steps: 50,
    seed: 2,
    rng: "numpy",
  })),
  counts: await dataOf(record(counts, {
    init: BigInt64Array.of(0n, 2n ** 60n),
    steps: 50,
    seed: 3,
    rng: "numpy",
  })),
};
