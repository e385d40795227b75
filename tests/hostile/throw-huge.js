// class: throw; tries: throw an error with a message of 200 MB; safe: refused|error|killed
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  throw new Error("\u001b[31mA".repeat(3e7));
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
