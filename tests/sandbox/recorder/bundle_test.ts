import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { lastState, mapOf, ModuleFolder, recorded } from "./support.ts";

/** Two modules with the same names in them, and what can be seen of names. */
const TWINS = {
  "lib/a.ts":
    "export function move(x: number) { return x + 1; }\nexport class Agent { z = 1; }\nexport const zeta = 1, alpha = 2;\n",
  "lib/b.ts":
    "export function move(x: number) { return x - 1; }\nexport class Agent { z = 2; static made = new Agent().constructor.name; }\nexport default class {}\nexport const arrows = { f: () => 1, g() {}, h: function () {}, i: class {}, j: class J {} };\n",
};

Deno.test("bundling keeps the names of functions and classes, and what namespaces are", async () => {
  await using folder = new ModuleFolder({
    ...TWINS,
    "main.ts": `import * as A from "./lib/a.ts";
import * as B from "./lib/b.ts";
import Default from "./lib/b.ts";
export const init = 0;
const local = () => { function move() {} const Agent = class {}; return [move.name, Agent.name]; };
const found = {
  functions: [A.move.name, B.move.name], classes: [A.Agent.name, B.Agent.name, Default.name, B.Agent.made],
  arrows: Object.values(B.arrows).map((f: any) => f.name), local: local(),
  keys: Object.keys(A).join(), tag: String((A as any)[Symbol.toStringTag]), prototype: Object.getPrototypeOf(A),
  closed: !Object.isExtensible(A), rules: Object.keys({ [A.move.name]: 1, [B.move.name]: 2 }).length,
};
export const step = () => found;
`,
  });
  const { source } = await folder.read("main.ts");
  assertEquals(await lastState(source), {
    functions: ["move", "move"],
    classes: ["Agent", "Agent", "default", "Agent"],
    arrows: ["f", "g", "h", "i", "J"],
    local: ["move", "Agent"],
    keys: "Agent,alpha,move,zeta",
    tag: "Module",
    prototype: null,
    closed: true,
    rules: 1,
  });
  // Functions that have their name anyway are not named at each call.
  assertEquals(source.match(/__name\(/g)?.length, 5, source);
});

Deno.test("bundling keeps the dead zone of circular imports, and what a module catches of it", async () => {
  await using folder = new ModuleFolder({
    "dead.ts":
      'import { gain } from "./e1.ts";\nexport const init = 0;\nexport const step = (x: number) => x + gain;\n',
    "e1.ts":
      'import { twice } from "./e2.ts";\nexport const base = 5;\nexport const gain = twice + 1;\n',
    "e2.ts": 'import { base } from "./e1.ts";\nexport const twice = 2 * base;\n',
    "caught.ts":
      'import { gain } from "./c1.ts";\nexport const init = 0;\nexport const step = (x: number) => x + gain;\n',
    "c1.ts":
      'import { c2, seen } from "./c2.ts";\nexport class K {}\nexport const gain = seen === "dead" ? c2() : 100;\n',
    "c2.ts":
      'import { K } from "./c1.ts";\nexport let seen = "alive";\ntry { new K(); } catch { seen = "dead"; }\nexport const c2 = () => 1;\n',
    "early.ts":
      'import { seen } from "./d1.ts";\nexport const init = 0;\nexport const step = () => seen;\n',
    "d1.ts":
      'import { look } from "./d2.ts";\nexport let later: number;\nexport default 3 + 0;\nlater = 1;\nexport const seen = look;\n',
    "d2.ts":
      'import three, { later } from "./d1.ts";\nexport const look = [() => three, () => later].map((f) => { try { return f(); } catch { return "dead"; } });\n',
  });
  const dead = await folder.read("dead.ts");
  await assertRejects(
    () => recorded(dead.source),
    Error,
    "Cannot access 'base' before initialization",
  );
  assertEquals(await lastState((await folder.read("caught.ts")).source), 9);
  assertEquals(await lastState((await folder.read("early.ts")).source), ["dead", "dead"]);
});

Deno.test("bundling keeps what JSON holds, and TypeScript that leaves code behind", async () => {
  await using folder = new ModuleFolder({
    "data.json":
      '{"k": 2, "__proto__": {"y": 1}, "b": 1, "2": 3, "1": 4, "z": -0, "import": "from \\"x\\""}',
    "half.ts": "export enum Part { Half = 2 }\nexport namespace N { export const n = 3; }\n",
    "main.ts": `import data from "./data.json" with { type: "json" };
import { N, Part } from "./half.ts";
export const init = 0;
export const step = () => ({ data, keys: Object.keys(data).join(), half: Part.Half, name: Part[2], n: N.n });
`,
  });
  const { source } = await folder.read("main.ts");
  const { data, ...rest } = await lastState(source) as Record<string, Record<string, unknown>>;
  assertEquals(rest, { keys: "1,2,k,__proto__,b,z,import", half: 2, name: "Half", n: 3 });
  assertEquals([data!.z, data!.import], [-0, 'from "x"']);
});

const PACKAGES = {
  "package.json": '{"dependencies":{"duo":"1.0.0","paths":"2.0.0"}}',
  "node_modules/duo/package.json":
    '{"name":"duo","version":"1.0.0","type":"module","exports":{".":{"deno":"./deno.js","browser":"./browser.js","default":"./def.js"}}}',
  "node_modules/duo/deno.js": "export const gain = 1;\n",
  "node_modules/duo/browser.js": "export const gain = 1000;\n",
  "node_modules/duo/def.js": "export const gain = 3;\n",
  "node_modules/paths/package.json":
    '{"name":"paths","version":"2.0.0","main":"./main.js","browser":"./browser.js"}',
  "node_modules/paths/main.js": 'const { join } = require("node:path"); exports.join = join;\n',
  "node_modules/paths/browser.js": 'exports.join = (a, b) => a + "/" + b;\n',
  "node_modules/old/package.json": '{"name":"old","version":"3.1.4","main":"./index.js"}',
  "node_modules/old/index.js":
    'var root = typeof global == "object" && global || Function("return this")();\nmodule.exports = { same: root === globalThis, env: process.env.NODE_ENV, text: "from \\"here\\"" };\n',
};

Deno.test("of packages the builds for Deno are taken, as by deno run", async () => {
  await using folder = new ModuleFolder({
    ...PACKAGES,
    "main.ts":
      'import { gain } from "duo";\nexport const init = 0;\nexport const step = (x: number) => x + gain;\n',
  });
  const { source, notes, sourceMap } = await folder.read("main.ts");
  assertEquals([await lastState(source), notes], [9, []]);
  assertEquals(mapOf(sourceMap)?.sources, ["npm:duo@1.0.0/deno.js", "main.ts"]);
});

Deno.test("where those need modules of the runtime the builds for browsers are taken, and a note says so", async () => {
  await using folder = new ModuleFolder({
    ...PACKAGES,
    "main.ts":
      'import { gain } from "duo";\nimport { join } from "paths";\nexport const init = "";\nexport const step = () => join("a", `${gain}`);\n',
  });
  const { source, notes } = await folder.read("main.ts");
  assertEquals(await lastState(source), "a/1000");
  assertMatch(
    notes.join(),
    /^packages are taken in their builds for browsers \(npm:duo@1\.0\.0, npm:paths@2\.0\.0\), as .* requires "node:path"/,
  );
});

Deno.test("CommonJS packages are bundled: the global object, NODE_ENV, words in strings, no paths of this machine", async () => {
  await using folder = new ModuleFolder({
    ...PACKAGES,
    "main.ts": 'import old from "old";\nexport const init = 0;\nexport const step = () => old;\n',
  });
  const { source } = await folder.read("main.ts");
  assertEquals(await lastState(source), { same: true, env: "development", text: 'from "here"' });
  assert(source.includes('"npm:old@3.1.4/index.js"(exports, module)'), source);
  assertEquals(source.includes("node_modules"), false);
});

Deno.test("a package that registers something with the global object gets one of its own", async () => {
  await using folder = new ModuleFolder({
    "package.json": '{"dependencies":{"counts":"1.0.0"}}',
    "node_modules/counts/package.json":
      '{"name":"counts","version":"1.0.0","type":"module","main":"./index.js"}',
    "node_modules/counts/index.js": `var _a;
(_a = globalThis).__countsConfig ?? (_a.__countsConfig = { gain: 2 });
globalThis.__counts = (globalThis.__counts || 0) + 1;
const root = Function("return this")();
export const gain = globalThis.__countsConfig.gain + root.Math.abs(-root.__counts);
export const same = { globalThis }.globalThis === root && typeof globalThis.Map === "function";
`,
    "main.ts":
      'import { gain, same } from "counts";\nexport const init = 0;\nexport const step = (x: number) => x + (same ? gain : 0);\n',
    "own.ts":
      'import { gain } from "counts";\nglobalThis.mine = gain;\nexport const init = 0;\nexport const step = (x: number) => x;\n',
  });
  const { source, notes } = await folder.read("main.ts");
  assertEquals([await lastState(source), notes], [27, []]);
  const own = await folder.read("own.ts", { compare: false });
  await assertRejects(
    () => lastState(own.source),
    Error,
    "changed a built-in object (globalThis.mine)",
  );
});

Deno.test("a bundle is the same in every folder, and so is its map", async () => {
  const files = {
    ...TWINS,
    ...PACKAGES,
    "deep/main.ts":
      'import { move } from "../lib/a.ts";\nimport old from "old";\nexport const init = 0;\nexport const step = (x: number) => move(x) + (old.same ? 1 : 0);\n',
  };
  await using one = new ModuleFolder(files);
  await using other = new ModuleFolder(files);
  const [a, b] = await Promise.all([one, other].map((folder) => folder.read("deep/main.ts")));
  assertEquals(a, b);
  // What lies outside of the module's folder has its own name only.
  assertEquals(mapOf(a!.sourceMap)!.sources, ["npm:old@3.1.4/index.js", "a.ts", "main.ts"]);
  assertEquals(mapOf(a!.sourceMap)!.sourcesContent, undefined);
  assertEquals(JSON.stringify(a).includes("rewind-modules"), false);
});

Deno.test("--embed-sources puts the texts of the author's files into the map, and none of packages", async () => {
  await using folder = new ModuleFolder({
    ...PACKAGES,
    "main.ts":
      'import { gain } from "duo";\nexport const init = 0;\nexport const step = () => gain as number;\n',
    "plain.ts": "export const init = 0;\nexport const step = (x: number) => x;\n",
  });
  const bundled = await folder.read("main.ts", { embedSources: true });
  assertEquals(
    mapOf(bundled.sourceMap)!.sourcesContent?.map((text) => text?.includes("as number")),
    [
      undefined,
      true,
    ],
  );
  const plain = await folder.read("plain.ts", { embedSources: true });
  assertMatch(mapOf(plain.sourceMap)!.sourcesContent![0]!, /\(x: number\) => x/);
  assertEquals((await folder.read("plain.ts")).sourceMap, undefined);
});

Deno.test("what a module imports of the runtime is refused, with the place of each import", async () => {
  await using folder = new ModuleFolder({
    "main.ts":
      'import { f } from "./lib/io.ts";\nexport const init = 0;\nexport const step = () => f();\n',
    "lib/io.ts":
      '// reads\nimport { readFileSync } from "node:fs";\nexport const f = () => readFileSync("x").length;\n',
    "gone.ts":
      'import { f } from "./nowhere.ts";\nexport const init = 0;\nexport const step = () => f();\n',
  });
  assertMatch(
    await folder.refusal("main.ts"),
    /^Cannot load '\/main\.ts': lib\/io\.ts:2:1 imports "node:fs"; a step does no I\/O/,
  );
  assertMatch(
    await folder.refusal("gone.ts"),
    /^Cannot bundle .*nowhere\.ts[^]*; fix the imports of gone\.ts$/,
  );
});
