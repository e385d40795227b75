import { assertEquals } from "@std/assert";

const HERE = new URL(".", import.meta.url).pathname;
const ROOT = new URL("../../", import.meta.url).pathname;

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${command} ${args.join(" ")}\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout).trim();
}

async function has(command: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

const MAPS = ["--import-map=npm.import_map.json", "--lock=npm.deno.lock"];
const folder = await Deno.makeTempDir({ prefix: "rewind-portability-" });
const bundle = `${folder}/record_everything.mjs`;
await output(Deno.execPath(), [
  "bundle",
  "--quiet",
  "--platform=deno",
  ...MAPS,
  "--output",
  bundle,
  `${HERE}record_everything.ts`,
]);
const expected = await output(Deno.execPath(), ["run", "-A", "--no-lock", bundle]);
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

Deno.test("the bundle gives on Deno what the modules give", async () => {
  assertEquals(
    await output(Deno.execPath(), [
      "run",
      "-A",
      "--no-check",
      ...MAPS,
      `${HERE}record_everything.ts`,
    ]),
    expected,
  );
  assertEquals(expected.split("\n").length, 18);
});

const hasNode = await has("node", ["--version"]);
Deno.test({
  name: `every example has the same content hashes on Node${
    hasNode ? "" : " (skipped: no node here)"
  }`,
  ignore: !hasNode,
  fn: async () => assertEquals(await output("node", [bundle]), expected),
});

const hasNpx = await has("npx", ["--version"]);
const hasBun = hasNpx && await has("npx", ["-y", "bun@1.4.5", "--version"]);
Deno.test({
  name: `every example has the same content hashes on Bun${
    hasBun ? "" : " (skipped: bun cannot be had from npm here)"
  }`,
  ignore: !hasBun,
  fn: async () => assertEquals(await output("npx", ["-y", "bun@1.4.5", bundle]), expected),
});

Deno.test({
  name: `the packed package installs and runs on Node${
    hasNode && hasNpx ? "" : " (skipped: no node or npm here)"
  }`,
  ignore: !hasNode || !hasNpx,
  fn: async () => {
    const tarball = `${folder}/rewind.tgz`;
    await output(Deno.execPath(), ["run", "--quiet", "-A", "tools/pack.ts", tarball]);
    await Deno.mkdir(`${folder}/user`);
    await Deno.writeTextFile(`${folder}/user/package.json`, '{"type": "module"}');
    await output("npm", [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefix",
      `${folder}/user`,
      tarball,
    ]);
    await Deno.writeTextFile(
      `${folder}/user/main.js`,
      `import { load, record } from "@rewind/cli";
import { exp } from "@rewind/cli/math";
import { readRun } from "@rewind/cli/training";
const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);
const run = await load(await record(step, { init: 0, steps: 1_000_000, seed: 42 }).toBytes(), { step });
console.log(run.get(842_137), run.verify({ full: true }).ok, exp(1), typeof readRun);
`,
    );
    assertEquals(
      await output("node", [`${folder}/user/main.js`]),
      "-881 true 2.718281828459045 function",
    );
  },
});
