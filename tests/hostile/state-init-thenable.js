// class: state; tries: export an initial state with a then; safe: refused|error
export const init = { n: 0, then(ok) { ok({ n: 0, pwned: "then" }); } };
export function step(s) { return { n: s.n + 1 }; }
