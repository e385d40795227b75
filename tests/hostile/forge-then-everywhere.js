// class: forge; tries: make promises of the harness resolve with forged values through thenables; safe: refused|error|mismatch|verified
try { Object.prototype.then = function (ok) { ok({ ok: true }); }; } catch {}
try { Function.prototype.then = Object.prototype.then; } catch {}
try { Array.prototype.then = Object.prototype.then; } catch {}
export const init = { n: 0, x: 0 };
export function step(s, rng) { return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) }; }
