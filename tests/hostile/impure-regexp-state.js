// class: impure; tries: carry the lastIndex of a regular expression from call to call; safe: refused|error|mismatch|verified
const r = /a/g;
export const init = { n: 0, v: 0 };
export function step(s) { return { n: s.n + 1, v: r.test("aaaaa") ? r.lastIndex : -1 }; }
