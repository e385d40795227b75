/**
 * What was made or read last, as long as there is room.
 * This module is browser compatible.
 *
 * @module
 */

/** Values by number, of which those go first that were asked for longest ago. */
export class Kept<V> {
  readonly #bytesMax: number;
  readonly #countMax: number;
  readonly #values = new Map<number, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  /** Keeps so many bytes and values; the last one always. */
  constructor({ bytesMax, countMax = Infinity }: { bytesMax: number; countMax?: number }) {
    this.#bytesMax = bytesMax;
    this.#countMax = countMax;
  }

  /** The value of a number, if it is there. */
  get(key: number): V | undefined {
    const known = this.#values.get(key);
    if (known === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, known);
    return known.value;
  }

  /** Keeps a value of so many bytes, in the place of the one before. */
  set(key: number, value: V, bytes: number): void {
    this.#drop(key);
    this.#values.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#values.keys()) {
      const hasRoom = this.#bytes <= this.#bytesMax && this.#values.size <= this.#countMax;
      if (hasRoom || oldest === key) break;
      this.#drop(oldest);
    }
  }

  #drop(key: number): void {
    this.#bytes -= this.#values.get(key)?.bytes ?? 0;
    this.#values.delete(key);
  }
}
