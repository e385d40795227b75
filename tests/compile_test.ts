import { assert, assertEquals } from "@std/assert";
import { COMPILE_ARGS, includeArgs } from "../tools/compile.ts";

const ROOT = new URL("../", import.meta.url).pathname;

interface Compiled {
  readonly success: boolean;
  readonly text: string;
  readonly binary: string;
}

const folder = await Deno.makeTempDir({ prefix: "rewind-compile-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function compile(name: string, env: Record<string, string>): Promise<Compiled> {
  const binary = `${folder}/${name}`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...COMPILE_ARGS, ...await includeArgs(), "--output", binary, "cli.ts"],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr), binary };
}

/** The JSON object in a binary that begins before `marker`, by its balanced braces. */
function metadataOf(bytes: Uint8Array, marker: string): Record<string, unknown> {
  const text = new TextDecoder("latin1").decode(bytes.subarray(-32 * 2 ** 20));
  const start = text.lastIndexOf('{"argv":', text.indexOf(marker));
  assert(start >= 0, "the binary holds no metadata");
  for (let end = text.indexOf("}", start); end >= 0; end = text.indexOf("}", end + 1)) {
    try {
      return JSON.parse(text.slice(start, end + 1));
    } catch {
      continue;
    }
  }
  throw new Error("the metadata does not end");
}

Deno.test("deno task compile embeds the command and its flags, and none of the tests' packages", async () => {
  // Deno itself in the place of the base runtime that cannot be fetched everywhere: what is embedded
  // is the same, only running it would not be.
  const { success, text, binary } = await compile("embedded", { DENORT_BIN: Deno.execPath() });
  assert(success, text);
  for (
    const name of [
      "cli.ts",
      "harness.generated.ts",
      "bootstrap.generated.ts",
      "fflate",
      "@noble/hashes",
    ]
  ) {
    assert(
      text.includes(name) || /(?:sandbox|host)\/\*/.test(text),
      `${name} is not embedded:\n${text}`,
    );
  }
  // Parts that are loaded by a computed name: verbs, and what opens files of the Python package.
  assert(/peer\/\*|read_peer\.ts/.test(text) && /verify\.ts|cli\/\*/.test(text), text);
  // A worker finds its module at run time, by its name.
  assert(/read_worker\.ts| log\/\*/.test(text), `the reader's worker is not embedded:\n${text}`);
  assert(!text.includes("fast-check"), "the tests' packages are embedded");
  const bytes = await Deno.readFile(binary);
  const metadata = metadataOf(bytes, '--disallow-code-generation-from-strings"]') as {
    argv: string[];
    permissions: Record<string, unknown>;
    ["v8_flags"]: string[];
  };
  assert(metadata["v8_flags"].includes("--disallow-code-generation-from-strings"));
  assert(metadata["v8_flags"].includes("--max-old-space-size=4096"));
  const { prompt, ...permissions } = metadata.permissions;
  assertEquals(prompt, false);
  assertEquals(metadata.argv, []);
  for (const name of ["read", "write", "env", "run", "sys"]) {
    assertEquals(permissions[`allow_${name}`], [], `${name} is not baked in`);
  }
  for (const name of ["net", "ffi"]) {
    assertEquals(permissions[`allow_${name}`] ?? null, null, `${name} is baked in`);
  }
});

const real = await compile("rewind", {});
const isReachable = real.success;
if (!isReachable) assert(/denort|dl\.deno\.land|download|dns error/i.test(real.text), real.text);

Deno.test({
  name: `the compiled binary records, and verifies in its own sandbox${
    isReachable ? "" : " (skipped: base runtime not reachable)"
  }`,
  ignore: !isReachable,
  fn: async () => {
    const run = async (...args: string[]): Promise<{ code: number; out: string }> => {
      const { code, stdout } = await new Deno.Command(real.binary, { args, cwd: folder }).output();
      return { code, out: new TextDecoder().decode(stdout) };
    };
    const module = "export const init = 0; export const step = (x, rng) => x + rng.random();";
    await Deno.writeTextFile(`${folder}/sum.js`, module);
    const args = ["record", "sum.js", "--steps", "1000", "--seed", "1", "-o", "sum.replay"];
    assertEquals((await run(...args)).code, 0);
    const verified = await run("verify", "sum.replay");
    assert(verified.out.startsWith("OK: 32 of 32 blocks"), verified.out);
    assertEquals(verified.code, 0);
  },
});
