import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { compareLoaded } from "../../../src/sandbox/recorder/compare_loaded.ts";
import { createRng } from "../../../mod.ts";
import { ModuleFolder } from "./support.ts";

// deno-lint-ignore no-explicit-any -- step modules as strangers write them
type Any = any;

/** What is said of a module and its bundle; what it replaces for that is put back. */
async function compared(module: Any, bundle: Any): Promise<string | undefined> {
  const { random } = Math;
  const { now } = Date;
  const { now: timeNow } = performance;
  try {
    const load = async () => await module();
    return await compareLoaded({
      loadModule: [load, load, load],
      loadBundle: async () => await bundle(),
      createRng: (name, seed) => createRng(name as "python", seed),
    });
  } finally {
    Object.assign(Math, { random });
    Object.assign(Date, { now });
    Object.assign(performance, { now: timeNow });
  }
}

const still = (s: Any) => s;

Deno.test("a module and its bundle are one program where exports and first states are", async () => {
  const make = () => {
    class Agent {
      #id = Math.random();
      where = Date.now();
      next = new Map([[new Set([1n]), new Float64Array(2)]]);
      self = this;
      get id() {
        return this.#id;
      }
    }
    return {
      params: { at: new Date(0), like: /a/g, symbol: Symbol("s"), f: (a: Any) => a },
      init: (_: Any, rng: Any) => ({ agent: new Agent(), x: rng.random() }),
      step: (s: Any, rng: Any) => {
        s.x += rng.gauss(0, s.agent.id);
        if (s.x > 2) throw new Error(`${Math.random()}`);
        return s;
      },
      observe: { x: (s: Any) => s.x, class: (s: Any) => s.agent.constructor.name },
    };
  };
  assertEquals(await compared(make, make), undefined);
});

Deno.test("a module that differs from itself tells nothing of its bundle", async () => {
  const make = () => ({ init: 0, step: () => crypto.randomUUID() });
  assertEquals(await compared(make, make), undefined);
  assertStringIncludes(await compared(make, () => ({ ...make(), init: 1 })) ?? "", "init is 1");
});

const DIFFERENT: readonly (readonly [Any, Any, string])[] = [
  [
    { init: [1, 2], step: still },
    { init: [], step: still },
    "init.length is 0 in the bundle, and 2",
  ],
  [{ init: { a: 1, b: 2 } }, { init: { b: 2, a: 1 } }, "the order of keys of init is b,a"],
  [{ init: -0 }, { init: 0 }, "init is 0 in the bundle, and -0 in the module"],
  [
    { init: { rule: function move() {} } },
    { init: { rule: function move2() {} } },
    "init.rule.name",
  ],
  [{ init: { f: (a: Any) => a } }, { init: { f: () => 1 } }, "init.f.length is 0"],
  [{ init: new Map([["k", 1]]) }, { init: new Map([["k", 2]]) }, "[...init][0][1] is 2"],
  [{ init: new Uint8Array(2) }, { init: new Uint8Array(3) }, "init is 0,0,0"],
  [{ init: {}, step: still, params: { x: 1 } }, { init: {}, step: still }, "params is undefined"],
  [{ init: 0, step: (x: Any) => x + 1 }, { init: 0, step: (x: Any) => x + 2 }, "X_1 is 2"],
  [
    { init: 0, step: still, observe: { n: () => 1 } },
    { init: 0, step: still, observe: { n: () => "1" } },
    'observe.n at t=0 is "1"',
  ],
  [
    { init: 0, step: (x: Any) => x < 3 ? x + 1 : JSON.parse("{") },
    { init: 0, step: (x: Any) => x + 1 },
    "X_4 is 4 in the bundle, and an error (",
  ],
];

Deno.test("what differs between a module and its bundle is named", async () => {
  for (const [module, bundle, message] of DIFFERENT) {
    assertStringIncludes(await compared(() => module, () => bundle) ?? "nothing", message);
  }
  const dead = () => Promise.reject(new ReferenceError("Cannot access 'x' before initialization"));
  assertEquals(
    await compared(dead, () => ({})),
    "the module does not load (Cannot access 'x' before initialization), and the bundle does",
  );
});

Deno.test("what cannot be known of a module and its bundle is no difference", async () => {
  const absent = () =>
    Promise.reject(Object.assign(new TypeError("?"), { code: "ERR_MODULE_NOT_FOUND" }));
  const broken = () => Promise.reject(new Error("broken"));
  for (const [module, bundle] of [[absent, () => ({})], [broken, broken], [() => ({}), broken]]) {
    assertEquals(await compared(module, bundle), undefined);
  }
});

Deno.test("a module that bundling makes another program is refused, and one of which it does not is read", async () => {
  await using folder = new ModuleFolder({
    "package.json": '{"dependencies":{"two":"1.0.0"}}',
    "node_modules/two/package.json":
      '{"name":"two","version":"1.0.0","main":"./main.js","module":"./module.js"}',
    "node_modules/two/main.js": "exports.gain = 1;\n",
    "node_modules/two/module.js": "export const gain = 2;\n",
    "two.ts":
      'import { gain } from "two";\nexport const init = 0;\nexport const step = (x: number) => x + gain;\n',
    "log.ts": "export const log: string[] = [];\n",
    "late.ts": 'import { log } from "./log.ts";\nawait null;\nlog.push("late");\n',
    "soon.ts": 'import { log } from "./log.ts";\nlog.push("soon");\n',
    "order.ts":
      'import "./late.ts";\nimport "./soon.ts";\nimport { log } from "./log.ts";\nexport const init = 0;\nexport const step = () => log;\n',
    "good.ts":
      'import { log } from "./log.ts";\nimport type { PythonRandom } from "@rewind/cli";\nexport const init = 0;\nexport const step = (x: number, rng: PythonRandom) => x + rng.random() + log.length;\n',
  });
  assertMatch(
    await folder.refusal("two.ts", { compare: true }),
    /^Cannot load '\/two\.ts': bundled into one module it is another program: X_1 is 2 in the bundle, and 1 in the module/,
  );
  assertMatch(
    await folder.refusal("order.ts", { compare: true }),
    /X_1\[0\] is "late" in the bundle, and "soon" in the module; .*--no-guards/,
  );
  assertEquals((await folder.read("good.ts", { compare: true })).notes, []);
});
