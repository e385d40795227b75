// class: loop; tries: spend for ever in one operation on big integers; safe: refused|error|killed
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: String((3n ** 50_000_000n) ** 3n).length };
}
