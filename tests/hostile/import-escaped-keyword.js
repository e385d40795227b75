// class: import; tries: write the keyword with a unicode escape; safe: refused|error
const m = await \u0069mport("node:fs");
export const init = { n: 0, pwned: typeof m };
export function step(s) { return s; }
