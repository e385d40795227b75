import { assertEquals, assertMatch } from "@std/assert";
import { messageFor } from "./in_sandbox.ts";

/** A step that works until t = 17, where it does something that it must not. */
function at17(expression: string): string {
  return `export const init = { n: 0, x: 0 };
    export function step(s, rng) {
      const bad = s.n === 16 ? ${expression} : 0;
      return { n: s.n + 1, x: s.x + rng.random(), ...(bad === undefined ? {} : {}) };
    }`;
}

/** Mistake, source, and all of the message that its author gets. */
const MISTAKES: [mistake: string, source: string, message: string | RegExp][] = [
  [
    "Date.now in a step",
    at17("Date.now()"),
    "step called Date.now() at t=17: all randomness must come from rng, and time from the state or params",
  ],
  [
    "new Date() in a step",
    at17("new Date()"),
    "step called new Date() at t=17: all randomness must come from rng, and time from the state or params",
  ],
  [
    "Math.random in a step",
    at17("Math.random()"),
    "step called Math.random() at t=17: all randomness must come from rng",
  ],
  [
    "crypto in a step",
    at17("crypto.getRandomValues(new Uint8Array(1))"),
    "step used crypto (crypto.getRandomValues() or the like) at t=17: all randomness must come from rng",
  ],
  [
    "performance.now in a step",
    at17("performance.now()"),
    /^step used performance \(performance\.now\(\) or the like\) at t=17: /,
  ],
  ["a timer in a step", at17("setTimeout(() => {}, 1)"), /^step called setTimeout\(\) at t=17: /],
  ["Intl in a step", at17("new Intl.NumberFormat()"), /^step used Intl at t=17: .*locale/],
  [
    "localeCompare in a step",
    at17("'a'.localeCompare('b')"),
    /^step called localeCompare\(\) at t=17: /,
  ],
  ["eval in a step", at17("eval('1')"), /^step called eval\(\) at t=17: .*write it as a function/],
  [
    "globalThis.fetch in a step",
    at17("globalThis.fetch('x')"),
    /^step called fetch\(\) at t=17: a step does no I\/O: pass what it needs in params/,
  ],
  [
    "reading a file in a step",
    at17("Deno.readTextFileSync('x')"),
    /^step used Deno at t=17: .*no I\/O/,
  ],
  ["process.env in a step", at17("process.env.HOME"), /^step used process at t=17: .*no I\/O/],
  [
    "Math.random in init",
    "export const init = () => Math.random(); export const step = (s) => s;",
    "init called Math.random() at t=0: all randomness must come from rng, the second argument of init",
  ],
  [
    "fetch at top level",
    "const data = await fetch('https://example.com'); export const init = 0; export const step = (s) => s;",
    "Cannot load the step module: step module called fetch() while loading: a step does no I/O: pass " +
    "what it needs in params or in the initial state",
  ],
  [
    "Date.now in an observable",
    "export const init = 0; export const step = (s) => s + 1; export const observe = { mean: (s) => s < 5 ? s : Date.now() };",
    /observe\.mean called Date\.now\(\) at t=5: /,
  ],
  [
    "an import that was not bundled",
    "import { sin } from 'npm:fancy-math';\nexport const init = 0; export const step = (s) => s;",
    /^Cannot run the step module: it has the word `import` at line 1, column 1; .*bundle/,
  ],
  [
    "a class instance in the state",
    "class P {} export const init = { p: 0 }; export const step = (s) => ({ p: new P() });",
    /^state\.p is .*codec.* \(at t=1\)$/,
  ],
  [
    "a Promise as the state",
    "export const init = 0; export const step = async (s) => s + 1;",
    /^state is a Promise: a step must be synchronous.* \(at t=1\)$/,
  ],
  [
    "no step",
    "export const init = 0;",
    "Cannot load the step module: the step module does not export a function `step(state, rng, params, t, input)`",
  ],
  [
    "CommonJS",
    "module.exports = { init: 0, step: (s) => s };",
    /used module while loading: in an ES module write `export`/,
  ],
  [
    "a Promise as the first state",
    "export const init = async () => 0; export const step = (s) => s + 1;",
    /^state is a Promise: a step must be synchronous, and so must init.* \(at t=0\)$/,
  ],
  [
    "a function among the parameters",
    "export const params = { rates: { f: (x) => x } }; export const init = 0; export const step = (s) => s;",
    "params.rates.f is a function, which is not data; parameters are data (while loading)",
  ],
  [
    "observables that are methods",
    "export const observe = new (class { x(s) { return s; } })(); export const init = 0; export const step = (s) => s;",
    /`observe` is not an object of functions of the state$/,
  ],
  [
    "no init",
    "export const step = (s) => s;",
    /does not export `init`: a state, or a function \(params, rng\) that makes it$/,
  ],
  [
    "a syntax error",
    "export const init = 0;\nexport const step = (s) => {;",
    "Cannot load the step module: SyntaxError: Unexpected end of input",
  ],
  [
    "a counter outside of the step",
    "let calls = 0; export const init = 0; export const step = () => ++calls;",
    /^Cannot certify the run: (?:a replay of )?block \d+ leads to another state \d+[^;]*; [^;]*variables outside the step$/,
  ],
  [
    "an error of the author's own",
    "class Full extends Error {} export const init = 0; export const step = (s) => { if (s === 2) { const e = new Full('tank\\nfull'); e.name = 'Full'; throw e; } return s + 1; };",
    // As in this process: what a run holds does not depend on where it was recorded.
    "Full: tank\nfull",
  ],
];

Deno.test("each mistake gives its author one message: the name, when, and what to do", async () => {
  const wrong: unknown[] = [];
  const queue = [...MISTAKES];
  const worker = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const [mistake, source, expected] = next;
      const told = await messageFor(source);
      // What some end with: the way for a library, and the author's place.
      const message = told.replace(/ \(at [^()]+:\d+:\d+[^()]*(?:\(\))?\)$/, "")
        .replace(/; for a library that does so record with --shim \w+$/, "");
      const isRight = typeof expected === "string" ? message === expected : expected.test(message);
      const isOneLine = !message.includes("\n") || message === expected;
      if (!isRight || !isOneLine) wrong.push([mistake, message]);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  assertEquals(wrong, []);
});

Deno.test("an endless loop is told with the t at which it hangs", async () => {
  const [step, loading] = await Promise.all([
    messageFor(at17("(() => { while (true); })()"), { timeoutMs: 1000 }),
    messageFor("while (true); export const init = 0; export const step = (s) => s;", {
      timeoutMs: 200,
    }),
  ]);
  assertMatch(
    step,
    /exceeded the limit for time at t=17 and was killed; raise the limit .* if it does not loop for ever/,
  );
  assertMatch(loading, /exceeded the limit for time while loading and was killed/);
});
