// class: perm; tries: find the harness as this of the exports that it calls; safe: refused|error
const got = [];
const look = (name, self) => { if (self !== undefined && self !== codec && self !== observe) got.push(name); };
export const init = function () { look("init", this); return { n: 0 }; };
export const observe = { o: function () { look("observe", this); return 1; } };
export const codec = { encode: function (x) { look("encode", this); return x; }, decode: function (x) { look("decode", this); return x; } };
export function step(s) {
  look("step", this);
  if (got.length === 0) throw new Error("nothing found");
  return { n: s.n + 1, pwned: got.join() };
}
