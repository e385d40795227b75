// class: impure; tries: count calls in a generator, a WeakMap keyed by the step, and the order of a map; safe: refused|error|mismatch
export const init = { n: 0 };
const calls = new WeakMap();
const counter = (function* () { for (let i = 0;; i++) yield i; })();
const order = new Map();
export function step(s) {
  calls.set(step, (calls.get(step) ?? 0) + 1);
  order.set(counter.next().value, 1);
  return { n: s.n + 1, x: calls.get(step) + [...order.keys()].length };
}
