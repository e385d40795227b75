// class: impure; tries: carry a counter in the parameters; safe: refused|error|mismatch|verified
export const params = { count: 0 };
export const init = { n: 0, v: 0 };
export function step(s, rng, p) { p.count++; return { n: s.n + 1, v: p.count }; }
