/**
 * What functions of a state see, as plain data: instances of classes as objects of their fields. For showing
 * only, as methods, accessors and private fields are left out.
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
 */
export function plainView(value: unknown): unknown {
  return new View().of(value);
}

/** Objects and their views; those that are still to be filled wait in a queue, so that depth costs no stack. */
class View {
  readonly #views = new Map<object, object>();
  readonly #waiting: (() => void)[] = [];

  of(value: unknown): unknown {
    const view = this.#viewOf(value);
    for (let fill = this.#waiting.pop(); fill !== undefined; fill = this.#waiting.pop()) fill();
    return view;
  }

  #viewOf(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return isData(value) ? value : undefined;
    const known = this.#views.get(value);
    if (known !== undefined) return known;
    const kind = dataKind(value);
    // Bytes and dates have no parts: they are data as they are.
    if (kind !== undefined && !isContainerKind(kind)) return value;
    const view = kind === "Map" ? new Map() : kind === "Set" ? new Set() : isArray(value) ? [] : {};
    this.#views.set(value, view);
    this.#waiting.push(() => this.#fill(value, view));
    return view;
  }

  #fill(value: object, view: object): void {
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
        (view as unknown[]).push(this.#viewOf(getOwnPropertyDescriptor(value, i)?.value));
      }
    } else {
      for (const name of objectKeys(value)) {
        const found = getOwnPropertyDescriptor(value, name);
        if (found?.writable === undefined || !isData(found.value)) continue;
        addProperty(view as Record<string, unknown>, name, this.#viewOf(found.value));
      }
    }
  }
}

function isData(value: unknown): boolean {
  return typeof value !== "function" && typeof value !== "symbol";
}
