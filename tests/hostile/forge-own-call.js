// class: forge; tries: give exported functions a call, apply and bind of their own, and a step that is a Proxy; safe: refused|error|mismatch|verified
const lying = (code) => {
  for (const key of ["call", "apply", "bind", "name", "length", Symbol.hasInstance]) Object.defineProperty(code, key, { value: () => ({ pwned: 1 }) });
  return code;
};
export const init = { n: 0 };
export const step = new Proxy(lying((s) => ({ n: s.n + 1 })), { get() { throw 1; }, getPrototypeOf() { throw 2; }, apply: (code, self, [s]) => self === undefined ? { n: s.n + 1 } : { pwned: 1 } });
export const observe = lying({ a: lying((s) => s.n) });
