// class: state; tries: detach, shrink and empty parts of a state while others are read; safe: refused|error|mismatch|verified
export const init = { n: 0 };
export function step(s) {
  const buffer = new ArrayBuffer(64), map = new Map([["a", 1], ["b", 2]]), rest = [1, 2, 3];
  const trigger = new Array(200).fill(0);
  Object.defineProperty(trigger, 5, { get() { try { buffer.transfer(); } catch {} map.clear(); rest.length = 1; return 1; }, enumerable: true });
  map.set("c", trigger);
  map.set("d", 4);
  const parts = [[new Uint8Array(buffer), trigger, new Uint8Array(buffer), buffer], map, [trigger, rest]];
  return { n: s.n + 1, part: parts[s.n % 3] };
}
