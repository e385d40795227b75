// class: impure; tries: read frames by Error.prepareStackTrace, captureStackTrace and stackTraceLimit; safe: error|mismatch|verified
export const init = { n: 0, pwned: 0 };
try { Error.prepareStackTrace = (_, frames) => { found = frames.map(String).join(); return found; }; } catch { /* frozen */ }
try { Error.stackTraceLimit = 100; } catch { /* frozen */ }
let found = "";
export function step(s) {
  const target = {};
  Error.captureStackTrace?.(target, step);
  const text = found + String(target.stack ?? "") + String(new Error("x").stack ?? "");
  return { n: s.n + 1, pwned: /data:|file:|ext:|node:|harness/.test(text) ? 1 : 0 };
}
