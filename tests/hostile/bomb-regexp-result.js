// class: bomb; tries: fill memory with results of matchAll, split and replace with a growing pattern; safe: error|killed|mismatch
export const init = { n: 0, x: 0 };
export function step(s) {
  const text = "ab".repeat(2 ** 22);
  const kept = [];
  for (let i = 0; i < 100; i++) kept.push([...text.matchAll(/(a)(b)/g)], text.split(/(?:)/u));
  return { n: s.n + 1, x: kept.length };
}
