/**
 * Views that share a buffer, while a state is decoded: made one by one, and judged when all of them are known. Only a
 * group that the encoder would have made may be there.
 * This module is browser compatible.
 *
 * @module
 */

import { swapElements } from "./float_bytes.ts";
import { EXTENSIBLE, integrityOf } from "./integrity.ts";
import {
  arrayBufferByteLength,
  ArrayBufferPrototype,
  getPrototypeOf,
  isSafeInteger,
  LITTLE_ENDIAN,
  mapGet,
  mapSet,
  NativeDataView,
  NativeMap,
  NativeUint8Array,
} from "./intrinsics.ts";
import { indexOfOtherNaN, kindOfExtType, UINT8_KIND } from "./raw_forms.ts";
import { ViewGroups } from "./view_groups.ts";
import { EXT_DATA_VIEW, SHARED_UINT8 } from "./wire_format.ts";
import type { RawView, SharedKind, ViewGroup, ViewPlace } from "./types.ts";

/** The kind that a code stands for, if it does. */
export function sharedKind(code: number): SharedKind | undefined {
  if (code === EXT_DATA_VIEW) return "DataView";
  return code === SHARED_UINT8 ? UINT8_KIND : kindOfExtType(code);
}

/** Whether a buffer is also a value of the state, by itself; in a box, as that shows later. */
interface Membership {
  isValue: boolean;
}

/** The views of one state that share buffers. */
export class DecodedViews {
  /** Buffers that were first met as what a view shows. */
  readonly #memberships = new NativeMap<object, Membership>();
  readonly #views: RawView[] = [];

  /** Makes a view, of a buffer that is first met here or not; undefined if it cannot be. */
  add({ kind, buffer, offset, length }: ViewPlace, isNew: boolean): object | undefined {
    if (getPrototypeOf(buffer) !== ArrayBufferPrototype) return undefined;
    const elementBytes = kind === "DataView" ? 1 : kind.elementBytes;
    const fits = isCount(offset) && isCount(length) && offset % elementBytes === 0 &&
      offset + length * elementBytes <= arrayBufferByteLength(buffer);
    if (!fits) return undefined;
    if (isNew) mapSet(this.#memberships, buffer, { isValue: false });
    const value = kind === "DataView"
      ? new NativeDataView(buffer as ArrayBuffer, offset, length)
      : new kind.Constructor(buffer as ArrayBuffer, offset, length);
    this.#views[this.#views.length] = {
      value,
      kind,
      buffer: buffer as ArrayBuffer,
      start: offset,
      end: offset + length * elementBytes,
    };
    return value;
  }

  /** Takes in that an object is referred to as a value. */
  addValue(object: object): void {
    const membership = mapGet(this.#memberships, object);
    if (membership !== undefined) membership.isValue = true;
  }

  /** What the encoder would not have written so; undefined if all is well. */
  problem(): string | undefined {
    const groups = new ViewGroups();
    for (let i = 0; i < this.#views.length; i++) {
      const view = this.#views[i]!;
      if (this.#isHidden(view.buffer)) groups.note(view, false);
    }
    groups.join();
    for (let i = 0; i < this.#views.length; i++) {
      const { value, buffer } = this.#views[i]!;
      if (this.#isHidden(buffer) && groups.groupOf(value) === undefined) {
        return "has a shared view that shares nothing";
      }
    }
    const { all } = groups;
    for (let i = 0; i < all.length; i++) {
      const why = problemOf(all[i]!);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** Whether a buffer is no value of the state, but only what views show. */
  #isHidden(buffer: object): boolean {
    return mapGet(this.#memberships, buffer)?.isValue === false;
  }
}

function isCount(value: unknown): value is number {
  return isSafeInteger(value) && value as number >= 0;
}

function problemOf({ buffer, start, end, padding, kind }: ViewGroup): string | undefined {
  const length = arrayBufferByteLength(buffer);
  const bytes = new NativeUint8Array(buffer);
  let isShown = start === 0 && end === length;
  for (let i = 0; i < padding; i++) if (bytes[i] !== 0) isShown = false;
  if (!isShown) return "has a shared buffer with bytes that no view shows";
  if (integrityOf(buffer) !== EXTENSIBLE) {
    return "marks a buffer as not extensible that is no value of the state";
  }
  if (kind === undefined || kind.elementBytes === 1) return undefined;
  const { elementBytes } = kind;
  const image = LITTLE_ENDIAN ? bytes : new NativeUint8Array(bytes);
  if (!LITTLE_ENDIAN) swapElements(bytes, 0, length, elementBytes);
  const elements = new kind.Constructor(buffer);
  if (!kind.isFloat) return undefined;
  const other = indexOfOtherNaN(elements, length / elementBytes, elementBytes, image, 0);
  return other < 0 ? undefined : "has a NaN that is not canonical in a shared buffer";
}
