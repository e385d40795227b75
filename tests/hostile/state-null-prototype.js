// class: state; tries: return an object without prototype and one with another prototype; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: [Object.assign(Object.create(null), { a: 1 }), Object.assign(Object.create({ b: 2 }), { a: 1 })] };
}
