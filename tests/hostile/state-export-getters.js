// class: state; tries: export what changes with every look: a live binding that steps reassign, and getters on observe and codec; safe: refused|error|mismatch|verified
export let init = { n: 0, x: 0 };
export let step = (s) => { step = (t) => ({ n: t.n + 2, x: 1 }); init = { n: 5, x: 5 }; return { n: s.n + 1, x: 0 }; };
let looks = 0;
export const observe = { get x() { return looks++ % 2 ? (s) => s.n : (s) => s.x; } };
export const codec = { get encode() { return looks++ % 3 ? (s) => s : (s) => ({ ...s, n: 7 }); }, get decode() { return (s) => s; } };
