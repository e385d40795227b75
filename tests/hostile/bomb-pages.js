// class: bomb; tries: touch one byte of each page of gigabytes, while loading and in a resizable buffer; safe: refused|error|killed
const buffer = new ArrayBuffer(0, { maxByteLength: 2 ** 32 });
for (let i = 1; i <= 64; i++) {
  buffer.resize(i * 2 ** 26);
  const part = new Uint8Array(buffer, (i - 1) * 2 ** 26);
  for (let j = 0; j < part.length; j += 4096) part[j] = 1;
}
export const init = { n: 0 };
export const step = (s) => ({ n: s.n + 1 });
