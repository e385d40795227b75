// class: impure; tries: count calls in a property of the step itself; safe: refused|error|mismatch
export const init = { n: 0, v: 0 };
export function step(s) { step.calls = (step.calls ?? 0) + 1; return { n: s.n + 1, v: step.calls }; }
