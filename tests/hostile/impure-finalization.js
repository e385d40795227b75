// class: impure; tries: count collected objects with FinalizationRegistry, and look through WeakRef.deref; safe: refused|error|mismatch
export const init = { n: 0, x: 0 };
let collected = 0;
export function step(s) {
  const registry = new FinalizationRegistry(() => collected++);
  for (let i = 0; i < 1000; i++) registry.register(new Array(1000), i);
  const ref = new WeakRef({});
  return { n: s.n + 1, x: collected + (ref.deref() === undefined ? 1 : 0) };
}
