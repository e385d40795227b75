// class: forge; tries: be honest in the first block that an instance replays, where the verdict looks, and lie in later ones; safe: refused|error|mismatch|verified
let blocks = 0;
export const init = { n: 0 };
export function step(s) {
  if (s.n % 4 === 0) blocks++;
  return blocks > 1 ? { n: s.n + 1, lie: blocks } : { n: s.n + 1 };
}
