// class: state; tries: export parameters that are cyclic, proxies or thenables; safe: refused|error|mismatch|verified
export const init = { n: 0 };
export const params = new Proxy({ then(resolve) { resolve({ pwned: 1 }); } }, { ownKeys() { throw new Error("\x1b]0;x\x07"); } });
export const step = (s, rng, p) => ({ n: s.n + 1, ...(p?.pwned ? p : {}) });
