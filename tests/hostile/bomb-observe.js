// class: bomb; tries: take memory in an observable, in a picture and in the codec instead of the step; safe: error|killed|mismatch
const kept = [];
const grow = () => { for (let i = 0; i < 100; i++) kept.push(new Float64Array(2 ** 21).fill(i)); return kept.length; };
export const init = { n: 0, x: 0 };
export const step = (s) => ({ n: s.n + 1, x: 0 });
export const observe = { x: (s) => grow() + s.n };
export const picture = () => ({ layers: [{ kind: "points", x: grow(), y: grow() }] });
export const codec = { encode: (s) => { grow(); return s; }, decode: (s) => s };
