// class: impure; tries: draw from rng in a microtask after the step has returned; safe: refused|error|mismatch|verified
export const init = { n: 0 };
let drawn = 0;
export function step(s, rng) {
  Promise.resolve().then(() => { drawn += rng.random(); }).catch(() => {});
  return drawn === 0 ? { n: s.n + 1 } : { n: s.n + 1, pwned: drawn };
}
