// class: loop; tries: never finish loading, in the disposal of what the module used; safe: refused|error|killed
await using work = { async [Symbol.asyncDispose]() { while (true) await null; } };
export const init = { n: 0 };
export const step = (s) => ({ n: s.n + 1 });
