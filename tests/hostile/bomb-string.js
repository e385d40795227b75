// class: bomb; tries: double a string until memory is gone; safe: refused|error|killed
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  let t = "x"; const a = []; while (true) { t += t.length < 5e8 ? t : ""; a.push(t + a.length, [...t.slice(0, 1e6)]); }
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
