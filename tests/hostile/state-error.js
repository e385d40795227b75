// class: state; tries: return an error object; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: new Error("x") };
}
