import { assertEquals } from "@std/assert";
import { decodeState } from "../../../src/codec/decode_state.ts";
import { CONSOLE_LINE_UNITS_MAX, CONSOLE_LINES_MAX } from "../../../src/sandbox/wire/limits.ts";
import { SandboxedRun } from "../../../src/sandbox/host/sandboxed_run.ts";
import { recordIn } from "../in_sandbox.ts";

/** Records 20 states of a module and opens them. */
async function recorded(source: string, steps = 20) {
  const notes: string[] = [];
  const record = await recordIn(source, {
    steps,
    blockSize: 5,
    onNote: (note) => notes.push(note),
  });
  return { run: new SandboxedRun(record, { source }), notes };
}

const texts = (log: { lines: readonly { text: string }[] }) => log.lines.map(({ text }) => text);

Deno.test("console in a step is silent while recording, with one note, and read with its t", async () => {
  const { run, notes } = await recorded(`console.info("loaded");
    export const init = { n: 0 };
    export const step = (s) => { const n = s.n + 1; console.log("n is", n, s); if (n % 7 === 0) console.warn("seven"); return { n }; };`);
  await using opened = run;
  assertEquals(notes, [
    "the step wrote to console, which recording keeps silent: read it with 'rewind get FILE T --log'",
  ]);
  assertEquals((await opened.log({ from: 6, to: 9 })).lines, [
    { t: 6, level: "log", text: "n is 6 {n: 5}" },
    { t: 7, level: "log", text: "n is 7 {n: 6}" },
    { t: 7, level: "warn", text: "seven" },
    { t: 8, level: "log", text: "n is 8 {n: 7}" },
  ]);
  const all = await opened.log();
  assertEquals(all.lines.length, 22);
  assertEquals(all.lines[0], { t: -1, level: "info", text: "loaded" });
  assertEquals(texts(await opened.log({ from: -1 })), ["n is 19 {n: 18}"]);
  assertEquals(await opened.log({ from: 0, to: 1 }), {
    lines: [{ t: -1, level: "info", text: "loaded" }],
    isCut: false,
    error: undefined,
  });
});

Deno.test("console reads data only: no getter, method or trap runs, whether anybody listens or not", async () => {
  const { run } = await recorded(
    `
    export const init = { n: 0, calls: 0 };
    export function step(s) {
      let calls = 0;
      const count = () => (calls++, "called");
      const values = [
        { get x() { return count(); }, y: 1 },
        { toString: count, valueOf: count, toJSON: count, [Symbol.toPrimitive]: count },
        new Proxy({ a: 1 }, new Proxy({}, { get: count })), Proxy.revocable(() => 1, { get: count, ownKeys: count }).proxy,
        new (class Odd extends Map { get size() { return count(); } entries() { return count(); } })([[1, 2]]),
        Object.assign(new Date(0), { toISOString: count, getTime: count }),
        Object.defineProperty(new RangeError("m"), "message", { get: count }),
        Object.defineProperty([1, 2], 1, { get: count }), { __proto__: { get constructor() { return count(); } }, z: 2 },
        Object.defineProperty(class { }, "name", { get: count }), Symbol("s"), -0, 5n, null, undefined,
        Object.defineProperty(new Error("m"), "name", { get: Math.random }), { [Symbol.toStringTag]: "T", get [Symbol.iterator]() { return count(); } },
      ];
      for (const value of values) console.log(value);
      console.error("%s and %d, %o%%", values[0], 7, values[2], values[1]);
      console.table(values); console.dir(...values); console.assert(false, ...values);
      console.count(values[1]); console.time(values[1]); console.group(values[1]); console.groupEnd();
      return { n: s.n + 1, calls: s.calls + calls };
    }`,
    3,
  );
  await using opened = run;
  assertEquals(await opened.get(2), { n: 2, calls: 0 });
  const { lines, error } = await opened.log({ from: 2 });
  assertEquals(error, undefined);
  assertEquals(lines.slice(0, 18).map(({ text }) => text), [
    "{x: [getter], y: 1}",
    "{toString: [Function count], valueOf: [Function count], toJSON: [Function count]}",
    "[Proxy]",
    "[Proxy]",
    "Odd(1) {1 => 2}",
    "1970-01-01T00:00:00.000Z",
    "RangeError",
    "[1, [getter]]",
    "{z: 2}",
    "[Function ]",
    "Symbol(s)",
    "-0",
    "5n",
    "null",
    "undefined",
    "Error: m",
    "{}",
    "{x: [getter], y: 1} and 7, [Proxy]% {toString: [Function count], valueOf: [Function count], toJSON: [Function count]}",
  ]);
  // Listening changed nothing.
  assertEquals(await opened.get(2), { n: 2, calls: 0 });
});

Deno.test("console is bounded in lines and in their length, and escaped", async () => {
  const source = `
    export const init = 0;
    const wide = Array.from({ length: 1e4 }, (_, i) => ({ i, text: "x".repeat(500) }));
    const deep = {}; deep.a = { b: { c: { d: { e: 1 } } } }; deep.self = deep;
    export const step = (x) => {
      console.log(wide); console.log("y".repeat(1e6)); console.log(deep); console.log("a\\nb\\x1b[31mc\\u202ed");
      for (let i = 0; i < 2000; i++) console.debug(i);
      return x + 1;
    };`;
  const { run } = await recorded(source, 6);
  await using opened = run;
  const { lines, isCut } = await opened.log({ from: 3, to: 5 });
  assertEquals([lines.length, isCut, lines.at(-1)!.t], [CONSOLE_LINES_MAX, true, 3]);
  for (const { text } of lines) {
    assertEquals(text.length <= CONSOLE_LINE_UNITS_MAX + "...".length, true, text);
  }
  assertEquals(lines[2]!.text, "{a: {b: {c: {d: {...}}}}, self: [circular]}");
  assertEquals(lines[3]!.text, "a\\nb\\x1b[31mc\\u202ed");
});

Deno.test("a console is the same for all, cannot be changed, and gives nothing away", async () => {
  const { run } = await recorded(`
    export const init = { s: "" };
    export const step = () => ({ s: [
      Object.keys(console).length, Object.isFrozen(console), typeof console.log.prototype, console.log(1), console.log.name,
      Object.getPrototypeOf(console) === Object.prototype, console.time("a"), console.timeEnd("a"), console.count(), typeof console.memory,
    ].join() });`);
  await using opened = run;
  assertEquals(await opened.get(1), {
    s: "22,true,undefined,,log,true,,,,undefined",
  });
  const changed = await recordIn(
    "export const init = 0; export const step = (x) => { try { console.log = () => 1; } catch {} return x; };",
  );
  assertEquals(changed.failure?.error.startsWith("step changed a built-in object (log)"), true);
});

Deno.test("log() gives what was written before a step threw, also by the step that ended the run", async () => {
  const source = `export const init = 0; export const step = (x) => { console.log("at", x + 1);
    if (x === 3) { console.assert(x < 3, "now %d", x); throw new Error("full"); } return x + 1; };`;
  const record = await recordIn(source);
  assertEquals([record.steps, record.failure?.t], [4, 4]);
  await using run = new SandboxedRun(record, { source });
  const { lines, error } = await run.log({ from: 3 });
  assertEquals(lines.map(({ t, text }) => [t, text]), [[3, "at 3"], [4, "at 4"], [
    4,
    "Assertion failed: now 3",
  ]]);
  assertEquals(error?.message.includes("full"), true);
  assertEquals(decodeState(record.lastState!), 3);
});
