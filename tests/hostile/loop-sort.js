// class: loop; tries: loop for ever in a comparison function; safe: refused|error|killed
export const init = { n: 0, v: 0 };
export function step(s, rng) {
  return { n: s.n + 1, v: [3, 1, 2].sort(() => { while (true); }) };
}
