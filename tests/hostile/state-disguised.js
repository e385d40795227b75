// class: state; tries: give typed arrays, views and plain objects the prototypes of others; safe: refused|error
export const init = { n: 0 };
const make = [
  () => Object.setPrototypeOf(new Float64Array([1, 2]), Object.prototype),
  () => Object.setPrototypeOf(new Float64Array([1, 2]), null),
  () => Object.setPrototypeOf(new Float64Array(2), Int8Array.prototype),
  () => Object.setPrototypeOf([1], Map.prototype),
  () => Object.create(Map.prototype),
  () => Object.create(ArrayBuffer.prototype),
  () => Object.setPrototypeOf({ a: 1 }, new Proxy(Object.prototype, {})),
];
export const step = (s) => ({ n: s.n + 1, t: make[s.n % make.length]() });
