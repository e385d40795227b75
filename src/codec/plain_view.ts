/**
 * What functions of a state see, as plain data: instances of classes as objects of their fields. For showing
 * only, as methods and accessors are left out, and private fields where an instance has others.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind, isContainerKind } from "./data_kind.ts";
import {
  getOwnPropertyDescriptor,
  isArray,
  mapEntries,
  mapNext,
  objectKeys,
  setNext,
  setValues,
} from "./intrinsics.ts";
import { addProperty } from "./properties.ts";

/**
 * Plain data of the same shape; sharing and cycles are kept. No code of the state runs, but for traps of a Proxy.
 *
 * @param value Anything; what is no data is left out.
 * @param encoded What a codec makes of it: what stands there in the place of an instance that has no fields but private
 * ones is shown for it.
 */
export function plainView(value: unknown, encoded?: unknown): unknown {
  return new View().of(value, encoded);
}

/** Objects and their views; those that are still to be filled wait in a queue, so that depth costs no stack. */
class View {
  readonly #views = new Map<object, object>();
  readonly #waiting: (() => void)[] = [];

  of(value: unknown, encoded: unknown): unknown {
    const view = this.#viewOf(value, encoded);
    for (let fill = this.#waiting.pop(); fill !== undefined; fill = this.#waiting.pop()) fill();
    return view;
  }

  #viewOf(value: unknown, encoded?: unknown): unknown {
    if (typeof value !== "object" || value === null) return isData(value) ? value : undefined;
    const known = this.#views.get(value);
    if (known !== undefined) return known;
    const kind = dataKind(value);
    // Bytes and dates have no parts: they are data as they are.
    if (kind !== undefined && !isContainerKind(kind)) return value;
    const isClosed = kind === undefined && objectKeys(value).length === 0;
    if (isClosed && encoded !== undefined && encoded !== value) return this.#viewOf(encoded);
    const view = kind === "Map" ? new Map() : kind === "Set" ? new Set() : isArray(value) ? [] : {};
    this.#views.set(value, view);
    this.#waiting.push(() => this.#fill(value, view, encoded));
    return view;
  }

  #fill(value: object, view: object, encoded: unknown): void {
    if (view instanceof Map) {
      const entries = mapEntries(value as Map<unknown, unknown>);
      for (let next = mapNext(entries); !next.done; next = mapNext(entries)) {
        const [key, item] = next.value as [unknown, unknown];
        view.set(this.#viewOf(key), this.#viewOf(item));
      }
    } else if (view instanceof Set) {
      const values = setValues(value as Set<unknown>);
      for (let next = setNext(values); !next.done; next = setNext(values)) {
        view.add(this.#viewOf(next.value));
      }
    } else if (isArray(view)) {
      const { length } = value as unknown[];
      for (let i = 0; i < length; i++) {
        const item: unknown = getOwnPropertyDescriptor(value, i)?.value;
        (view as unknown[]).push(this.#viewOf(item, partOf(encoded, i)));
      }
    } else {
      for (const name of objectKeys(value)) {
        const found = getOwnPropertyDescriptor(value, name);
        if (found?.writable === undefined || !isData(found.value)) continue;
        const part = this.#viewOf(found.value, partOf(encoded, name));
        addProperty(view as Record<string, unknown>, name, part);
      }
    }
  }
}

/** What stands in the same place of what was encoded; undefined where there is nothing. */
function partOf(encoded: unknown, name: PropertyKey): unknown {
  if (typeof encoded !== "object" || encoded === null) return undefined;
  return getOwnPropertyDescriptor(encoded, name)?.value;
}

function isData(value: unknown): boolean {
  return typeof value !== "function" && typeof value !== "symbol";
}
