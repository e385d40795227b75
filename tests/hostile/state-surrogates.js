// class: state; tries: return lone surrogates and a NUL in keys and values; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: { "\ud800": "\udfff", "\u0000": "\u0000" } };
}
