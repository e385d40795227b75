// class: throw; tries: leave rejections behind whose inspection by the runtime would run code; safe: refused|error|verified
export const init = { n: 0 };
export function step(s) {
  Promise.reject(new Proxy(new Error(), { get() { while (true); }, ownKeys() { while (true); } }));
  Promise.reject({ [Symbol.for("nodejs.util.inspect.custom")]() { while (true); }, [Symbol.for("Deno.customInspect")]() { while (true); }, [Symbol.for("Deno.privateCustomInspect")]() { while (true); } });
  return { n: s.n + 1 };
}
