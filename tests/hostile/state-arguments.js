// class: state; tries: return an arguments object; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: (function () { return arguments; })(1, 2) };
}
