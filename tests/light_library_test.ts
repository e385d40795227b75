import { assert, assertEquals, assertMatch } from "@std/assert";
import { ROOT } from "./import_graph.ts";

/** Most modules that importing the library loads, and their size. They are the budget: 130, and 700 KiB. */
const MODULES_MAX = 130;
const BYTES_MAX = 716_800;

/** Serves this checkout as a registry would, and notes what was asked for. */
async function served(
  use: (origin: string) => Promise<void>,
): Promise<{ path: string; bytes: number }[]> {
  const asked: { path: string; bytes: number }[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const path = new URL(request.url).pathname.slice(1);
      const text = await Deno.readTextFile(ROOT + path).catch(() => undefined);
      if (text === undefined) return new Response("", { status: 404 });
      asked.push({ path, bytes: new TextEncoder().encode(text).length });
      return new Response(text, { headers: { "content-type": "application/typescript" } });
    },
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
  return asked;
}

async function denoRun(origin: string, args: string[]): Promise<{ code: number; stdout: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-lock",
      `--reload=${origin}`,
      `--allow-import=${origin.replace("http://", "")}`,
      "--import-map=npm.import_map.json",
      ...args,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(decoder.decode(stderr));
  return { code, stdout: decoder.decode(stdout) };
}

Deno.test("importing the library loads the library only", async () => {
  const asked = await served(async (origin) => {
    const program = `import { record } from "${origin}/mod.ts";
console.log(record((x) => x + 1, { init: 0, steps: 100, seed: 1 }).get(-1));`;
    const { stdout } = await denoRun(origin, [
      `data:application/typescript,${encodeURIComponent(program)}`,
    ]);
    assertEquals(stdout, "99\n");
  });
  const bytes = asked.reduce((sum, module) => sum + module.bytes, 0);
  const told = `${asked.length} modules, ${bytes} bytes`;
  assert(asked.length <= MODULES_MAX && bytes <= BYTES_MAX, told);
  assert(asked.length > 50, told);
  const wrong = asked.filter(({ path }) =>
    /^src\/(cli|training|view|page|sandbox\/(?!mod|host\/open_sandboxed))/.test(path)
  );
  assertEquals(wrong, []);
});

Deno.test("what is loaded later is there: saving, opening and the sandbox, over HTTP", async () => {
  await served(async (origin) => {
    const program = `import { inspect, load, openSandboxed, record } from "${origin}/mod.ts";
const step = (x) => x + 1;
const source = "export const init = 0; export const step = (x) => x + 1;";
const bytes = await record(step, { init: 0, steps: 100, seed: 1, source }).toBytes();
await using run = await openSandboxed(bytes);
console.log((await load(bytes, { step })).get(7), (await inspect(bytes)).steps, await run.get(-1));`;
    const { stdout } = await denoRun(origin, [
      "--allow-run",
      `data:application/typescript,${encodeURIComponent(program)}`,
    ]);
    assertEquals(stdout, "7 100 99\n");
  });
});

Deno.test("running the library's module is the command, over HTTP too", async () => {
  const asked = await served(async (origin) => {
    const { stdout } = await denoRun(origin, [
      "--allow-env",
      `${origin}/mod.ts`,
      "verify",
      "--help",
    ]);
    assertMatch(stdout, /^rewind verify: /);
  });
  assert(asked.some(({ path }) => path === "src/cli/verify.ts"));
  assert(!asked.some(({ path }) => /^src\/training\//.test(path)));
});
