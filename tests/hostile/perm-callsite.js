// class: perm; tries: get call sites through prepareStackTrace, captureStackTrace and subclasses of Error; safe: refused|error
export const init = { n: 0 };
export function step(s) {
  const got = [];
  const take = (_, sites) => { for (const c of sites) got.push(String(c.getFunction?.()), String(c.getFileName?.())); return "x"; };
  class E extends Error {}
  for (const C of [Error, E, TypeError]) {
    try { C.prepareStackTrace = take; } catch {}
    try { Object.defineProperty(C, "prepareStackTrace", { value: take }); } catch {}
    try { C.stackTraceLimit = 50; } catch {}
  }
  const o = {};
  try { Error.captureStackTrace(o); } catch {}
  for (const stack of [o.stack, new E("x").stack, new TypeError("x").stack]) if (/\n/.test(String(stack))) got.push(stack);
  if (got.length === 0) throw new Error("nothing found");
  return { n: s.n + 1, pwned: got.join() };
}
