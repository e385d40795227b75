// class: bomb; tries: hoard very many small typed arrays; safe: refused|error|killed
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  const a = []; while (true) a.push(new Float64Array(64).fill(1));
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
