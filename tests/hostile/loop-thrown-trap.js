// class: loop; tries: loop for ever when what was thrown is looked at; safe: refused|error|killed
export const init = { n: 0 };
const spin = new Proxy(function () {}, { get() { while (true); }, getPrototypeOf() { while (true); }, has() { while (true); }, ownKeys() { while (true); }, getOwnPropertyDescriptor() { while (true); } });
export function step(s) { const e = new Error("x"); Object.setPrototypeOf(e, spin); Object.defineProperty(e, "message", { get() { while (true); } }); throw s.n % 2 ? e : spin; }
