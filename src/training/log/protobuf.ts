/**
 * Walks the fields of a Protocol Buffers message in wire format. Event files and W&B logs need a
 * dozen fields of it, not a runtime with generated classes.
 * This module is browser compatible.
 *
 * @module
 */

/** The bytes are no message: a field is cut short or of an unknown wire type. */
export class ProtobufError extends Error {
  /** Names the error after its class. */
  override readonly name = "ProtobufError";
}

/** Deepest nesting of groups (an obsolete wire type) that is skipped. */
const GROUP_DEPTH_MAX = 32;

/**
 * A cursor over one message. Call `next` until it is false; after each, `field` says which field it
 * is, and one of the reading methods may be called; a field that is not read is skipped.
 */
export class ProtobufCursor {
  /** Number of the current field. */
  field = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #wireType = 0;
  #unread = false;

  /** Starts before the first field. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to the next field; false at the end. */
  next(): boolean {
    if (this.#unread) this.#skip(this.#wireType, 0);
    if (this.#at >= this.#bytes.length) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.#wireType = tag % 8;
    if (this.field === 0 || tag < 0) throw new ProtobufError("field number 0");
    this.#unread = true;
    return true;
  }

  /** An int64, int32, uint64, bool or enum; above 2^53 it is rounded. */
  integer(): number {
    this.#expect(0);
    return this.#varint();
  }

  /** A double or float. */
  number(): number {
    const wide = this.#wireType === 1;
    if (!wide) this.#expect(5);
    this.#unread = false;
    const at = this.#take(wide ? 8 : 4);
    return wide ? this.#view.getFloat64(at, true) : this.#view.getFloat32(at, true);
  }

  /** Bytes, a string or a message; a view of the message's own bytes. */
  bytes(): Uint8Array {
    this.#expect(2);
    const length = this.#varint();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A UTF-8 string. */
  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  /** A cursor over the message in this field. */
  message(): ProtobufCursor {
    return new ProtobufCursor(this.bytes());
  }

  /** Whether the current field holds bytes, a string, a message or packed numbers. */
  get isLengthDelimited(): boolean {
    return this.#wireType === 2;
  }

  #expect(wireType: number): void {
    if (this.#wireType !== wireType || !this.#unread) {
      throw new ProtobufError(`field ${this.field} has wire type ${this.#wireType}`);
    }
    this.#unread = false;
  }

  #varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#at >= this.#bytes.length) throw new ProtobufError("a number is cut short");
      const byte = this.#bytes[this.#at++]!;
      const part = byte & 0x7f;
      if (shift < 28) low += part * 2 ** shift;
      else if (shift < 63) high += part * 2 ** (shift - 28);
      else high += (part & 1) * 2 ** 35;
      if (byte < 0x80) {
        // 36 bits are left in `high`: its top one is the sign of an int64.
        return high >= 2 ** 35 ? (high - 2 ** 36) * 2 ** 28 + low : high * 2 ** 28 + low;
      }
    }
    throw new ProtobufError("a number does not end");
  }

  #take(length: number): number {
    const at = this.#at;
    if (length < 0 || length > this.#bytes.length - at) {
      throw new ProtobufError(`field ${this.field} is cut short`);
    }
    this.#at = at + length;
    return at;
  }

  #skip(wireType: number, depth: number): void {
    this.#unread = false;
    switch (wireType) {
      case 0:
        this.#varint();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.#take(this.#varint());
        return;
      case 3:
        for (;;) {
          const inner = this.#varint() % 8;
          if (inner === 4) return;
          if (depth >= GROUP_DEPTH_MAX) throw new ProtobufError("groups nest too deep");
          this.#skip(inner, depth + 1);
        }
      case 5:
        this.#take(4);
        return;
      default:
        throw new ProtobufError(`field ${this.field} has wire type ${wireType}`);
    }
  }
}
