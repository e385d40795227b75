/**
 * Decodes names that come again and again, as those of an event stream do, once each.
 * This module is browser compatible.
 *
 * @module
 */

/** A name that was seen before. */
export interface CachedName {
  /** The name. */
  readonly text: string;
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Its place in the order of first appearance. */
  readonly index: number;
  /** What its user found out about it, such as its column; -2 until then. */
  id: number;
}

/** Names beyond these are decoded each time. */
const NAMES_MAX = 10_000;

/**
 * See the module. Event streams repeat their names in one order, so the next one is tried first; labels
 * repeat themselves, so the last one is tried second.
 */
export class NameCache {
  readonly #names: CachedName[] = [];
  readonly #byText = new Map<string, CachedName>();
  readonly #decoder = new TextDecoder();
  #next = 0;
  #last: CachedName | undefined;

  /** The name whose bytes are [from, to). */
  find(bytes: Uint8Array, from: number, to: number): CachedName {
    let name = this.#names[this.#next];
    if (name === undefined || !equals(bytes, from, to, name.bytes)) name = this.#last;
    if (name === undefined || !equals(bytes, from, to, name.bytes)) {
      const text = this.#decoder.decode(bytes.subarray(from, to));
      name = this.#byText.get(text);
      if (name === undefined) {
        name = { text, bytes: bytes.slice(from, to), index: this.#names.length, id: -2 };
        if (this.#names.length >= NAMES_MAX) return name;
        this.#names.push(name);
        this.#byText.set(text, name);
      }
    }
    this.#last = name;
    this.#next = name.index + 1 === this.#names.length ? 0 : name.index + 1;
    return name;
  }
}

function equals(bytes: Uint8Array, from: number, to: number, part: Uint8Array): boolean {
  if (to - from !== part.length) return false;
  for (let k = 0; k < part.length; k++) {
    if (bytes[from + k] !== part[k]) return false;
  }
  return true;
}
