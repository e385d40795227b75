/** The step for workflows: its script as a runner would start it. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const ACTION = parse(await Deno.readTextFile(new URL("../action.yml", import.meta.url))) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};
const REPLAY = ACTION.runs.steps.find((step) => step.id === "replay")!;

Deno.test("no input is ever part of a script of the action", () => {
  for (const step of ACTION.runs.steps) assert(!(step.run ?? "").includes("${{"), step.run);
});

/** Notes its arguments, writes what `rewind replay` would, and ends with `code`. */
function standIn(folder: string, code: number): string {
  return `
for word in "$@"; do printf '%s\\0' "$word"; done > "${folder}/args"
mkdir -p "$REWIND_OUTPUT_DIR"
printf '{\\n  "passed": false,\\n  "verdict": "failed",\\n  "x": 1\\n}\\n' > "$REWIND_OUTPUT_DIR/replay_comparison.json"
echo "### it ran" > "${folder}/rewind-summary.md"
exit ${code}
`;
}

/** Runs the script with these inputs; `deno` is a program of this text. */
async function runStep(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  deno: string,
): Promise<{ code: number; output: string; summary: string }> {
  await Deno.writeTextFile(`${folder}/deno`, `#!/bin/sh\n${deno}`);
  await Deno.chmod(`${folder}/deno`, 0o755);
  const values = {
    ...Object.fromEntries(
      Object.entries(ACTION.inputs).map(([name, input]) => [name, input.default ?? ""]),
    ),
    ...inputs,
  };
  const env = Object.fromEntries(
    Object.entries(REPLAY.env!).map(([name, text]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(text)![1]!;
      return [name, values[input]!];
    }),
  );
  for (const name of ["summary", "output"]) {
    await Deno.writeTextFile(`${folder}/${name}`, "before\n");
  }
  const result = await new Deno.Command("bash", {
    args: ["-c", REPLAY.run!],
    cwd: folder,
    env: {
      ...env,
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      RUNNER_TEMP: folder,
      GITHUB_ACTION_PATH: "/action",
      GITHUB_STEP_SUMMARY: `${folder}/summary`,
      GITHUB_OUTPUT: `${folder}/output`,
    },
  }).output();
  return {
    code: result.code,
    output: await Deno.readTextFile(`${folder}/output`),
    summary: await Deno.readTextFile(`${folder}/summary`),
  };
}

async function readArgs(folder: string): Promise<string[]> {
  return (await Deno.readTextFile(`${folder}/args`)).split("\0").slice(0, -1);
}

Deno.test({
  name: "the action passes its inputs as they are, and hands on verdict, summary and exit code",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const command = 'python train.py --name "$(touch pwned)" `touch pwned` ; touch pwned';
      const { code, output, summary } = await runStep(folder, {
        run: "runs/a b.jsonl",
        command,
        "output-dir": "out dir",
        options: "--fail-fast\n--seed-arg=--train.seed {seed}\n",
      }, standIn(folder, 1));
      assertEquals(code, 1);
      assertEquals(await readArgs(folder), [
        "run",
        "-A",
        "--config",
        "/action/deno.json",
        "/action/cli.ts",
        "replay",
        "--run=runs/a b.jsonl",
        "--metrics=all",
        "--tolerance=0.01",
        "--output-dir=out dir",
        `--summary=${folder}/rewind-summary.md`,
        "--annotate",
        `--command=${command}`,
        "--fail-fast",
        "--seed-arg=--train.seed {seed}",
      ]);
      assertEquals(output, "before\nverdict=failed\n");
      assertEquals(summary, "before\n### it ran\n");
      assert(![...Deno.readDirSync(folder)].some(({ name }) => name === "pwned"));
      const inputs = { run: "golden", "max-steps": "5" };
      const limited = await runStep(folder, inputs, standIn(folder, 0));
      assertEquals(limited.code, 0);
      assertEquals((await readArgs(folder)).slice(-2), ["--annotate", "--max-steps=5"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name:
    "the action's script replays a run, and its summary has verdict, first divergence and metrics",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const root = new URL("../", import.meta.url).pathname;
      await Deno.writeTextFile(`${folder}/run.jsonl`, '{"step": 0, "seed": 7, "loss": 0.5}\n');
      // The registry's packages under the names by which they are had here; the rest is as it stands.
      const names = `--import-map='${root}npm.import_map.json' --no-lock --no-check --quiet`;
      const deno =
        `shift 4\nshift\nexec '${Deno.execPath()}' run -A ${names} '${root}cli.ts' "$@"\n`;
      const { code, output, summary } = await runStep(folder, {
        run: "run.jsonl",
        command: `sh -c 'echo "{\\"step\\": 0, \\"loss\\": 0.{seed}}" > "$RLDK_METRICS_PATH"'`,
        metrics: "loss",
      }, deno);
      assertEquals(code, 1);
      assertEquals(output, "before\nverdict=failed\n");
      assertStringIncludes(summary, "### ❌ The run does not reproduce");
      assertStringIncludes(summary, "**First divergence**: step 0\\: loss is 0\\.7 against 0\\.5");
      assertStringIncludes(summary, "| `loss` | 1 of 1 | 0 |");
      assert((await Deno.stat(`${folder}/replay_results/replay_report.html`)).isFile);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
