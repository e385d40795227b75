// class: state; tries: return typed arrays of a subclass that lies about its length; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: new (class extends Float64Array { get length() { return 1e9; } get byteLength() { return 1e9; } get buffer() { return new ArrayBuffer(1); } })(2) };
}
