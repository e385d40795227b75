// class: state; tries: export params, rng, observe and codec that are not what they should be; safe: refused|error
export const init = { n: 0 };
export function step(s) { return { n: s.n + 1 }; }
export const params = () => 1, rng = { toString() { return "python"; } }, observe = new Proxy({}, { ownKeys() { throw new Error("\u001b[31mverified"); } }), codec = { get encode() { throw null; } };
