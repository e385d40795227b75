// class: bomb; tries: hold 200 MB outside of the heap in each instance of the module, and as much again in its first step; safe: refused|error|killed|mismatch|verified
const table = new Uint8Array(2e8).fill(1);
let more;
export const init = { n: 0 };
export function step(s) {
  more ??= new Uint8Array(2e8).fill(1);
  return { n: s.n + table[s.n] * more[s.n] };
}
