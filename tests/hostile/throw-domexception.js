// class: throw; tries: throw what only the runtime makes: the error of a failed structuredClone, of atob, of a detached buffer; safe: error
export const init = { n: 0, x: 0 };
export function step(s) { structuredClone(() => s, { transfer: [new ArrayBuffer(8), {}] }); }
