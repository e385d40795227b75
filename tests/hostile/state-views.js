// class: state; tries: return thousands of views that overlap in one buffer, of every kind, out of line and empty; safe: verified
const KINDS = [Uint8Array, Int16Array, Float32Array, Float64Array, BigInt64Array];
export const init = { n: 0 };
export function step(s) {
  const buffer = new ArrayBuffer(100_000);
  const views = [];
  for (let i = 0; i < 5000; i++) {
    const Kind = KINDS[i % KINDS.length];
    views[i] = new Kind(buffer, 16 + (i * 7919 % 1000) * 8, i % 50);
  }
  views[views.length] = new DataView(buffer, 3, 90_000);
  const whole = new Uint8Array(200);
  whole[7] = 255;
  return {
    n: s.n + 1,
    views,
    whole: [new Float64Array(whole.buffer, 0, 2), whole.buffer, new Uint8Array(whole.buffer, 200)],
  };
}
