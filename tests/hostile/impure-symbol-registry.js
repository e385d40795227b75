// class: impure; tries: count through the registry of symbols, template objects and the descriptions of symbols; safe: error|mismatch
const seen = new Set();
const tag = (strings) => strings;
export const init = { n: 0, x: 0 };
export function step(s) {
  const key = Symbol.for("count");
  const same = tag`a`;
  seen.add(same).add(key);
  same.hits ??= 0;
  tag.hits = (tag.hits ?? 0) + 1;
  return { n: s.n + 1, x: tag.hits + seen.size };
}
