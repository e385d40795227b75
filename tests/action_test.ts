/** The step for workflows: its script as a runner would start it. */

import { assert, assertEquals } from "@std/assert";
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

/** Runs the script with these inputs; `deno` is a stand-in that notes its arguments and ends with `code`. */
async function runStep(
  folder: string,
  inputs: Readonly<Record<string, string>>,
  code: number,
): Promise<{ code: number; args: string[]; output: string; summary: string }> {
  await Deno.writeTextFile(
    `${folder}/deno`,
    `#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done > "${folder}/args"
mkdir -p "$REWIND_OUTPUT_DIR"
printf '{\\n  "passed": false,\\n  "verdict": "failed",\\n  "x": 1\\n}\\n' > "$REWIND_OUTPUT_DIR/replay_comparison.json"
echo "### it ran" > "${folder}/rewind-summary.md"
exit ${code}
`,
  );
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
    args: (await Deno.readTextFile(`${folder}/args`)).split("\0").slice(0, -1),
    output: await Deno.readTextFile(`${folder}/output`),
    summary: await Deno.readTextFile(`${folder}/summary`),
  };
}

Deno.test({
  name: "the action passes its inputs as they are, and hands on verdict, summary and exit code",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const command = 'python train.py --name "$(touch pwned)" `touch pwned` ; touch pwned';
      const { code, args, output, summary } = await runStep(folder, {
        run: "runs/a b.jsonl",
        command,
        "output-dir": "out dir",
        options: "--fail-fast\n--seed-arg=--train.seed {seed}\n",
      }, 1);
      assertEquals(code, 1);
      assertEquals(args, [
        "run",
        "-A",
        "--config",
        "/action/deno.json",
        "/action/cli.ts",
        "replay",
        "--run=runs/a b.jsonl",
        `--command=${command}`,
        "--metrics=all",
        "--tolerance=0.01",
        "--output-dir=out dir",
        `--summary=${folder}/rewind-summary.md`,
        "--annotate",
        "--fail-fast",
        "--seed-arg=--train.seed {seed}",
      ]);
      assertEquals(output, "before\nverdict=failed\n");
      assertEquals(summary, "before\n### it ran\n");
      assert(![...Deno.readDirSync(folder)].some(({ name }) => name === "pwned"));
      const limited = await runStep(folder, { run: "r", command: "c", "max-steps": "5" }, 0);
      assertEquals(limited.code, 0);
      assertEquals(limited.args.at(-1), "--max-steps=5");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
