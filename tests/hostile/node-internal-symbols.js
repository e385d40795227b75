// class: node; tries: reach runtime internals through well-known registered symbols and prototypes; safe: refused|error
const found = [];
for (const name of ["Deno.internal", "Deno.customInspect", "nodejs.util.inspect.custom", "nodejs.util.promisify.custom", "Deno.core"]) {
  for (const o of [globalThis, Object.prototype, Function.prototype, Array.prototype, Error.prototype, Promise.prototype, Error, Promise, Symbol]) if (Symbol.for(name) in o) found.push(name);
}
for (const k of ["binding", "mainModule", "core", "internals", "bootstrap", "__bootstrap", "primordials"]) if (k in globalThis) found.push(k);
if (!found.length) throw new Error("nothing found");
export const init = { n: 0, pwned: found.join() };
export function step(s) { return s; }
