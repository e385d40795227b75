// class: impure; tries: keep an object in rng, and an index out of its range, by restoring a state that changes while it is read; safe: refused|error|mismatch|verified
const kept = { count: 0 };
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  const [, words] = rng.getstate();
  const seen = [];
  for (const evil of [kept, 1e9, -1, NaN]) {
    let reads = 0;
    const list = new Proxy(words, { get: (t, key) => key === "624" && reads++ > 2 ? evil : Reflect.get(t, key) });
    const image = new Proxy([3, list, null], { get: (t, key) => key === "2" && reads++ > 2 ? evil : Reflect.get(t, key) });
    try { rng.setstate(image); } catch {}
    for (const draw of [() => rng.gauss(0, 1), () => rng.random(), () => rng.getstate()[2]]) try { seen.push(typeof draw()); } catch (e) { seen.push(e.name); }
  }
  return { n: s.n + 1, v: seen.length };
}
