// class: throw; tries: throw terminal escapes while loading, with a name that is one; safe: refused|error
const e = new Error("\u001b[2Jverified"); e.name = "\u001b[32mOK"; throw e;
export const init = { n: 0 };
export function step(s) { return s; }
