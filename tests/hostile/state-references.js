// class: state; tries: return few objects with very many references to them; safe: verified
export const init = { n: 0 };
export function step(s) {
  const shared = { n: s.n };
  const references = new Array(100_000).fill(shared);
  return { n: s.n + 1, rows: [references, references, references], shared, all: [references] };
}
