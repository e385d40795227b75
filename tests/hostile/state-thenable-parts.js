// class: state; tries: give thenables wherever something may be awaited: states, init, observables, pictures, the codec's data; safe: refused|error|mismatch|verified
const thenable = { then(done) { done({ pwned: 1 }); } };
export const init = () => ({ n: 0, x: 0 });
export function step(s) { return { n: s.n + 1, x: 0, ...(s.n > 5 ? { then: thenable.then } : {}) }; }
export const observe = { x: (s) => (s.n > 3 ? thenable : s.x) };
export const picture = () => thenable;
