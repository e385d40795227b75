// class: impure; tries: measure time with Atomics.waitAsync, Atomics.pause and a shared counter; safe: refused|error|mismatch
export const init = { n: 0, x: 0 };
export function step(s) {
  const view = new Int32Array(new SharedArrayBuffer(8));
  const { value } = Atomics.waitAsync(view, 0, 0, 1);
  value.then(() => Atomics.add(view, 1, 1));
  for (let i = 0; i < 1e6; i++) Atomics.pause?.(1);
  return { n: s.n + 1, x: Atomics.load(view, 1) };
}
