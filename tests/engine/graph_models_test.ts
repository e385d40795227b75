import { assert, assertEquals } from "@std/assert";
import { encodeState } from "../../src/codec/encode_state.ts";
import { record } from "../../src/artifact/run.ts";
import { createRng } from "../../src/rng/backends.ts";
import { deriveSeed } from "../../src/rng/derive_seed.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import { isSameGraph } from "../codec/graph_model.ts";

type Step = (state: unknown, rng: PythonRandom) => unknown;

interface Model {
  readonly name: string;
  readonly init: () => unknown;
  readonly step: Step;
}

interface Cell {
  value: number;
  around: Cell[];
}

function lattice(): unknown {
  const size = 30;
  const cells = Array.from({ length: size * size }, (_, i): Cell => ({ value: i % 7, around: [] }));
  cells.forEach(({ around }, i) => {
    for (const by of [1, size - 1, size, size * size - 1]) {
      around.push(cells[(i + by) % cells.length]!);
    }
  });
  return { first: cells[0] };
}

const MODELS: readonly Model[] = [
  {
    name: "a leader that is one of the people",
    init: () => {
      const people = [0, 1, 2, 3].map((id) => ({ id, energy: 0 }));
      return { people, leader: people[2] };
    },
    step: (state, rng) => {
      const group = state as { people: { energy: number }[]; leader: { energy: number } };
      group.leader.energy += rng.random();
      if (rng.random() < 0.2) group.leader = group.people[rng.randrange(4) as number]!;
      return group;
    },
  },
  {
    name: "views of one buffer",
    init: () => {
      const all = new Float64Array(6);
      return { pos: all.subarray(0, 3), vel: all.subarray(3), all };
    },
    step: (state, rng) => {
      const body = state as Record<"pos" | "vel" | "all", Float64Array>;
      body.vel[rng.randrange(3) as number]! += rng.random() - 0.5;
      for (let i = 0; i < 3; i++) body.pos[i]! += body.vel[i]!;
      return { ...body };
    },
  },
  {
    name: "a lattice of neighbors",
    init: lattice,
    step: (state, rng) => {
      let cell = (state as { first: Cell }).first;
      for (let i = 0; i < 20; i++) {
        cell = cell.around[rng.randrange(4) as number]!;
        cell.value = (cell.value + cell.around[0]!.value) % 1009;
      }
      return state;
    },
  },
  {
    name: "a list that grows and is cut",
    init: () => ({ head: undefined, length: 0 }),
    step: (state, rng) => {
      const list = state as { head: { next: unknown; x: number } | undefined; length: number };
      if (rng.random() < 0.9) list.head = { next: list.head, x: rng.random() };
      else list.head = list.head?.next as typeof list.head;
      list.length++;
      return list;
    },
  },
  {
    name: "Maps and Sets by their own objects, and frozen parts",
    init: () => {
      const map = new Map<unknown, unknown>();
      return { map: map.set("all", new Set([map])), cfg: { gain: 1 } as object };
    },
    step: (state, rng) => {
      const { map, cfg } = state as { map: Map<unknown, unknown>; cfg: { gain: number } };
      const key = { id: rng.randrange(100) };
      map.set(key, [key]);
      (map.get("all") as Set<unknown>).add(key);
      // Normalized once: whether that was done is asked of the object.
      return { map, cfg: Object.isFrozen(cfg) ? cfg : Object.freeze({ gain: cfg.gain * 2 }) };
    },
  },
];

/** The states of a run, made by nothing but a loop: canonical bytes, as the loop changes them in place. */
function plainLoop({ init, step }: Model, steps: number, blockSize: number): Uint8Array[] {
  let state = init();
  let rng: PythonRandom;
  const states = [encodeState(state)];
  for (let t = 0; t + 1 < steps; t++) {
    if (t % blockSize === 0) rng = createRng("python", deriveSeed(5, t / blockSize));
    state = step(state, rng!);
    states.push(encodeState(state));
  }
  return states;
}

for (const model of MODELS) {
  Deno.test(`a run of ${model.name} has the states of a plain loop, through every verb`, () => {
    const steps = 60;
    const blockSize = 7;
    const expected = plainLoop(model, steps, blockSize);
    const run = record(model.step, {
      init: model.init(),
      steps,
      blockSize,
      seed: 5,
      selfCheck: true,
    });
    assertEquals(Array.from(run.states(), (state) => encodeState(state)), expected);
    for (const t of [59, 0, 33, 7, 6, 48]) assertEquals(encodeState(run.get(t)), expected[t]);
    const found = run.find((state) => encodeState(state).length === expected[20]!.length);
    assertEquals(found, expected.findIndex(({ length }) => length === expected[20]!.length));
    const sizes = run.stats((state) => encodeState(state).length);
    assertEquals(sizes.count, steps);
    assertEquals(run.verify({ full: true }).ok, true);
    const branch = run.branch(20, { steps: 10, seed: 3 });
    assertEquals(encodeState(branch.get(0)), expected[20]);
    assertEquals(branch.verify({ full: true }).ok, true);
    assert(isSameGraph(run.get(20), branch.get(0)));
  });
}
