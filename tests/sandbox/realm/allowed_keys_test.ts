import { assertEquals } from "@std/assert";
import { hiddenPrototypes, KeyFilter } from "../../../src/sandbox/realm/allowed_keys.ts";
import { ALLOWED_GLOBALS } from "../../../src/sandbox/realm/realm_globals.ts";

/** All objects of the language, each by a way to it. */
function crawl(): Map<object, string> {
  const found = new Map<object, string>();
  const queue: [value: unknown, path: string][] = [
    // The console is not the runtime's.
    ...[...ALLOWED_GLOBALS].filter((name) => name !== "globalThis" && name !== "console").map((
      name,
    ): [unknown, string] => [(globalThis as Record<PropertyKey, unknown>)[name], String(name)]),
    ...hiddenPrototypes().map((value, i): [unknown, string] => [value, `hidden ${i}`]),
  ];
  for (const [value, path] of queue) {
    if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
    if (found.has(value)) continue;
    found.set(value, path);
    queue.push([Object.getPrototypeOf(value), `${path}^`]);
    for (const key of Reflect.ownKeys(value)) {
      if (key === "__proto__") continue;
      const { value: held, get, set } = Object.getOwnPropertyDescriptor(value, key)!;
      for (const next of [held, get, set]) queue.push([next, `${path}.${String(key)}`]);
    }
  }
  return found;
}

Deno.test("KeyFilter knows every key of this engine: look at a new one before it is allowed", () => {
  const filter = new KeyFilter(hiddenPrototypes());
  const objects = crawl();
  const surplus = [...objects].flatMap(([value, path]) =>
    filter.surplusOf(value).map((key) => `${path}.${String(key)}`)
  );
  // It leads to Temporal.
  assertEquals(surplus, ["Date.prototype.toTemporalInstant"]);
  assertEquals(objects.size > 600, true);
});

Deno.test("KeyFilter finds a key that an engine adds, on constructors, prototypes and hidden ones", () => {
  const filter = new KeyFilter(hiddenPrototypes());
  const iterator = Object.getPrototypeOf([].values()) as object;
  for (
    const value of [Map, Map.prototype, RangeError.prototype, Float32Array, iterator, Math.sin]
  ) {
    assertEquals(filter.surplusOf(value), []);
    Object.defineProperty(value, "added", { value: 1, configurable: true });
    assertEquals(filter.surplusOf(value), ["added"]);
    Reflect.deleteProperty(value, "added");
  }
});
