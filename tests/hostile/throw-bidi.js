// class: throw; tries: hide text with direction marks, invisible letters and piled accents; safe: refused|error
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  throw new Error("\u202edeifirev\u202c \u2066\u200b\u3164\ufe0f" + "e" + "\u0301".repeat(200));
  return { n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) };
}
