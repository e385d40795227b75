// class: pollute; tries: set species, iterator, toPrimitive, hasInstance and other hooks on built-ins; safe: refused|error|mismatch|verified
export const init = { n: 0 };
for (const o of [Array, Map, Set, Promise, RegExp, ArrayBuffer, Int8Array, Object.prototype, Array.prototype, String.prototype, RegExp.prototype, Date.prototype, Function.prototype]) {
  for (const key of ["species", "iterator", "asyncIterator", "toPrimitive", "toStringTag", "hasInstance", "isConcatSpreadable", "match", "replace", "split", "dispose"]) {
    try { Object.defineProperty(o, Symbol[key], { value: () => ({ pwned: 1 }), configurable: true }); } catch {}
    try { o[Symbol[key]] = () => ({ pwned: 1 }); } catch {}
  }
}
export const step = (s) => ({ n: s.n + 1 });
