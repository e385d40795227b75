// class: forge; tries: return states and params that look like parts of the protocol; safe: refused|error|mismatch|verified
export const init = { n: 0, kind: "end", message: "ok", t: 0, path: "" };
export const params = { nonce: new Uint8Array(16), kind: "end" };
export const step = (s) => ({ ...s, n: s.n + 1, steps: 13, lastState: new Uint8Array(3), observed: {}, failure: undefined, ok: true });
