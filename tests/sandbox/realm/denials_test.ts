import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { recordIn } from "../in_sandbox.ts";

/** A step module whose step evaluates an expression at t = 5, and one whose loading does. */
function inStep(expression: string): string {
  return `export const init = { t: 0, x: 0 };
    export const step = (s) => ({ t: s.t + 1, x: s.t + 1 === 5 ? (${expression}, 1) : 0 });`;
}
function whileLoading(expression: string): string {
  return `const x = (${expression}, 1); export const init = 0; export const step = (s) => s + x;`;
}
const swallowed = (code: string) => `(() => { try { ${code} } catch { return 0; } })()`;

/** What the run ends with, why, and what its author is told besides. */
async function outcome(source: string) {
  const notes: string[] = [];
  const { steps, failure } = await recordIn(source, { onNote: (note) => notes.push(note) });
  return { steps, error: failure?.error, notes };
}

/** What a step may do without noticing that it was denied, and what it is told. */
const DENIED: [code: string, told: string][] = [
  [swallowed("Math.random()"), "step called Math.random() at t=5 and went on: all randomness"],
  [swallowed("Date.now()"), "step called Date.now() at t=5 and went on: "],
  [swallowed("new Date()"), "step called new Date() at t=5 and went on: "],
  [swallowed("Function('return 1')"), "step called Function() at t=5 and went on: "],
  [swallowed("'a'.localeCompare('b')"), "step called localeCompare() at t=5 and went on: "],
  [swallowed("performance.now()"), "step looked for performance at t=5 and went on: "],
  ["typeof Intl", "step looked for Intl at t=5 and went on: results must not depend on the locale"],
  ["typeof globalThis.crypto", "step looked for crypto at t=5 and went on: all randomness"],
  ["'process' in globalThis", "step looked for process at t=5 and went on: "],
  ["globalThis['Deno']?.env", "step looked for Deno at t=5 and went on: "],
  ["Reflect.has(globalThis, 'WeakRef')", "step looked for WeakRef at t=5 and went on: "],
  ["typeof PerformanceObserver", "step looked for PerformanceObserver at t=5 and went on: "],
  ["Reflect.set(globalThis, 'GAIN', 3)", "step changed a built-in object (globalThis.GAIN) at t=5"],
  [
    "Reflect.defineProperty(Number.prototype, 'double', { value: 1 })",
    "step changed a built-in object (Reflect.defineProperty) at t=5 and went on: ",
  ],
  ["Reflect.deleteProperty(Array, 'of')", "step changed a built-in object (Reflect.deleteP"],
  [
    "Reflect.set(Math, 'PI2', 6)",
    "step changed a built-in object (Reflect.set) at t=5 and went on",
  ],
  [
    "Reflect.set(Object.getPrototypeOf(globalThis), 'A', 1, Math)",
    "step changed a built-in object",
  ],
  [
    "Reflect.set(Object.create(RegExp.prototype), 'exec', 1)",
    "step changed a built-in object (Reflect.set) at t=5 and went on",
  ],
  [
    swallowed("Object.defineProperty(Array.prototype, 'last', { value: 1 })"),
    "step changed a built-in object (Object.defineProperty) at t=5 and went on",
  ],
  [swallowed("Array.prototype.map = 1"), "step changed a built-in object (map) at t=5 and went on"],
  [swallowed("Math.sin = 1"), "step changed a built-in object (sin) at t=5 and went on"],
  ["RegExp.$1", "step used RegExp.$1 at t=5: what was matched last is carried"],
  [swallowed("RegExp['$&']"), "step used RegExp.$& at t=5 and went on: "],
  [
    swallowed("Math.random()") + ", (() => { throw new Error('own'); })()",
    "step called Math.random",
  ],
];

Deno.test("a step that goes on after a denial ends the run there, and is told what it did", async () => {
  const wrong: unknown[] = [];
  const queue = [...DENIED];
  const worker = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [code, told] = next;
      const { steps, error, notes } = await outcome(inStep(code));
      if (steps !== 5 || notes.length > 0 || !error?.startsWith(told)) {
        wrong.push([code, steps, error]);
      }
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  assertEquals(wrong, []);
});

Deno.test("what a program outside would not find either is no denial", async () => {
  const names = ["window", "document", "module", "require", "exports", "myOwnName", "GAIN"];
  const code = [
    ...names.flatMap((name) => [`typeof ${name}`, `globalThis.${name}`, `"${name}" in globalThis`]),
    "Reflect.set(Object.freeze({ a: 1 }), 'a', 2)",
    "Reflect.deleteProperty(Object.freeze({ a: 1 }), 'a')",
    "Object.create(globalThis).GAIN = 3",
    swallowed("Object.defineProperty(Object.freeze({}), 'a', { value: 1 })"),
  ].join(", ");
  assertEquals(await outcome(inStep(code)), { steps: 20, error: undefined, notes: [] });
});

Deno.test("a module that only looks around while it loads records, and its author is told", async () => {
  const { steps, notes } = await outcome(whileLoading(
    `typeof process, typeof Intl, typeof process, typeof window, ${swallowed("Function('1')")}`,
  ));
  assertEquals(steps, 20);
  assertEquals(notes.map((note) => note.split(" while loading and went on: ")[0]), [
    "step module looked for process",
    "step module looked for Intl",
    "step module called Function()",
  ]);
});

Deno.test("a module that swallows time, chance or a change of built-ins while it loads is refused", async () => {
  for (
    const [code, told] of [
      [swallowed("Math.random()"), "step module called Math.random() while loading and went on"],
      [swallowed("new Date()"), "step module called new Date() while loading and went on"],
      [
        "Reflect.set(globalThis, 'GAIN', 3)",
        "changed a built-in object (globalThis.GAIN) while loading",
      ],
      ["globalThis.GAIN = 3", "changed a built-in object (globalThis.GAIN) while loading: "],
    ] as const
  ) {
    await assertRejects(() => recordIn(whileLoading(code)), Error, told);
  }
});

Deno.test("init, observables, predicates and codecs that go on after a denial are named", async () => {
  const denied = swallowed("Math.random()");
  const error = await assertRejects(() =>
    recordIn(`export const init = () => (${denied}, 0); export const step = (s) => s;`)
  ) as Error;
  assertMatch(error.message, /^init called Math\.random\(\) at t=0 and went on: /);
  const counting = "export const init = 0; export const step = (s) => s + 1;";
  for (
    const [source, options, told] of [
      [
        `export const observe = { mean: (s) => (typeof Intl, s) };`,
        {},
        /observe\.mean looked for Intl/,
      ],
      ["", { until: `(s) => s === 5 && ${denied}` }, /expression called Math\.random\(\) at t=5/],
      [
        `export const codec = { encode: (s) => (${denied}, s), decode: (s) => s };`,
        {},
        /codec\.encode called Math\.random\(\)/,
      ],
    ] as const
  ) {
    const failed = await assertRejects(() => recordIn(counting + source, options)) as Error;
    assertMatch(failed.message, told);
  }
});
