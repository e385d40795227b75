// class: pollute; tries: replace what reads errors: Error.isError, message, name, cause, captureStackTrace; safe: refused|error
try { Error.isError = () => false; } catch {}
for (const k of ["message", "name", "cause", "stack", "toString"]) { try { Object.defineProperty(Error.prototype, k, { get() { return "verified FORGED"; } }); } catch {} }
export const init = { n: 0, x: 0 };
export function step(s, rng) { throw new TypeError("plain"); }
