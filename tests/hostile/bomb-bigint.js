// class: bomb; tries: hoard big integers; safe: refused|error|killed
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  const a = []; for (let i = 1n;; i++) a.push((1n << 8_000_000n) + i);
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
