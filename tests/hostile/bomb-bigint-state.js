// class: bomb; tries: return a bigint of 100 million bits; safe: refused|error|killed|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: 1n << 100_000_000n };
}
