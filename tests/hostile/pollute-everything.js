// class: pollute; tries: redefine, set, delete and re-parent every property of every global, also through super and odd setters; safe: refused|error|mismatch|verified
const globals = Object.getOwnPropertyNames(globalThis).map((name) => globalThis[name]);
const targets = globals.flatMap((value) => [value, value?.prototype]).filter((value) => Object(value) === value);
for (const target of targets) {
  for (const key of Reflect.ownKeys(target)) {
    try { Reflect.defineProperty(target, key, { value: () => ({ pwned: 1 }) }); } catch {}
    try { Reflect.set({ __proto__: target }, key, () => ({ pwned: 1 }), target); } catch {}
    try { Object.getOwnPropertyDescriptor(target, key)?.set?.call(target, () => ({ pwned: 1 })); } catch {}
    Reflect.deleteProperty(target, key);
  }
  Reflect.setPrototypeOf(target, { pwned: 1 });
  try { ({ __proto__: target, write() { super.pwned = 1; } }).write.call(target); } catch {}
}
export const init = { n: 0 };
export function step(s) {
  const honest = [1, 2].map((x) => x * 2).join() === "2,4" && Math.max(1, 2) === 2 && `${{}}` === "[object Object]" && targets.every((target) => target.pwned === undefined);
  return honest ? { n: s.n + 1 } : { n: s.n + 1, pwned: 1 };
}
