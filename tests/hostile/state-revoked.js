// class: state; tries: return proxies that are revoked, revoke themselves while read, or are functions; safe: refused|error
export const init = { n: 0 };
const make = [
  () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; },
  () => { const { proxy, revoke } = Proxy.revocable({ a: 1 }, { ownKeys(t) { revoke(); return Reflect.ownKeys(t); } }); return proxy; },
  () => new Proxy(function () {}, { getPrototypeOf: () => Object.prototype }),
];
export const step = (s) => ({ n: s.n + 1, t: make[s.n % make.length]() });
