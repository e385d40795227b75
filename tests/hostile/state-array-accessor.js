// class: state; tries: return an array with an accessor in the place of an element; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: Object.defineProperty([1, 2], 0, { get() { return 7; } }) };
}
