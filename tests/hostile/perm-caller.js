// class: perm; tries: reach the harness through caller and arguments; safe: refused|error
export const init = { n: 0 };
export function step(s) {
  const got = [];
  for (const f of [step, Object.getPrototypeOf(step)]) for (const k of ["caller", "arguments", "callee"]) { try { const v = f[k]; if (v != null) got.push(k); } catch {} }
  try { if (this !== undefined) got.push("this"); } catch {}
  if (!got.length) throw new Error("nothing found");
  return { n: s.n + 1, pwned: got.join() };
}
