// class: impure; tries: carry a counter in a property of a built-in or of rng; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  for (const o of [Math, JSON, Object, Array.prototype, globalThis, Symbol, parseInt, rng, Object.getPrototypeOf(rng), rng.random]) { try { o.count = (o.count ?? 0) + 1; if (o.count) return { n: s.n + 1, v: o.count }; } catch {} }
  throw new Error("nothing worked");
}
