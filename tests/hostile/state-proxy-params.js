// class: state; tries: export parameters that are a Proxy whose traps change with every look; safe: refused|error|mismatch
let looks = 0;
export const params = new Proxy({ a: 1 }, { get: () => looks++, ownKeys: () => ["a", `pwned${looks++}`], getOwnPropertyDescriptor: () => ({ value: looks++, enumerable: true, configurable: true }) });
export const init = (p) => ({ n: 0, x: p.a });
export function step(s, rng, p) { return { n: s.n + 1, x: p.a }; }
