// class: perm; tries: catch objects of the harness that rng hands to proxies and to arrays with methods of their own; safe: refused|error|mismatch|verified
const mine = new Set(), got = new Set();
const own = (value) => (mine.add(value), value);
function note(value) { if (Object(value) === value && !mine.has(value) && !Object.isFrozen(value)) got.add(value); }
function spy(depth) {
  return own(new Proxy(own(function () {}), {
    get(t, key, receiver) { note(receiver); return key === Symbol.toPrimitive ? own(() => 1) : key === "then" ? undefined : key === "length" || depth > 2 ? 3 : spy(depth + 1); },
    set(t, key, value) { note(value); return true; },
    apply(t, self, args) { note(self); args.forEach(note); return 1; },
    construct(t, args) { args.forEach(note); return own({}); },
  }));
}
function list() {
  const array = own([1, 2, 3]);
  for (const key of Object.getOwnPropertyNames(Array.prototype)) if (key !== "length") Object.defineProperty(array, key, { value: own(function (...args) { args.forEach(note); return Array.prototype[key].apply(own([1, 2, 3]), args); }) });
  return array;
}
export const init = { n: 0 };
export function step(s, rng) {
  for (const name of ["choice", "choices", "shuffle", "sample", "setstate", "seed", "randrange", "uniform", "integers", "permutation", "multinomial", "dirichlet", "spawn", "normal"])
    for (const args of [[spy(0)], [list()], [list(), { weights: list(), cumWeights: list(), k: 2 }], [list(), 2, { counts: list() }], [[3, list(), null]], [list(), { size: spy(0), p: list(), out: spy(0) }]]) try { rng[name]?.(...args); } catch {}
  let kept = 0;
  for (const value of got) try { kept += value.seen = (value.seen ?? -1) + 1; } catch {}
  return kept > 0 ? { n: s.n + 1, pwned: kept } : { n: s.n + 1 };
}
