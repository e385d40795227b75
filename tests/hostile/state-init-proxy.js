// class: state; tries: export an initial state that is a Proxy; safe: refused|error|mismatch|killed|verified
let k = 0;
export const init = new Proxy({ n: 0 }, { get: () => k++, ownKeys: () => ["n"], getOwnPropertyDescriptor: () => ({ value: k++, enumerable: true, configurable: true, writable: true }) });
export function step(s) { return { n: s.n + 1 }; }
