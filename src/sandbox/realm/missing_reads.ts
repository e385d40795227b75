/**
 * Finds names that a function asks of states and that no state has: `s.infectd > 5` is false of every state, and a
 * search for it finds nothing.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind, isContainerKind } from "../../codec/data_kind.ts";
import { propertySegment, ROOT_PATH } from "../../codec/state_path.ts";
import { suggestion } from "../../text/suggestion.ts";
import type { MissingRead } from "../wire/answers.ts";
import { READS_MAX } from "../wire/requests.ts";

/** Names that are asked for without anybody having written them. */
const IMPLICIT = new Set(["toJSON", "then"]);

/** How a name was read in one place: a place in any element of an array is one. */
interface Read {
  readonly path: string;
  readonly name: string;
  /** What to write in its place; empty where that is not known. */
  readonly hint: string;
  wasThere: boolean;
}

/**
 * The names that were read, and were never there.
 *
 * @param look The function; what it throws is passed over.
 * @param states States with their t, which may be changed.
 */
export function missingReads(
  look: (state: unknown, t: number) => unknown,
  states: Iterable<{ readonly state: unknown; readonly t: number }>,
): MissingRead[] {
  const watch = new Watch();
  for (const { state, t } of states) {
    try {
      look(watch.over(state, ROOT_PATH), t);
    } catch {
      // A class with private fields, say: nothing is known then.
    }
  }
  return watch.missing().slice(0, READS_MAX).map(({ path, name, hint }) => ({
    path: path + propertySegment(name),
    hint,
  }));
}

/** What to write in the place of a name that an object does not have. */
function hintOf(object: object, name: string): string {
  if (object instanceof Map && name !== "length") {
    return `a Map is asked for an entry with .get(${JSON.stringify(name)})`;
  }
  if (object instanceof Map || object instanceof Set) return "did you mean 'size'?";
  if (Array.isArray(object) && name === "size") return "did you mean 'length'?";
  return suggestion(name, Object.keys(object)) ?? "";
}

/** Looks at a function that looks at states. */
class Watch {
  readonly #reads = new Map<string, Read>();
  readonly #views = new WeakMap<object, object>();

  missing(): Read[] {
    return [...this.#reads.values()].filter(({ wasThere }) => !wasThere);
  }

  /** A value behind a Proxy that notes what is read of it; Maps, bytes and the like as they are. */
  over(value: unknown, path: string): unknown {
    if (typeof value !== "object" || value === null) return value;
    const kind = dataKind(value);
    if (kind !== undefined && !isContainerKind(kind)) return value;
    const known = this.#views.get(value);
    if (known !== undefined) return known;
    if (value instanceof Map || value instanceof Set) return this.#overEntries(value, path);
    // An empty target, as what a frozen one gives may not be replaced.
    const view = new Proxy<object>(Array.isArray(value) ? [] : {}, this.#handler(value, path));
    this.#views.set(value, view);
    return view;
  }

  /** A Map or Set, whose methods work on it alone; its entries as they are. */
  #overEntries(entries: Map<unknown, unknown> | Set<unknown>, path: string): unknown {
    const view = new Proxy(entries, {
      get: (_, key) => {
        const value = Reflect.get(entries, key, entries) as unknown;
        if (typeof key === "string" && !IMPLICIT.has(key)) this.#note(entries, path, key);
        return typeof value === "function" ? value.bind(entries) as unknown : value;
      },
    });
    this.#views.set(entries, view);
    return view;
  }

  #handler(object: object, path: string): ProxyHandler<object> {
    const isList = Array.isArray(object);
    const get = (key: string | symbol): unknown => {
      const value = Reflect.get(object, key) as unknown;
      if (typeof key === "symbol") return value;
      const isElement = isList && /^\d+$/.test(key);
      if (!isElement && !IMPLICIT.has(key)) this.#note(object, path, key);
      return this.over(value, isElement ? `${path}[]` : path + propertySegment(key));
    };
    return {
      get: (_, key) => get(key),
      has: (_, key) => Reflect.has(object, key),
      set: (_, key, value) => Reflect.set(object, key, value),
      deleteProperty: (_, key) => Reflect.deleteProperty(object, key),
      ownKeys: () => Reflect.ownKeys(object),
      getPrototypeOf: () => Reflect.getPrototypeOf(object),
      getOwnPropertyDescriptor(_, key) {
        const found = Reflect.getOwnPropertyDescriptor(object, key);
        if (found === undefined || (isList && key === "length")) return found;
        return {
          value: get(key),
          writable: true,
          enumerable: found.enumerable!,
          configurable: true,
        };
      },
    };
  }

  #note(object: object, path: string, name: string): void {
    const id = JSON.stringify([path, name]);
    const wasThere = Reflect.has(object, name);
    const read = this.#reads.get(id);
    if (read !== undefined) read.wasThere ||= wasThere;
    else this.#reads.set(id, { path, name, hint: wasThere ? "" : hintOf(object, name), wasThere });
  }
}
