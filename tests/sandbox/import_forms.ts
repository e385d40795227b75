/**
 * Every form of loading a module, as expressions for a child whose parent checks no text: layer 3 has to
 * stop them alone.
 *
 * @module
 */

/** What the child says of a form that it stopped. */
export const BLOCKED: readonly string[] = [
  "TypeError: the sandbox loads no other modules",
  "TypeError: A dynamic import callback was not specified.",
];

/** Thrown by a form once what it asked for is loaded. */
const LOADED = '(() => { throw new Error("LOADED"); })()';

const SPECIFIERS: readonly string[] = [
  ...["node:fs", "node:vm", "node:module", "node:process", "fs", "npm:left-pad", "jsr:@std/assert"],
  ...[
    "@std/assert",
    "https://deno.land/x/a.ts",
    "http://127.0.0.1:9/a.js",
    "./deno.json",
    "../cli.ts",
  ],
  ...[
    "data:text/javascript,export default 1",
    "blob:null/1",
    "ext:core/mod.js",
    "ext:deno_node/vm.js",
  ],
  ...[
    "rewind:step",
    "rewind:harness",
    "rewind:numpy",
    "rewind:shared",
    "rewind:jobs",
    "internal:deno",
    "about:blank",
    "wasm:a",
    "#a",
    "",
  ],
];

const ATTRIBUTES: readonly string[] = ["json", "text", "bytes", "css", "webassembly", "javascript"];

/** Places in which `import()` can stand or be called from; each gives a promise. */
const PLACES: readonly string[] = [
  "(async () => LOAD)()",
  "(async (loaded = LOAD) => await loaded)()",
  "(function* () { yield LOAD; })().next().value",
  "(async function* () { yield LOAD; })().next()",
  "(async function* () { yield* [LOAD]; })().next()",
  "(() => { let loaded; class A { static { loaded = LOAD; } } return loaded; })()",
  "(() => { class A { #loaded = LOAD; get loaded() { return this.#loaded; } } return new A().loaded; })()",
  "(() => { let loaded; class A { [(loaded = LOAD, 'a')]() {} } return loaded; })()",
  "(() => { let loaded; class A extends (loaded = LOAD, Object) {} return loaded; })()",
  "(() => { let loaded; a: { loaded = LOAD; break a; } return loaded; })()",
  "(() => { try { throw 1; } catch ({ loaded = LOAD }) { return loaded; } finally { LOAD.catch(() => 1); } })()",
  "({ get loaded() { return LOAD; } }).loaded",
  "new Proxy({}, { get: () => LOAD }).loaded",
  "({ then(resolve) { resolve(LOAD); } })",
  "Promise.resolve().then(() => LOAD)",
  "[...[LOAD]][0]",
  "[0].values().map(() => LOAD).next().value",
  "Array.fromAsync([LOAD])",
  "(() => { let loaded; `${(loaded = LOAD, 1)}`; return loaded; })()",
  "((strings) => import(strings[0]))`node:fs`",
  "(() => { let loaded; [2, 1].sort(() => (loaded ??= LOAD, 0)); return loaded; })()",
  "(() => { let loaded; JSON.stringify({ toJSON() { loaded = LOAD; } }); return loaded; })()",
  "(() => { let loaded; +{ valueOf() { loaded = LOAD; return 1; } }; return loaded; })()",
  "(() => { let loaded; { using a = { [Symbol.dispose]() { loaded = LOAD; } }; } return loaded; })()",
  "(async () => { await using a = { async [Symbol.asyncDispose]() { await LOAD; } }; })()",
  "Reflect.construct(function () { this.loaded = LOAD; }, []).loaded",
  "import({ toString: () => 'node:fs' })",
  "import('node:fs', new Proxy({}, {}))",
  // Late, when the module's own object in the runtime may have been collected.
  "(async () => { for (let i = 0; i < 20; i++) { Array.from({ length: 1e5 }, () => ({})); await null; } return LOAD; })()",
];

/** A text that is a module of its own once the harness has put it into brackets. */
function statement(text: string): string {
  return `() => 1);\n${text};\n${LOADED};\n(0`;
}

/** At the top of that module: an expression itself stands in a function, where `await` is none. */
function awaited(text: string): string {
  return statement(`await ${text}`);
}

/** All forms, as texts of expressions. */
export function importForms(): string[] {
  return [
    ...SPECIFIERS.map((specifier) => JSON.stringify(specifier)).flatMap((specifier) => [
      statement(`import * as all from ${specifier}`),
      statement(`import ${specifier}`),
      statement(`export * from ${specifier}`),
      statement(`export { a as "b c" } from ${specifier}`),
      statement(`import defer * as all from ${specifier}`),
      statement(`import source code from ${specifier}`),
      awaited(`import(${specifier})`),
      awaited(`import.defer(${specifier})`),
      awaited(`import.source(${specifier})`),
    ]),
    ...ATTRIBUTES.flatMap((type) => [
      statement(`import file from "./deno.json" with { type: "${type}" }`),
      statement(`export { default as a } from "./deno.json" with { type: "${type}" }`),
      awaited(`import("./deno.json", { with: { type: "${type}" } })`),
    ]),
    ...PLACES.map((place) => awaited(place.replaceAll("LOAD", 'import("node:fs")'))),
  ];
}

/** What `import.meta` has, as the text of an error. */
export const META_PROBE =
  "(() => { throw new Error([typeof import.meta.url, typeof import.meta.resolve, " +
  "Object.getPrototypeOf(import.meta), Reflect.ownKeys(import.meta).length].join()); })()";
