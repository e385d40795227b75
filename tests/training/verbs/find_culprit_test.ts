import { assertEquals } from "@std/assert";
import type { CommandRun } from "../../../src/training/command/replay_command.ts";
import { parseMetrics } from "../../../src/training/compare/metric_selection.ts";
import { readRun } from "../../../src/training/log/read_run.ts";
import { findCulprit } from "../../../src/training/verbs/find_culprit.ts";

Deno.test("a search that somebody stops names no culprit", async () => {
  const path = await Deno.makeTempFile({ suffix: ".jsonl" });
  await Deno.writeTextFile(path, '{"step": 0, "loss": 0.5}\n');
  const log = await readRun(path);
  await Deno.remove(path);
  const injected = ["random", "numpy.random"].map((module) => ({ module, effect: "used" }));
  const run = (end: "exited" | "interrupted") =>
    ({ child: { end }, completed: end === "exited", log, injected }) as unknown as CommandRun;
  for (const stopAt of [0, 1, 2, 3]) {
    let made = 0;
    const found = await findCulprit({
      selection: parseMetrics(["all"], {}),
      steps: undefined,
      agreement: 0,
      run: () => Promise.resolve(run(made++ < stopAt ? "exited" : "interrupted")),
    });
    assertEquals(
      [found.culprits, found.left],
      [[], ["anything, as the search was interrupted"]],
      `stopped at run ${stopAt}`,
    );
    assertEquals(made, stopAt + 1);
  }
});
