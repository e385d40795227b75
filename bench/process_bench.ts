/**
 * What a command takes as a whole process, from its start to its end, against a program that does nothing.
 *
 * @module
 */

const ROOT = new URL("../", import.meta.url).pathname;
const FOLDER = await Deno.makeTempDir({ prefix: "rewind-bench-" });
const EMPTY = `${FOLDER}/empty.ts`;
const WALK = `${FOLDER}/walk.replay`;
await Deno.writeTextFile(EMPTY, "export {};\n");
addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

async function run(args: readonly string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
}

const rewind = (...args: readonly string[]): Promise<void> =>
  run([
    "run",
    "--quiet",
    "-P=cli",
    "--import-map=npm.import_map.json",
    "--lock=npm.deno.lock",
    "cli.ts",
    ...args,
  ]);

await rewind("record", "examples/walk.ts", "--steps", "1000000", "--seed", "42", "-o", WALK);

const OPTIONS = { group: "whole process", n: 15, warmup: 2 };

const COMMANDS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["rewind --help", ["--help"]],
  ["rewind info", ["info", WALK]],
  ["rewind get, one of 10^6 states", ["get", WALK, "842137"]],
  ["rewind verify, 10^6 steps", ["verify", WALK]],
];

// A function that is not `async` itself would not be waited for.
Deno.bench("an empty program", { ...OPTIONS, baseline: true }, async () => {
  await run(["run", "--quiet", EMPTY]);
});
for (const [name, args] of COMMANDS) {
  Deno.bench(name, OPTIONS, async () => {
    await rewind(...args);
  });
}
