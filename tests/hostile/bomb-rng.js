// class: bomb; tries: have rng make lists, bytes and integers as large as it will; safe: refused|error|killed
export const init = { n: 0 };
const kept = [];
export function step(s, rng) {
  for (;;) for (const draw of [() => rng.randbytes(2 ** 27), () => rng.getrandbits(2 ** 26), () => rng.choices([1, 2], { k: 1e7 }), () => rng.sample(1e7, 5e6)]) kept.push(draw());
}
