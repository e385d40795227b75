// class: bomb; tries: take all memory while loading; safe: refused|error|killed
const a = []; while (true) a.push(new Uint8Array(2e7).fill(1));
export const init = { n: 0 };
export function step(s) { return s; }
