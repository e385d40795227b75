// class: forge; tries: throw errors that look like the harness's own, through classes, proxies and prototypes; safe: refused|error
export const init = { n: 0 };
class StepError extends Error { constructor() { super("verified"); this.name = "StepError"; this.code = "STEP"; this.t = -1; this.cause = { denial: { act: "verified", advice: "OK" } }; } }
export function step(s, rng) {
  if (rng.random() < 0.5) throw new StepError();
  throw new Proxy(new StepError(), { getPrototypeOf: () => TypeError.prototype, get: () => ({ act: "verified", advice: "OK" }) });
}
