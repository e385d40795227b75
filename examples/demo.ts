/**
 * The tour: records a run of a million steps, jumps into it, forks it, saves, loads and verifies it, and
 * finds the step at which a model broke. Run it with `deno task demo`.
 *
 * @module
 */

import { inspect, load, record } from "@rewind/cli";
import * as lateNan from "./late_nan.ts";
import * as walk from "./walk.ts";

const STEPS = 1_000_000;

function say(text = ""): void {
  // deno-lint-ignore no-console -- this program's output is its purpose
  console.log(text);
}

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  say(`${what} (${(performance.now() - start).toFixed(1)} ms)`);
  return result;
}

say("1. A random walk");
const run = await timed(
  `recorded ${STEPS.toLocaleString("en")} steps with seed 42`,
  () => record(walk.step, { init: walk.init, steps: STEPS, seed: 42 }),
);
say(`   kept ${run.metadata().blocks} checkpoints; X_842137 = ${run.get(842_137)}, regenerated`);

const fork = await timed(
  "forked at step 842,137 with x + 100",
  () => run.branch(842_137, { mutate: (x) => x + 100 }),
);
say(
  `   the fork starts at ${fork.get(0)} and ends at ${fork.get(-1)}; the run ends at ${
    run.get(-1)
  }`,
);

const stats = await timed("took exact statistics of all states", () => run.stats((x) => x));
say(
  `   mean ${"mean" in stats ? stats.mean : ""}, variance ${
    "variance" in stats ? stats.variance : ""
  }`,
);

const folder = await Deno.makeTempDir({ prefix: "rewind-demo-" });
const path = `${folder}/walk.replay`;
await run.save(path);
const info = await inspect(path);
say(`saved ${path}: ${info.fileBytes} bytes, content hash ${info.contentHash.slice(0, 16)}...`);

const loaded = await load(path, { step: walk.step });
const report = await timed("loaded and verified it", () => loaded.verify({ full: true }));
say(`   OK: ${report.blocks} of ${report.blocks} blocks replay bit for bit`);

say();
say("2. A model that breaks late");
const broken = await timed(
  `recorded ${STEPS.toLocaleString("en")} steps with seed 7`,
  () => record(lateNan.step, { init: lateNan.init, steps: STEPS, seed: 7 }),
);
const bad = await timed(
  "searched for the first NaN",
  () => broken.find((state) => Number.isNaN(state.value)),
);
if (bad === undefined) throw new Error("the demo's model did not break");
say(`   first NaN at step ${bad}; just before, value is ${broken.get(bad - 1).value}`);
const shock = broken.bisect((state) => state.gain > 1);
say(
  `   the gain went up at step ${shock}, by the draw ${
    JSON.stringify(broken.trace(shock!)[0]!.result)
  }`,
);
const fixed = broken.branch(shock!, { mutate: (state) => ({ ...state, gain: 0.9 }) });
const again = fixed.find((state) => Number.isNaN(state.value));
say(
  `   forked there with the old gain: ${
    again === undefined ? `all ${fixed.steps} steps stay finite` : `NaN again at ${again}`
  }`,
);
await Deno.remove(folder, { recursive: true });
