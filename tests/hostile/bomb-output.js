// class: bomb; tries: return 40 MB more at every step; safe: refused|error|killed|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s) { return { n: s.n + 1, v: new Float64Array(5e6 * (s.n + 1)).fill(1) }; }
