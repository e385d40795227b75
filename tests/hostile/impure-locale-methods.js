// class: impure; tries: use every method that depends on the locale; safe: refused|error
export const init = { n: 0, v: 0 };
export function step(s) {
  const tries = [() => (1.5).toLocaleString(), () => [1.5].toLocaleString(), () => new Date(0).toLocaleDateString(), () => "a".localeCompare("b"), () => "I".toLocaleLowerCase(), () => (1n).toLocaleString(), () => new Float32Array(1).toLocaleString(), () => ({}).toLocaleString()];
  for (const t of tries) { try { return { n: s.n + 1, v: t() }; } catch {} }
  throw new Error("nothing worked");
}
