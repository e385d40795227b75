// class: import; tries: import a module's source phase; safe: refused|error
import source x from "./x.wasm";
export const init = { n: 0, pwned: 1 };
export function step(s) { return s; }
