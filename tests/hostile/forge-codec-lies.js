// class: forge; tries: have the codec give other data at each call; safe: refused|error|mismatch
export const init = { n: 0 };
let calls = 0;
export const step = (s) => ({ n: s.n + 1 });
export const codec = { encode: (x) => ({ n: x.n, calls: calls++ }), decode: (data) => data };
