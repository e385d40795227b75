// class: pollute; tries: call the setters that keep names assignable on prototypes, functions and the global object; safe: refused|error|mismatch|verified
export const init = { n: 0 };
for (const P of [Object.prototype, Function.prototype, Array.prototype, Error.prototype, TypeError.prototype]) {
  for (const key of ["constructor", "toString", "valueOf", "toLocaleString", "name", "message"]) {
    const set = Object.getOwnPropertyDescriptor(P, key)?.set;
    for (const target of [P, Map.prototype, Math, JSON, globalThis, Object, set]) try { set.call(target, () => "pwned"); } catch {}
  }
}
export function step(s) {
  if (String({}) === "pwned" || Map.prototype.constructor !== Map || String(Math) === "pwned") return { n: 0, pwned: 1 };
  return { n: s.n + 1 };
}
