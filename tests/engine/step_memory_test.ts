import { assertEquals } from "@std/assert";
import { load, openRecorder, type PythonRandom, record } from "../../mod.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { recordRun } from "../../src/engine/record.ts";
import { runVerb } from "../cli/run_verb.ts";
import { TempFolder } from "../cli/run_cli.ts";
import { plainStates } from "./plain_loop.ts";

/** Heat on a ring. */
interface Ring {
  u: Float64Array;
  total: number;
}

const CELLS = 8;
const init: Ring = { u: new Float64Array(CELLS), total: 0 };

/** A step that writes its states to two buffers of its own, in turn, as grids often do. */
function ringStep(): (state: Ring, rng: PythonRandom, params: unknown, t: number) => Ring {
  const buffers = [new Float64Array(CELLS), new Float64Array(CELLS)];
  return ({ u, total }, rng, _params, t) => {
    const next = buffers[(t + 1) % 2]!;
    for (let i = 0; i < CELLS; i++) {
      next[i] = 0.5 * u[i]! + 0.25 * (u[(i + 1) % CELLS]! + u[(i + CELLS - 1) % CELLS]!);
    }
    next[rng.randrange(CELLS)]! += 1;
    return { u: next, total: total + next[0]! };
  };
}

const plan = { init, steps: 60, rng: "python", blockSize: 10 } as const;
const plainOf = (seed: number) => plainStates({ ...plan, step: ringStep(), seed });

Deno.test("states that lie in buffers of the step are right where replays of it take turns", async () => {
  const step = ringStep();
  const one = record(step, { ...plan, seed: 1 });
  const other = record(step, { ...plan, seed: 2 });
  const [first, second] = [plainOf(1), plainOf(2)];
  const [walk, otherWalk] = [one.states(), other.states()];
  for (let t = 0; t < plan.steps; t++) {
    assertEquals(one.get(t), first[t]);
    assertEquals(other.get(t), second[t]);
    assertEquals(walk.next().value, first[t]);
    assertEquals(otherWalk.next().value, second[t]);
  }
  for (const t of [3, 5, 8]) {
    one.stats((s) => s.total);
    assertEquals(one.get(t), first[t]);
  }
  const again = await load(await one.toBytes(), { step });
  again.verify({ full: true });
});

Deno.test("recorders of one step that has buffers of its own may take turns", async () => {
  const step = ringStep();
  const recorders = [1, 2].map((seed) => openRecorder(step, { ...plan, seed }));
  const plain = [1, 2].map(plainOf);
  for (let t = 1; t < plan.steps; t++) {
    recorders.forEach((recorder, i) => assertEquals(recorder.advance(), plain[i]![t]));
  }
  for (const recorder of recorders) (await recorder.close()).verify({ full: true });
});

Deno.test("a guard that stops within a block leaves the recording what lies in buffers of the step", () => {
  const longer = { ...plan, steps: 500, blockSize: 100, seed: 1 };
  // Of so slow a step the guards try a part of the first block only.
  let passed = 0;
  const { lastState } = recordRun(ringStep(), longer, { now: () => passed += 100 });
  assertEquals(decodeState(lastState!), plainStates({ ...longer, step: ringStep() }).at(-1));
});

Deno.test("a module may keep the buffers that its states lie in, from init on", async () => {
  await using folder = new TempFolder();
  const source = (init: string, next: string) =>
    `const A = new Float64Array(8);
const B = new Float64Array(8);
export const init = ${init};
export function step(s: { u: Float64Array }, rng: any, _p: unknown, t: number) {
  const next = ${next};
  for (let i = 0; i < 8; i++) next[i] = 0.5 * s.u[i] + 0.5 * s.u[(i + 1) % 8];
  next[rng.randrange(8)] += 1;
  return { u: next };
}
export const observe = { u: (s: { u: Float64Array }) => s.u[3] };
`;
  const forms = [["{ u: A }", "t % 2 ? A : B"], ["() => ({ u: A })", "s.u === A ? B : A"]];
  for (const [init, next] of forms) {
    const module = folder.write("ring.ts", source(init!, next!));
    const run = folder.file("run.replay");
    const { code, stderr } = await runVerb(
      ["record", module, "--steps", "400", "--seed", "3", "-o", run, "-f"],
    );
    assertEquals(code, 0, stderr);
  }
});

Deno.test("record blames the step that keeps its state in the module, not an observable", async () => {
  await using folder = new TempFolder();
  const module = folder.write(
    "world.ts",
    `const world = { x: 0 };
export const init = () => world;
export function step(_: unknown, rng: any) {
  world.x += rng.random();
  return world;
}
export const observe = { x: (s: { x: number }) => s.x };
`,
  );
  const { code, stderr } = await runVerb(
    ["record", module, "--steps", "400", "--seed", "3", "-o", folder.file("run.replay")],
  );
  assertEquals(code, 1);
  assertEquals(stderr.includes("leads to another state"), true, stderr);
  assertEquals(stderr.includes("step assigns `world.x` (world.ts:4:3)"), true, stderr);
});
