// class: pollute; tries: make arrays, typed arrays, promises and regular expressions of its own kind by Symbol.species; safe: error|mismatch|verified
class Sly extends Array { static get [Symbol.species]() { return function () { return new Proxy([], { set: () => true, defineProperty: () => true }); }; } }
try { Object.defineProperty(Array, Symbol.species, { get() { return Sly; } }); } catch { /* frozen */ }
try { Array.prototype.constructor = { [Symbol.species]: Sly }; } catch { /* frozen */ }
try { Object.defineProperty(Uint8Array.prototype, "constructor", { value: { [Symbol.species]: Float64Array } }); } catch { /* frozen */ }
export const init = { n: 0, x: 0 };
export function step(s, rng) {
  const list = [1, 2, 3].map((x) => x), bytes = new Uint8Array(3).map((x) => x);
  return { n: s.n + 1, x: s.x + list.length + bytes.length - 6 + (rng.random() < 0.5 ? -1 : 1) };
}
