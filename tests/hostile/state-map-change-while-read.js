// class: state; tries: a Map that grows while it is encoded, from a trap of its own value; safe: error|killed|mismatch|verified
export const init = { n: 0, x: 0 };
export function step(s) { const m = new Map(); m.set("p", new Proxy({}, { ownKeys() { for (let i = 0; i < 1000; i++) m.set(i, i); m.delete("p"); return []; } })); m.set("q", 1); return { n: s.n + 1, x: m }; }
