import { assertEquals, assertMatch } from "@std/assert";
import { parse } from "acorn";

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

/** What a command prints; undefined where it is not there or fails. */
async function printedBy(command: string, args: string[]): Promise<string | undefined> {
  try {
    return await output(command, args);
  } catch {
    return undefined;
  }
}

function scriptsIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? scriptsIn(path) : name.endsWith(".js") ? [path] : [];
  });
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

const nodeVersion = await printedBy("node", ["--version"]);
const hasNode = nodeVersion !== undefined;
Deno.test({
  name: `every example has the same content hashes on Node${
    hasNode ? "" : " (skipped: no node here)"
  }`,
  ignore: !hasNode,
  fn: async () => assertEquals(await output("node", [bundle]), expected),
});

// Asked for once: each start of npx takes longer than Bun itself.
const bun = await printedBy("npx", ["-y", "-p", "bun@1.4.5", "-c", "command -v bun"]);
const hasNpm = bun !== undefined || await printedBy("npm", ["--version"]) !== undefined;
Deno.test({
  name: `every example has the same content hashes on Bun${
    bun === undefined ? " (skipped: bun cannot be had from npm here)" : ""
  }`,
  ignore: bun === undefined,
  fn: async () => assertEquals(await output(bun!, [bundle]), expected),
});

Deno.test({
  name: `the packed package installs and runs on Node${
    hasNode && hasNpm ? "" : " (skipped: no node or npm here)"
  }`,
  ignore: !hasNode || !hasNpm,
  fn: async () => {
    const tarball = `${folder}/rewind.tgz`;
    // The types of the same sources are the type check's to judge.
    const pack = ["run", "--quiet", "-A", "tools/pack.ts", tarball, "--no-check"];
    await output(Deno.execPath(), pack);
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
    const program = `const step = (x, rng) => x + (rng.random() < 0.5 ? 1 : -1);
const main = async () => {
  const bytes = await record(step, { init: 0, steps: 1_000_000, seed: 42 }).toBytes();
  const run = await load(bytes, { step });
  console.log(run.get(842_137), run.verify({ full: true }).ok, exp(1), typeof readRun, typeof mergeShards);
  const other = await run.diverge((x, rng) => step(x, rng) + (x === -880 ? 2 : 0));
  await assertReplays(bytes, { step });
  console.log(other.kind, other.path);
  await openSandboxed(bytes).catch((error) => console.log(error.message));
  const ruin = (x, rng) => x + (rng.random() < 1 / 3 ? 1 : -1);
  const ruled = { init: 1, steps: 1000, seed: 1, score: (x) => x, level: 12, until: (x) => x === 0 };
  const { low, high } = rare(ruin, ruled);
  console.log(low < 1 / 4095 && 1 / 4095 < high);
  const trials = sweep({ source: String(step), steps: 9, seeds: [1] });
  await trials.next().catch((error) => console.log(error.message));
};
main();
`;
    const names = [
      ["{ load, openSandboxed, record }", "@rewind/cli"],
      ["{ exp }", "@rewind/cli/math"],
      ["{ rare, sweep }", "@rewind/cli/campaign"],
      ["{ mergeShards }", "@rewind/cli/shards"],
      ["{ readRun }", "@rewind/cli/training"],
      ["{ assertReplays }", "@rewind/cli/testing"],
    ];
    const asModule = names.map(([what, from]) => `import ${what} from "${from}";\n`).join("");
    const asScript = names.map(([what, from]) => `const ${what} = require("${from}");\n`).join("");
    await Deno.writeTextFile(`${folder}/user/main.js`, asModule + program);
    const everything = names.flatMap(([what]) => what!.match(/\w+/g)!);
    const loads = `console.log(${everything.map((name) => `typeof ${name}`).join()});
record((x) => x + 1, { init: 0, steps: 9, seed: 1 }).toBytes().then(async (bytes) => {
  console.log((await load(bytes, { step: (x) => x + 1 })).verify().ok);
});
`;
    await Deno.writeTextFile(`${folder}/user/main.cjs`, asScript + loads);
    const printed =
      /^-881 true 2\.718281828459045 function function\nvalue state\nCannot open the run in the sandbox: the sandbox needs Deno, and this is Node\.js\/\d[^;]*; use Deno[^\n]*\ntrue\nCannot run a campaign: the sandbox needs Deno; use Deno/;
    assertMatch(await output("node", [`${folder}/user/main.js`]), printed);
    const version = nodeVersion!.slice(1).split(".").map(Number);
    const canRequire = version[0]! > 22 || (version[0] === 22 && version[1]! >= 12) ||
      (version[0] === 20 && version[1]! >= 19);
    if (canRequire) {
      const functions = everything.map(() => "function").join(" ");
      assertEquals(await output("node", [`${folder}/user/main.cjs`]), `${functions}\ntrue`);
    }
    const packed = `${folder}/user/node_modules/@rewind/cli`;
    const manifest = JSON.parse(await Deno.readTextFile(`${packed}/package.json`));
    assertEquals(
      [manifest.description.startsWith("Time travel"), manifest.engines, manifest.exports["./cli"]],
      [true, { node: ">=20" }, undefined],
    );
    // `deno pack` leaves syntax as it is that Node's oldest release cannot parse.
    for (const room of ["bytes", "codec", "engine", "math", "rng", "testing", "text", "training"]) {
      for (const file of scriptsIn(`${packed}/src/${room}`)) {
        parse(await Deno.readTextFile(file), { ecmaVersion: 2023, sourceType: "module" });
      }
    }
    // Examples for people import the names that they would.
    for (const file of ["mod.d.ts", "src/sandbox/host/open_sandboxed.d.ts"]) {
      assertEquals(/npm:/.exec(await Deno.readTextFile(`${packed}/${file}`)), null, file);
    }
  },
});
