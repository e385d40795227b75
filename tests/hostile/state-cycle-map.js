// class: state; tries: return maps and sets that contain themselves, as key, value and after many levels; safe: verified
export const init = { n: 0 };
export function step(s, rng) {
  const map = new Map();
  if (rng.random() < 0.5) return { n: s.n + 1, map: map.set(map, map) };
  let set = new Set();
  const first = set;
  for (let i = 0; i < 100; i++) set = new Set([set]);
  first.add(set);
  return { n: s.n + 1, set };
}
