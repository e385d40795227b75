// class: impure; tries: count calls in iterators, private statics, template objects, a resizable buffer, a date and a WeakMap of rng; safe: refused|error|mismatch
class Counter { static #count = 0; static next() { return ++this.#count; } }
const sites = new WeakMap(), buffer = new ArrayBuffer(0, { maxByteLength: 1e6 }), date = new Date(0), keys = Array(1e6).keys();
const letters = "x".repeat(1e4).matchAll(/x/g), tag = (site) => sites.set(site, (sites.get(site) ?? 0) + 1).get(site);
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  buffer.resize(buffer.byteLength + 1);
  const count = tag`once`;
  tag(rng);
  return { n: s.n + 1, v: [Counter.next(), count, sites.get(rng), buffer.byteLength, date.setTime(+date + 1), keys.next().value, letters.next().value.index].join() };
}
