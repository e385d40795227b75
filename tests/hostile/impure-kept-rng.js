// class: impure; tries: keep the rng of the first step and draw from it later, also outside of a step; safe: refused|error|mismatch|verified
let kept;
export const init = { n: 0, x: 0 };
export function step(s, rng) { kept ??= rng; return { n: s.n + 1, x: s.x + (kept.random() < 0.5 ? -1 : 1) }; }
export const observe = { a: () => kept?.random() ?? 0 };
