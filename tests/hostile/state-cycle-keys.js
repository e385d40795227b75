// class: state; tries: return cycles through the keys of Maps and the values of Sets, frozen ones too; safe: verified
export const init = { n: 0 };
export function step(s) {
  const map = new Map();
  const set = new Set([map]);
  const bare = Object.create(null);
  map.set(set, bare).set(map, set).set(bare, [map, set]);
  bare.keys = [set, map];
  set.add(set).add(bare);
  for (let i = 0; i < 300; i++) map.set(new Map([[map, set]]), Object.freeze([set, i]));
  return { n: s.n + 1, map: Object.freeze(map), set: Object.freeze(set), back: s.map };
}
