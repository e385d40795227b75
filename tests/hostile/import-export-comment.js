// class: import; tries: import with export * as name from behind comments, with attributes; safe: refused|error
export const init = { n: 0 };
export * as fs from/*x*/"node:fs";
export { default as secret } from // x
"__CANARY_DIR__/secret.json" with { type: "json" };
export const step = (s) => ({ n: s.n + 1, pwned: 1 });
