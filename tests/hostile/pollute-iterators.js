// class: pollute; tries: replace iteration: Symbol.iterator, next and forEach of arrays, maps and sets; safe: refused|error|mismatch|verified
const fake = function* () { yield ["FORGED", 1]; };
for (const o of [Array, Map, Set, String, Uint8Array, Object.getPrototypeOf(Uint8Array)]) for (const k of [Symbol.iterator, "entries", "values", "keys", "forEach"]) { try { o.prototype[k] = fake; } catch {} try { Object.defineProperty(o.prototype, k, { value: fake }); } catch {} }
for (const i of [[].values(), new Map().keys(), new Set().keys(), "".matchAll(/x/g)]) { try { Object.getPrototypeOf(i).next = () => ({ done: true }); } catch {} }
export const init = { n: 0, x: 0 };
export function step(s, rng) { return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) }; }
