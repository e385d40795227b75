// class: import; tries: export everything from a builtin, broken over lines; safe: refused|error
export *
as pwned from
/* x */ "node:fs";
export const init = { n: 0 };
export function step(s) { return s; }
