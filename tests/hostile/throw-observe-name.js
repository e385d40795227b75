// class: throw; tries: name an observable with terminal escapes; safe: refused|error|mismatch|verified
export const init = { n: 0 };
export function step(s) { return { n: s.n + 1 }; }
export const observe = { "\u001b[2Jverified": (s) => s.n };
