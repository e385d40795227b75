// class: state; tries: return weak collections; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: [new WeakMap(), new WeakSet()] };
}
