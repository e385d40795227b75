// class: forge; tries: swap the functions of the codec once they were read; safe: refused|error|mismatch|verified
const lie = () => ({ pwned: 1 });
export const codec = {
  encode(s) { this.encode = this.decode = lie; codec.encode = lie; return s; },
  decode(s) { this.encode = this.decode = lie; codec.decode = lie; return s; },
};
export const init = { n: 0 };
export const step = (s) => ({ n: s.n + 1 });
