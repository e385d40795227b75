// class: bomb; tries: hoard closures and promises until memory is gone; safe: refused|error|killed
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  const a = []; while (true) a.push(new Promise((ok) => a.push(ok)), () => a);
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
