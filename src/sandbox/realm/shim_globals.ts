/**
 * The globals that shims give: `performance` and `crypto`, as much of them as libraries use to tell the time
 * and to draw.
 * This module is browser compatible.
 *
 * @module
 */

import { MISSING_GLOBALS } from "./denials.ts";
import { deny } from "./user_code.ts";
import { replaceBuiltin } from "./replace_builtin.ts";
import type { RealmShims } from "./shims.ts";

/** As the Web Crypto API has it. */
const RANDOM_BYTES_MAX = 65_536;

/** Makes the globals. @returns Their names. */
export function installShims(shims: RealmShims): ReadonlySet<PropertyKey> {
  const names = new Set<PropertyKey>();
  if (shims.hasClock) {
    const timeOrigin = shims.now()!;
    replaceBuiltin(globalThis, "performance", { now: () => shims.elapsed(), timeOrigin });
    names.add("performance");
  }
  if (shims.hasRandom) {
    replaceBuiltin(globalThis, "crypto", {
      getRandomValues: (target: Uint8Array) => fill(target, shims),
      randomUUID: () => uuid(fill(new Uint8Array(16), shims)),
    });
    names.add("crypto");
  }
  return names;
}

/** Fills integers with random bytes, four at a time. */
function fill<T extends Uint8Array>(target: T, shims: RealmShims): T {
  if (!ArrayBuffer.isView(target) || /Float|DataView/.test(kindOf(target))) {
    throw new TypeError("crypto.getRandomValues() takes typed arrays of integers");
  }
  if (target.byteLength > RANDOM_BYTES_MAX) {
    throw new RangeError(`crypto.getRandomValues() gives at most ${RANDOM_BYTES_MAX} bytes`);
  }
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  let word = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (i % 4 === 0) word = shims.bits() ?? deny(MISSING_GLOBALS.get("crypto")!);
    bytes[i] = word >>> (8 * (i % 4));
  }
  return target;
}

function kindOf(target: ArrayBufferView): string {
  return Object.prototype.toString.call(target);
}

/** A random UUID (RFC 9562, version 4) of 16 bytes. */
function uuid(bytes: Uint8Array): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
