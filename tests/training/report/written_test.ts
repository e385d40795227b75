import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkDeterminism } from "../../../src/training/verbs/check_determinism.ts";
import { diff } from "../../../src/training/verbs/diff_runs.ts";
import { replay } from "../../../src/training/verbs/replay.ts";
import { withFolder, writeRows } from "../support.ts";

const ROWS = [0.5, 0.4, 0.3].map((loss, step) => ({ step, seed: 42, loss }));

/** A command that writes the rows again. */
async function command(folder: string): Promise<string> {
  await Deno.writeTextFile(
    `${folder}/train.ts`,
    `Deno.writeTextFileSync(Deno.env.get("RLDK_METRICS_PATH")!, ${
      JSON.stringify(ROWS.map((row) => JSON.stringify(row)).join("\n") + "\n")
    });`,
  );
  return `"${Deno.execPath()}" run -A --no-config "${folder}/train.ts"`;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("replay() writes its page, and none with renderPage false, not even an old one", async () => {
  await withFolder(async (folder) => {
    const options = {
      run: await writeRows(`${folder}/run.jsonl`, ROWS),
      command: await command(folder),
      metrics: "loss",
      outputDir: `${folder}/out`,
    };
    const { files } = await replay(options);
    assertEquals(files["page"], `${folder}/out/replay_report.html`);
    assertStringIncludes(await Deno.readTextFile(files["page"]!), "The run reproduces");
    const without = await replay({ ...options, renderPage: false });
    assertEquals(without.files["page"], undefined);
    assertEquals(await exists(files["page"]!), false);
  });
});

Deno.test("diff() and checkDeterminism() write their pages", async () => {
  await withFolder(async (folder) => {
    const a = await writeRows(`${folder}/a.jsonl`, ROWS);
    const b = await writeRows(`${folder}/b.jsonl`, ROWS.map((row) => ({ ...row, loss: 1 })));
    const { files } = await diff({ a, b, outputDir: `${folder}/diff` });
    assertStringIncludes(await Deno.readTextFile(files["page"]!), "The logs differ");
    await checkDeterminism({
      command: await command(folder),
      replicas: 2,
      outputDir: `${folder}/check`,
    });
    const page = await Deno.readTextFile(`${folder}/check/determinism_report.html`);
    assertStringIncludes(page, "The command is deterministic");
  });
});
