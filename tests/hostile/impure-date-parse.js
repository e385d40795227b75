// class: impure; tries: use the local time zone through text dates; safe: refused|error|mismatch|verified
export const init = { n: 0, v: 0 };
export function step(s) { return { n: s.n + 1, v: Date.parse("2020-07-01T00:00:00") - Date.parse("2020-07-01T00:00:00Z") + new Date(2020, 6).getHours() }; }
