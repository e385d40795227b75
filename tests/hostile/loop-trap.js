// class: loop; tries: loop for ever in a trap of the returned state; safe: refused|error|killed
export const init = { n: 0 };
export function step(s) { return new Proxy({ n: s.n + 1 }, { ownKeys() { while (true); }, getPrototypeOf() { while (true); } }); }
