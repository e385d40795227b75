// class: web; tries: detach memory of the harness with structuredClone and transfer; safe: refused|error|mismatch|verified
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  const b = new ArrayBuffer(8);
  try { structuredClone(b, { transfer: [b] }); } catch {}
  try { b.transfer(); } catch {}
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
