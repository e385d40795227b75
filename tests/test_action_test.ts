/** The step for workflows that tests recorded runs: its script as a runner would start it, on real runs. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { artifactOf, WALK, WALK_SOURCE } from "./cli/fixtures.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const ACTION = parse(await Deno.readTextFile(`${ROOT}actions/test/action.yml`)) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly id?: string;
      readonly run?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
};

Deno.test({
  name: "the action of rewind test runs as written, with hostile names, and hands on what failed",
  ignore: Deno.build.os === "windows",
  async fn() {
    const step = ACTION.runs.steps.find(({ id }) => id === "test")!;
    for (const { run = "" } of ACTION.runs.steps) assert(!run.includes("${{"), run);
    const folder = await Deno.makeTempDir();
    try {
      // JSR need not be at hand where tests run: the stand-in takes the names from npm.
      const words =
        `run -A --no-check --import-map=${ROOT}npm.import_map.json --lock=${ROOT}npm.deno.lock`;
      await Deno.writeTextFile(
        `${folder}/deno`,
        `#!/bin/sh\n[ "$3" = --config ] || exit 9\nshift 4\nexec "${Deno.execPath()}" ${words} "$@"\n`,
      );
      await Deno.chmod(`${folder}/deno`, 0o755);
      const name = '$(touch pwned) `touch pwned`; "x"';
      await Deno.mkdir(`${folder}/${name}`);
      await Deno.writeFile(`${folder}/${name}/walk.replay`, artifactOf(WALK));
      await Deno.writeTextFile(`${folder}/walk.js`, WALK_SOURCE.replace("0.5", "0.503"));
      const values: Record<string, string> = {
        ...Object.fromEntries(
          Object.entries(ACTION.inputs).map(([key, input]) => [key, input.default ?? ""]),
        ),
        ...{ runs: name, module: "walk.js\n", junit: "report.xml" },
      };
      const env = Object.fromEntries(
        Object.entries(step.env!).map(([key, text]) => {
          const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(text)![1]!;
          return [key, values[input]!];
        }),
      );
      for (const file of ["summary", "output"]) await Deno.writeTextFile(`${folder}/${file}`, "");
      const { code, stderr, stdout } = await new Deno.Command("bash", {
        args: ["-c", step.run!],
        cwd: folder,
        env: {
          ...env,
          PATH: `${folder}:${Deno.env.get("PATH")}`,
          RUNNER_TEMP: folder,
          GITHUB_ACTION_PATH: `${ROOT}actions/test`,
          GITHUB_STEP_SUMMARY: `${folder}/summary`,
          GITHUB_OUTPUT: `${folder}/output`,
        },
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals(code, 1, err);
      assertEquals(JSON.parse(out!).failed, 1);
      assertMatch(err!, /^::error file=walk\.js,title=rewind test%3A .*walk\.replay::t = /m);
      assertEquals(await Deno.readTextFile(`${folder}/output`), "failed=1\n");
      assertStringIncludes(await Deno.readTextFile(`${folder}/summary`), "1 of 1 run failed");
      assertStringIncludes(await Deno.readTextFile(`${folder}/report.xml`), "&quot;x&quot;");
      assert(![...Deno.readDirSync(folder)].some(({ name }) => name === "pwned"));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
