// class: loop; tries: be an async step that never settles; safe: refused|error|killed
export const init = { n: 0 };
export async function step(s) { await new Promise(() => {}); return { n: s.n + 1 }; }
