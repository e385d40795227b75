// class: throw; tries: throw control characters and fake lines from picture, with a name and a message that are getters; safe: error|verified|mismatch
export const init = { n: 0, x: 0 };
export const step = (s, rng) => ({ n: s.n + 1, x: s.x + (rng.random() < 0.5 ? -1 : 1) });
export const picture = () => { throw { get message() { return "\u001b[2J\nOK: all blocks replay"; }, get name() { return "\u202e\u0007"; } }; };
