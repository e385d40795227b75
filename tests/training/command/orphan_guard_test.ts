import { assert, assertEquals } from "@std/assert";
import { isRunning, withFolder } from "../support.ts";

const ROOT = new URL("../../..", import.meta.url);

/** Waits until `condition` holds, for at most ten seconds. */
async function eventually(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert(condition());
}

Deno.test({
  name: "a replay that is killed takes the command along, and what was set aside is put back",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withFolder(async (folder) => {
      const time = `${500 + Math.floor(Math.random() * 1e6)}.25`;
      await Deno.writeTextFile(`${folder}/app.jsonl`, "before\n");
      await Deno.writeTextFile(
        `${folder}/run.ts`,
        `import { runCommand } from ${
          JSON.stringify(new URL("src/training/command/replay_command.ts", ROOT).href)
        };
        await runCommand({
          argv: ["sh", "-c", "echo new > app.jsonl; setsid sleep ${time} & sleep ${time}"],
          env: {}, seed: 1n, inject: false, device: "auto", folder: "out", read: {},
          metricsFile: "app.jsonl",
        });`,
      );
      const rewind = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--no-check",
          "--no-lock",
          `--import-map=${new URL("npm.import_map.json", ROOT).href}`,
          "run.ts",
        ],
        cwd: folder,
        stdout: "null",
        stderr: "null",
      }).spawn();
      const read = (): string => {
        try {
          return Deno.readTextFileSync(`${folder}/app.jsonl`);
        } catch {
          return "";
        }
      };
      await eventually(() => read() === "new\n" && isRunning(`sleep ${time}`));
      rewind.kill("SIGKILL");
      await rewind.status;
      await eventually(() => !isRunning(`sleep ${time}`) && read() === "before\n");
      assertEquals(await Deno.readTextFile(`${folder}/out/app.jsonl`), "new\n");
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
      assertEquals(names, ["app.jsonl", "out", "run.ts"]);
    });
  },
});
