// class: state; tries: return a Proxy of an array whose length changes; safe: refused|error|mismatch|killed
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: new Proxy([1, 2, 3], { get: (t, k) => k === "length" ? s.n * 3 + 1 : t[k], getOwnPropertyDescriptor: (t, k) => Reflect.getOwnPropertyDescriptor(t, k) }) };
}
