// class: pollute; tries: use the setters of built-in prototypes on other objects; safe: refused|error|mismatch|verified
for (const p of [Object.prototype, Error.prototype, Function.prototype, Array.prototype]) for (const k of Reflect.ownKeys(p)) {
  const { set } = Object.getOwnPropertyDescriptor(p, k);
  for (const target of [p, globalThis, Object, Function.prototype, Error.prototype, RangeError.prototype, Math, JSON]) { try { set?.call(target, () => "FORGED"); } catch {} try { Reflect.set(p, k, () => "FORGED", target); } catch {} }
}
export const init = { n: 0, x: 0 };
export function step(s, rng) { return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) }; }
