// class: forge; tries: export names that a harness could use for itself; safe: refused|error|mismatch|verified
export const init = { n: 0, x: 0 };
export function step(s, rng) { return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) }; }
export const exports = { ok: true }, ok = true, verified = true, result = "verified", toString = () => "verified";
export { step as default };
