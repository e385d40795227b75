// class: node; tries: reach the runtime's own realm: constructors of errors it throws, callbacks it calls, the caller of a tagged template; safe: refused|error|verified|mismatch
export const init = { n: 0, pwned: 0 };
export function step(s, rng) {
  let found = 0;
  const look = (value) => { try { const made = value?.constructor?.constructor?.("return typeof Deno + typeof process")?.(); if (made && made !== "undefinedundefined") found = 1; } catch { /* denied */ } };
  try { rng.choices(null); } catch (error) { look(error); look(error?.cause); }
  try { structuredClone(() => 1); } catch (error) { look(error); }
  try { null.x; } catch (error) { look(error); look(Object.getPrototypeOf(error)); }
  [3, 1, 2].sort(function (a, b) { look(arguments); look(this); return a - b; });
  return { n: s.n + 1, pwned: found };
}
