/**
 * What the sandbox costs: the start of a child, each step, and a whole verification.
 *
 * @module
 */

import { equalBytes } from "../src/codec/compare_states.ts";
import { replayPlan } from "../src/engine/record_view.ts";
import { Replayer } from "../src/engine/replay.ts";
import { BaseRun } from "../src/engine/base_run.ts";
import { recordRun } from "../src/engine/record.ts";
import type { ReplayPlan, StepFunction } from "../src/engine/types.ts";
import { createRng } from "../src/rng/backends.ts";
import { closeDraws, openDraws } from "../src/sandbox/realm/rng_facade.ts";
import { SandboxSession } from "../src/sandbox/host/session.ts";
import { RealmShims } from "../src/sandbox/realm/shims.ts";
import { StepModule } from "../src/sandbox/realm/step_module.ts";
import { statsSandboxed } from "../src/sandbox/host/stats_sandboxed.ts";
import { verifySandboxed } from "../src/sandbox/host/verify_sandboxed.ts";

const SOURCE = `export const init = 0;
export const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);`;
const STEPS = 1_000_000;
const BLOCKS = 1000;

type Walk = (x: number, rng: { random(): number }) => number;

/** A fresh copy of the step, as each run has its own. */
async function walk(): Promise<StepFunction<unknown>> {
  const url = `data:text/javascript,${encodeURIComponent(SOURCE)}//${Math.random()}`;
  return (await import(url)).step as Walk as StepFunction<unknown>;
}

const recorded = recordRun(await walk(), { init: 0 as unknown, steps: STEPS, seed: 42 });
const record = { ...recorded, source: SOURCE };

const BARE_CHILD = [
  `import { SourceTextModule } from "node:vm";`,
  `new Worker("data:text/javascript,setInterval(()=>{},10)", { type: "module" });`,
  `Deno.stdout.writeSync(new Uint8Array(1));`,
  `Deno.exit();`,
].join("\n");

Deno.bench("a child that only loads node:vm and a worker", {
  group: "start",
  n: 15,
  warmup: 2,
}, async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-config",
      "--no-lock",
      "data:text/javascript," + encodeURIComponent(BARE_CHILD),
    ],
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader();
  await output.read();
  await output.cancel();
  await child.status;
});

Deno.bench("the whole sandbox to its first frame", {
  group: "start",
  baseline: true,
  n: 15,
  warmup: 2,
}, async () => {
  await using session = new SandboxSession({ source: SOURCE });
  await session.describe();
});

/** Replays all blocks and checks the last state, so that no bench wins by changing the answer. */
function replayAll(step: StepFunction<unknown>, rng = createRng("python", 0)): void {
  const plan: ReplayPlan<unknown> = replayPlan(record, { step, codec: undefined });
  const replayer = new Replayer(plan, rng);
  for (let block = 0; block < BLOCKS; block++) {
    replayer.start(block, record.checkpoints.bytesAt(block));
    replayer.advance(Math.min((block + 1) * BLOCKS, STEPS - 1));
  }
  if (!equalBytes(replayer.encode(), record.lastState!)) throw new Error("another last state");
}

const plainStep = await walk();
const guardedRng = createRng("python", 0);
const position = new Float64Array(2);
const module = new StepModule(SOURCE, {
  io: {
    evaluate: async (_, source) => ({
      exports: await import(`data:text/javascript,${encodeURIComponent(source)}`),
    }),
  },
  position,
  shims: new RealmShims({}, position),
});
const guardedStep = (await module.instantiate(guardedRng)).step;

Deno.bench("10^6 steps of the walk, bare", { group: "steps", baseline: true }, () => {
  replayAll(plainStep);
});

Deno.bench("10^6 steps of the walk, guarded as in the sandbox", { group: "steps" }, () => {
  openDraws();
  replayAll(guardedStep, guardedRng);
  closeDraws();
});

const run = new BaseRun(record, { step: await walk(), codec: undefined });

Deno.bench("verify 10^6 steps in this process", { group: "verify", baseline: true }, () => {
  run.verify();
});

Deno.bench("verify 10^6 steps in the sandbox, start included", {
  group: "verify",
  n: 10,
  warmup: 1,
}, async () => {
  const report = await verifySandboxed(record, { source: SOURCE });
  if (!report.ok || report.checked !== BLOCKS) throw new Error("another verdict");
});

const longRecord = {
  ...recordRun(await walk(), { init: 0 as unknown, steps: 10 * STEPS, seed: 42 }),
  source: SOURCE,
};

for (const [steps, taken] of [["10^6", record], ["10^7", longRecord]] as const) {
  const means = new Set<number>();
  for (const childrenMax of [1, 2]) {
    Deno.bench(`stats of ${steps} steps in the sandbox, at most ${childrenMax} at work`, {
      group: `stats ${steps}`,
      baseline: childrenMax === 1,
      n: 8,
      warmup: 1,
    }, async () => {
      const stats = await statsSandboxed(taken, { source: SOURCE, childrenMax });
      means.add(stats.moments.result().mean as number);
      if (means.size !== 1) throw new Error("another mean");
    });
  }
}
