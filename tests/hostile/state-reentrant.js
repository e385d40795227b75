// class: state; tries: copy and encode other states, and throw, from within the reading of one; safe: refused|error|mismatch|verified
let level = 0;
function within() {
  if (level === 50) return 7;
  level++;
  let deep = 1;
  for (let i = 0; i < 198; i++) deep = [deep];
  structuredClone(deep);
  for (const bad of [() => 1, [deep], { get x() { return within(); } }]) try { structuredClone(bad); } catch {}
  level--;
  return 7;
}
export const init = { n: 0 };
export function step(s) {
  const list = new Array(200).fill(0);
  Object.defineProperty(list, 150, { get: within, enumerable: true });
  return { n: s.n + 1, parts: [list, structuredClone([list]), list] };
}
