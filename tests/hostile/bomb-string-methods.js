// class: bomb; tries: make huge strings by repeat, padEnd, replaceAll, join, normalize and toWellFormed; safe: error|killed
export const init = { n: 0, x: "" };
export function step(s) {
  let text = "\u0344".repeat(2 ** 26).normalize("NFC");
  for (let i = 0; i < 20; i++) text = `${text}${text.padEnd(2 ** 27, "\ufdfa").normalize("NFKD").toWellFormed()}`;
  return { n: s.n + 1, x: text.replaceAll("", "xyz").split("").join(text) };
}
