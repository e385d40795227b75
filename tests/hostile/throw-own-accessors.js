// class: throw; tries: give a real error own accessors for message, name, stack, cause and errors; safe: refused|error
export const init = { n: 0 };
export function step() {
  const error = new AggregateError([], "x");
  for (const key of ["message", "name", "stack", "cause", "errors", "toString", Symbol.toPrimitive]) {
    Object.defineProperty(error, key, { get() { while (true); }, configurable: true });
  }
  throw error;
}
