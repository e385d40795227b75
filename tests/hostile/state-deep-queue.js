// class: state; tries: return lists, combs and rings far deeper than any stack, in which each part leaves more for later; safe: verified
export const init = { n: 0 };
export function step(s) {
  let list = { end: true };
  for (let i = 0; i < 3_000; i++) list = { next: list, side: [list, list] };
  let map = new Map();
  for (let i = 0; i < 1_000; i++) map = new Map([[map, new Set([map])]]);
  const ring = [];
  for (let i = 0; i < 1_000; i++) ring[i] = { other: ring, next: undefined };
  for (let i = 0; i < 1_000; i++) ring[i].next = ring[(i * 7919 + 1) % 1_000];
  return { n: s.n + 1, list, map, first: ring[0] };
}
