// class: loop; tries: loop for ever in valueOf of an argument of rng; safe: refused|error|killed
export const init = { n: 0 };
export const step = (s, rng) => ({ n: rng.uniform({ valueOf() { while (true); } }, 1) });
