// class: loop; tries: never end in picture, and give endless layers; safe: error|killed|verified|mismatch
export const init = { n: 0, x: 0 };
export const step = (s, rng) => ({ n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) });
export const picture = () => { for (;;); };
