// class: impure; tries: reach the locale by every Intl constructor, by BigInt, Array and typed arrays; safe: refused|error
export const init = { n: 0, x: "" };
export function step(s) {
  const kinds = Object.getOwnPropertyNames(globalThis.Intl ?? {});
  const texts = kinds.map((kind) => { try { return new Intl[kind]("de").resolvedOptions().locale; } catch { return ""; } });
  return { n: s.n + 1, x: texts.join() + [1234.5].toLocaleString() + 12345n.toLocaleString() + new Float64Array([1e6]).toLocaleString() + "i".toLocaleUpperCase("tr") };
}
