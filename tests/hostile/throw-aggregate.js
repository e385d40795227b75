// class: throw; tries: throw an AggregateError of ten thousand errors that cause each other, and a SuppressedError; safe: error
export const init = { n: 0, x: 0 };
export function step() {
  const errors = Array.from({ length: 1e4 }, (_, i) => new Error(`\u001b[31m${i}\n`));
  errors.forEach((error, i) => { error.cause = errors[(i + 1) % errors.length]; error.errors = errors; });
  throw Object.assign(new AggregateError(errors, "\u009b2J".repeat(1e5), { cause: errors[0] }), { error: errors, suppressed: errors });
}
