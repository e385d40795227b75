// class: perm; tries: find any global that is not of the language itself; safe: refused|error
const known = new Set("Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape isFinite isNaN SuppressedError DisposableStack AsyncDisposableStack structuredClone console".split(" "));
const found = [];
for (let o = globalThis; o; o = Object.getPrototypeOf(o)) for (const k of Reflect.ownKeys(o)) if (!known.has(k)) found.push(String(k));
for (const k of ["Deno", "process", "fetch", "Worker", "crypto", "performance", "setTimeout", "queueMicrotask", "WebAssembly", "SharedArrayBuffer", "Atomics", "Intl", "Temporal", "WeakRef", "eval", "Buffer", "global", "self", "window", "require", "addEventListener", "dispatchEvent", "postMessage", "navigator", "URL", "TextEncoder", "Event", "AbortSignal"]) { let t = "undefined"; try { t = typeof globalThis[k]; } catch {} if (t !== "undefined") found.push(k); }
if (!found.length) throw new Error("nothing found");
export const init = { n: 0, pwned: found.join() };
export function step(s) { return s; }
