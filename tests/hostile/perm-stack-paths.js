// class: perm; tries: learn paths, call sites and the functions of the harness from stacks; safe: refused|error
let seen = "";
try { Error.stackTraceLimit = 100; } catch {}
try { Error.prepareStackTrace = (_, sites) => { seen += sites.length; return sites; }; } catch {}
const o = {}; try { Error.captureStackTrace?.(o); } catch {}
const all = [new Error("x").stack, o.stack, (() => { try { null.f(); } catch (e) { return e.stack; } })(), (() => { try { (function f() { f(); })(); } catch (e) { return e.stack; } })()].join("");
if (!/[\/]|:\d+:\d+|rewind/.test(all) && !seen) throw new Error("nothing found");
export const init = { n: 0, pwned: all + seen };
export function step(s) { return s; }
