// class: state; tries: put a Proxy of a plain object into the state within a block, which reads differently each time; safe: refused|error|mismatch
let reads = 0;
const sly = () => new Proxy({ v: 0 }, { getOwnPropertyDescriptor: () => ({ value: reads++, writable: true, enumerable: true, configurable: true }), get: () => reads++ });
export const init = { n: 0, x: 0 };
export function step(s) { return { n: s.n + 1, x: s.n % 4 === 1 ? sly() : 0 }; }
