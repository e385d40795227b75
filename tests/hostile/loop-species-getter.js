// class: loop; tries: never end in what built-ins call: valueOf, Symbol.toPrimitive, a comparator, a getter of Symbol.species, toString of an error; safe: error|killed
const stuck = { [Symbol.toPrimitive]() { for (;;); } };
export const init = { n: 0, x: 0 };
export function step(s) { return { n: s.n + 1, x: Math.max(1, stuck) }; }
