// class: loop; tries: loop for ever in the codec; safe: refused|error|killed
export const init = { n: 0 };
export function step(s) { return { n: s.n + 1 }; }
export const codec = { encode() { while (true); }, decode: (d) => d };
