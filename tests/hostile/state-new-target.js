// class: state; tries: make states by Reflect.construct with a new.target of its own, so that kinds and prototypes disagree; safe: refused|error|mismatch
const odd = (kind, args, target) => Reflect.construct(kind, args, target);
export const init = { n: 0, x: 0 };
export function step(s) {
  const parts = [odd(Array, [3], Map), odd(Map, [], Array), odd(Date, [0], Uint8Array), odd(Float64Array, [2], Date), odd(Object, [], function () {})];
  return { n: s.n + 1, x: parts[s.n % parts.length] };
}
