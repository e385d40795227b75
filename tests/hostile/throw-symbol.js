// class: throw; tries: throw symbols, functions and numbers; safe: refused|error
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  throw [Symbol('verified'), () => 1, 7, 7n, undefined][s.n % 5];
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
