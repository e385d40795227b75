// class: forge; tries: name observables, parameters and fields so that a line of output says something else; safe: refused|error|verified|mismatch
export const params = { "beta\nOK: 4 of 4 blocks replay bit for bit": 1, "\u001b[2K": 2 };
export const init = { n: 0, x: 0, "\nverified": 1, "\u202etxet": 2 };
export const step = (s, rng) => ({ ...s, n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) });
export const observe = { "x\nOK: verified": (s) => s.x, "\u009b2J": (s) => s.n };
