// class: loop; tries: start an endless microtask chain inside a step; safe: refused|error|killed|mismatch|verified
export const init = { n: 0, x: 0 };
export function step(s, rng) { (async () => { while (true) await null; })(); return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) }; }
