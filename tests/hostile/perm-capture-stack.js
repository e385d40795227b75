// class: perm; tries: read stacks through captureStackTrace, errors of disposal and errors of rng; safe: refused|error|mismatch|verified
export const init = { n: 0 };
export function step(s, rng) {
  const holder = {}, texts = [];
  Error.captureStackTrace?.(holder);
  texts.push(holder.stack);
  try { using a = { [Symbol.dispose]() { throw new Error("a"); } }; throw new Error("b"); } catch (e) { texts.push(e.stack, e.error?.stack, e.suppressed?.stack); }
  for (const call of [() => rng.choice(), () => rng.random.call(), () => structuredClone(() => 1), () => null.x]) try { call(); } catch (e) { texts.push(e.stack); }
  const found = texts.filter(Boolean).find((text) => /file:|data:|rewind:|\n/.test(text));
  return found === undefined ? { n: s.n + 1 } : { n: s.n + 1, pwned: found };
}
