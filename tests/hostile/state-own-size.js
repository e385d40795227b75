// class: state; tries: return maps, sets and dates with own properties over their methods; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: Object.assign(new Set([1]), { size: 5, forEach: 1, values: () => [] }) };
}
