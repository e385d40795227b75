// class: pollute; tries: replace the helpers of iterators, of Map and Set, groupBy and fromAsync, by which a harness might read; safe: error|mismatch|verified
const all = [Iterator.prototype, Object.getPrototypeOf([][Symbol.iterator]()), Object.getPrototypeOf(new Map().entries()), Map.prototype, Set.prototype, Object, Map, Array, Promise];
for (const target of all) {
  for (const key of Reflect.ownKeys(target)) {
    try { target[key] = () => ({ pwned: 1, next: () => ({ done: true, value: { pwned: 1 } }) }); } catch { /* frozen */ }
    Reflect.defineProperty(target, key, { value: () => ({ pwned: 1 }) });
  }
}
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
