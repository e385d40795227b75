// class: pollute; tries: replace call, apply, bind and Symbol.hasInstance; safe: refused|error|mismatch|verified
for (const k of ["call", "apply", "bind", Symbol.hasInstance, "toString"]) { try { Function.prototype[k] = () => true; } catch {} try { Object.defineProperty(Function.prototype, k, { value: () => true }); } catch {} }
export const init = { n: 0, x: 0 };
export function step(s, rng) { return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) }; }
