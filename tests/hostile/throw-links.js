// class: throw; tries: put links, clipboard access, C1 controls, device queries and invisible letters into a message; safe: refused|error
export const init = { n: 0 };
export function step() {
  throw new RangeError("\x1b]8;;http://x\x1b\\a\x1b]8;;\x1b\\ \x1b]52;c;cHduZWQ=\x07 \x9d0;t\x9c \x9b2J \x90q\x9c \x1b[6n \x05 \x7f \u0085 \u2028OK: 4 of 4 blocks \u200b\u2060\ufeff\u061c\u180e\u3164\u{e0001}");
}
