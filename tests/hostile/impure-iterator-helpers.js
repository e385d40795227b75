// class: impure; tries: keep a lazy iterator between calls: helpers of a generator, Iterator.from, matchAll, entries of a Map; safe: error|mismatch
const lazy = Iterator.from(function* () { for (let i = 0;; i++) yield i; }()).map((x) => x + 1).filter((x) => x % 2).drop(1).flatMap((x) => [x, x]);
const marks = "a1b2c3d4e5f6".matchAll(/\d/g);
export const init = { n: 0, x: 0 };
export function step(s) {
  const { value } = lazy.next();
  return { n: s.n + 1, x: value + Number(marks.next().value?.[0] ?? 0) };
}
