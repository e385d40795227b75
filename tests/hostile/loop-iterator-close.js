// class: loop; tries: never end while an iterator is closed: return() of a generator, using, a finally in for-of; safe: error|killed
function* stuck() { try { for (;;) yield 1; } finally { for (;;); } }
export const init = { n: 0, x: 0 };
export function step(s) { for (const x of stuck()) return { n: s.n + x, x }; }
