// class: state; tries: have every walker follow 2^40 paths, in objects, Maps and Sets, with numbers at their ends; safe: verified
export const init = { n: 0 };
export function step(s) {
  let v = { x: s.n };
  for (let i = 0; i < 40; i++) v = { a: v, b: v };
  let m = new Map([["x", s.n]]);
  for (let i = 0; i < 40; i++) m = new Map([["a", m], ["b", m]]);
  let l = [s.n];
  for (let i = 0; i < 40; i++) l = [l, new Set([l]), l];
  return { n: s.n + 1, v, m, l };
}
export const observe = { n: (s) => s.n };
