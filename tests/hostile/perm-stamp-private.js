// class: perm; tries: read the private fields of rng and mark built-ins by stamping a class on them; safe: refused|error|mismatch|verified
class Given { constructor(object) { return object; } }
class Stamp extends Given { #live = 1; static read(object) { return object.#live; } static marks(object) { return #live in object; } }
const marked = [Math, Array.prototype, globalThis, Error.prototype].filter((object) => Stamp.marks(object)).length;
export const init = { n: 0 };
export function step(s, rng) {
  const read = [];
  for (const object of [rng, Object.getPrototypeOf(rng), Math, Array.prototype, globalThis, Error.prototype]) {
    try { read.push(Stamp.read(object)); } catch {}
    try { new Stamp(object); } catch {}
  }
  return marked > 0 || read.some((value) => value !== 1) ? { n: s.n + 1, pwned: marked } : { n: s.n + 1 };
}
