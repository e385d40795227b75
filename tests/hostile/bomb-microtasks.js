// class: bomb; tries: queue microtasks until memory is gone; safe: refused|error|killed
const grow = () => { for (let i = 0; i < 10; i++) Promise.resolve().then(grow); };
grow(); await null; await null; await null; while (true) await null;
export const init = { n: 0 };
export function step(s) { return s; }
