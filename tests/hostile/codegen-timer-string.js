// class: codegen; tries: run a string through setTimeout and setInterval; safe: refused|error
setTimeout("globalThis.pwned = 1", 0);
export const init = { n: 0 };
export function step(s) { return { n: s.n + 1, pwned: 1 }; }
