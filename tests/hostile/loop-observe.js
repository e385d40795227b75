// class: loop; tries: loop for ever in an observable; safe: refused|error|killed|mismatch|verified
export const init = { n: 0 };
export function step(s) { return { n: s.n + 1 }; }
export const observe = { a: () => { while (true); } };
