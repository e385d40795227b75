// class: state; tries: return an array with properties besides its elements; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: Object.assign([1], { pwned: 1 }) };
}
