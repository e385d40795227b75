// class: bomb; tries: fill a map until memory is gone; safe: refused|error|killed
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  const m = new Map(); for (let i = 0;; i++) m.set(i, { i });
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
