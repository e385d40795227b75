import { assertEquals, assertMatch } from "@std/assert";
import { lastState, ModuleFolder } from "./support.ts";

/** A step module that imports something as `data`. */
const importing = (specifier: string, type?: string): string =>
  `import data from "${specifier}"${type === undefined ? "" : ` with { type: "${type}" }`};\n` +
  "export const init = 0;\nexport const step = () => data;\n";

Deno.test("data files are read in the module's folder and in packages, and nowhere else unless allowed", async () => {
  await using outside = new ModuleFolder({
    "secret.json": '{"token":"s3cret"}',
    "secret.txt": "s3cret",
    "secret.ts": "export const token = 's3cret';",
  });
  const { path } = outside;
  await using folder = new ModuleFolder({
    "own.ts": importing("./data/own.json", "json"),
    "data/own.json": '{"own":1}',
    "package.ts": importing("boxed"),
    "package.json": '{"dependencies":{"boxed":"1.0.0"}}',
    "node_modules/boxed/package.json": '{"name":"boxed","version":"1.0.0","main":"./index.js"}',
    "node_modules/boxed/index.js": 'module.exports = require("./lib/data.json");\n',
    "node_modules/boxed/lib/data.json": '{"boxed":1}',
    "json.ts": importing(`${path}/secret.json`, "json"),
    "text.ts": importing(`${path}/secret.txt`, "text"),
    "code.ts": importing(`${path}/secret.ts`, "text"),
    "late.ts":
      `const { default: data } = await import("${path}/secret.json", { with: { type: "json" } });\nexport const init = 0;\nexport const step = () => data;\n`,
    "deep.ts":
      'import { data } from "./lib/deep.ts";\nexport const init = 0;\nexport const step = () => data;\n',
    "lib/deep.ts":
      `import data from "${path}/secret.json" with { type: "json" };\nexport { data };\n`,
    "linked.ts": importing("./data/linked.json", "json"),
    "stealing.ts": importing("thief"),
    "node_modules/thief/package.json": '{"name":"thief","version":"1.0.0","main":"./index.js"}',
    "node_modules/thief/index.js": `module.exports = require("${path}/secret.json");\n`,
  });
  await Deno.symlink(`${path}/secret.json`, `${folder.path}/data/linked.json`);
  assertEquals(await lastState((await folder.read("own.ts")).source), { own: 1 });
  assertEquals(await lastState((await folder.read("package.ts")).source), { boxed: 1 });
  for (const name of ["json", "text", "code", "late", "deep", "linked", "stealing"]) {
    const refusal = await folder.refusal(`${name}.ts`);
    assertMatch(
      refusal,
      /imports the data file .*, which lies outside of its folder; pass --allow-data=/,
      name,
    );
    assertEquals(refusal.includes("s3cret"), false);
    const allowed = await folder.read(`${name}.ts`, { allowData: [path] });
    assertEquals(JSON.stringify(await lastState(allowed.source)).includes("s3cret"), true, name);
  }
});

/** A server of modules and packages that counts requests. */
function canary(): { url: string; requests: string[]; server: Deno.HttpServer } {
  const requests: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    requests.push(new URL(request.url).pathname);
    return new Response("export default 5;\n", { headers: { "content-type": "text/javascript" } });
  });
  const { port } = server.addr as Deno.NetAddr;
  return { url: `http://127.0.0.1:${port}`, requests, server };
}

Deno.test("the network is asked for nothing unless allowed: remote modules, packages", async () => {
  const { url, requests, server } = canary();
  try {
    await using folder = new ModuleFolder({
      "deno.json": "{}",
      ".npmrc": `registry=${url}/\n`,
      "remote.ts": importing(`${url}/x.js`),
      "npm.ts": importing("npm:rewind-canary-package"),
      "jsr.ts": importing("jsr:@rewind-canary/package"),
      "late.ts":
        `const f = () => import("${url}/late.js");\nexport const init = 0;\nexport const step = () => f.length;\n`,
    });
    for (const name of ["remote", "npm", "jsr", "late"]) {
      assertMatch(
        await folder.refusal(`${name}.ts`),
        /rewind downloads nothing by itself: .*--allow-net$/,
        name,
      );
    }
    assertEquals(requests, []);
    await folder.refusal("npm.ts", { allowNet: true });
    assertEquals(requests, ["/rewind-canary-package"]);
  } finally {
    await server.shutdown();
  }
});

Deno.test("bundling leaves no files behind", async () => {
  await using folder = new ModuleFolder({
    "deno.json": '{"imports":{"lib/":"./lib/"}}',
    "main.ts":
      'import { one } from "lib/one.ts";\nexport const init = 0;\nexport const step = (x: number) => x + one;\n',
    "lib/one.ts": "export const one = 1;\n",
  });
  assertEquals(await lastState((await folder.read("main.ts")).source), 9);
  assertEquals(Array.from(Deno.readDirSync(folder.path), ({ name }) => name).sort(), [
    "deno.json",
    "lib",
    "main.ts",
  ]);
});
