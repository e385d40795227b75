// class: impure; tries: keep draws of earlier blocks in a variable and use them later; safe: refused|error|mismatch
const kept = [];
export const init = { n: 0, v: 0 };
export function step(s, rng) { kept.push(rng.random()); return { n: s.n + 1, v: kept.length > 6 ? kept[0] : kept[kept.length - 1] }; }
