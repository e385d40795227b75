// class: state; tries: return views whose buffer is detached, shrunk below them, or of changing length; safe: refused|error
export const init = { n: 0 };
const make = [
  () => { const b = new ArrayBuffer(16); const v = new DataView(b); b.transfer(); return v; },
  () => { const b = new ArrayBuffer(16, { maxByteLength: 64 }); const v = new Uint8Array(b, 8); b.resize(4); return v; },
  () => { const b = new ArrayBuffer(16, { maxByteLength: 64 }); const v = new DataView(b, 8); b.resize(4); return v; },
  () => { const b = new ArrayBuffer(16); b.transfer(); return b; },
];
export const step = (s) => ({ n: s.n + 1, t: make[s.n % make.length]() });
