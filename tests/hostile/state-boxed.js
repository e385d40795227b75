// class: state; tries: return boxed primitives; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: [new Number(1), new String("x"), new Boolean(true), Object(1n), Object(Symbol("s"))] };
}
