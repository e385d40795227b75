// class: state; tries: return a typed array whose buffer was moved away; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: (() => { const u = new Uint8Array(8); u.buffer.transfer(); return u; })() };
}
