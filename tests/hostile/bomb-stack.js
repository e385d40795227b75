// class: bomb; tries: end the process by exhausting the native stack; safe: refused|error|killed
export const init = { n: 0 };
let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep];
export function step(s) {
  const f = () => { try { f(); } catch {} JSON.stringify(deep); deep.flat(Infinity).toString(); f(); };
  f();
  return { n: s.n + 1 };
}
