// class: state; tries: return an object with a property that is not enumerable; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: Object.defineProperty({ a: 1 }, "b", { value: 2 }) };
}
