// class: state; tries: return maps and sets whose methods and size lie; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: [Object.assign(new Map([[1, 2]]), {}), new (class extends Map { get size() { return 99; } entries() { return [["FORGED", 1]].values(); } forEach() {} })([[3, 4]])] };
}
