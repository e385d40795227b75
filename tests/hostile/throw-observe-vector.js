// class: throw; tries: give observations whose elements are getters, proxies, texts and objects with valueOf; safe: refused|error|mismatch|verified
export const init = { n: 0 };
const values = [
  () => { const a = [1, 2]; Object.defineProperty(a, 0, { get() { a.length = 1; return 1; } }); return a; },
  () => new Proxy([1, 2], { get: (t, key) => key === "length" ? 2 ** 31 : 1 }),
  () => ({ valueOf: () => 1 }),
  () => "\x1b[31m1",
];
export const observe = { v: (s) => values[s.n % values.length]() };
export const step = (s) => ({ n: s.n + 1 });
