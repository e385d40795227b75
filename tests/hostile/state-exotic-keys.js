// class: state; tries: keys that mean something elsewhere: __proto__, constructor, then, toJSON, length, $ref, $typed, a thousand alike; safe: verified|mismatch
const odd = { "__proto__": 1, constructor: 2, then: 3, toJSON: 4, length: -1, "$ref": "state", "$typed": "Float64Array", "$number": "NaN", "": 5, "\u0000": 6, "\ud800": 7, "a.b[0]": 8, hasOwnProperty: 9 };
export const init = { n: 0, x: 0 };
export function step(s) {
  const made = Object.create(null);
  for (const [key, value] of Object.entries(odd)) Object.defineProperty(made, key, { value, enumerable: true, writable: true, configurable: true });
  return { n: s.n + 1, x: { ...made } };
}
