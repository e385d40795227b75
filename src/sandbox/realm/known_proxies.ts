/**
 * Which objects of a realm are Proxies: the language hides that, but whoever makes them can remember it.
 * This module is browser compatible.
 *
 * @module
 */

import { replaceBuiltin } from "./replace_builtin.ts";

const proxies = new WeakSet<object>();

/** Whether a value is a Proxy that was made after {@linkcode watchProxies}. */
export function isProxy(value: object): boolean {
  return proxies.has(value);
}

/** Puts a constructor in the place of `Proxy` that remembers what it makes. Part of the lock-down. */
export function watchProxies(): void {
  const NativeProxy = Proxy;
  const { revocable } = NativeProxy;
  replaceBuiltin(
    NativeProxy,
    "revocable",
    {
      revocable(target: object, handler: ProxyHandler<object>) {
        const made = revocable(target, handler);
        proxies.add(made.proxy);
        return made;
      },
    }.revocable,
  );
  const construct = (_: unknown, [target, handler]: [object, ProxyHandler<object>]): object => {
    const proxy = new NativeProxy(target, handler);
    proxies.add(proxy);
    return proxy;
  };
  // As a Proxy itself it has the name, the length and the lack of a prototype of the native one.
  replaceBuiltin(globalThis, "Proxy", new NativeProxy(NativeProxy, { construct }));
}
