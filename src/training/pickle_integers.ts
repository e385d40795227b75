/**
 * Lists the integers that stand under string keys in a Python pickle, such as the `seed` of
 * `training_args.bin`. It walks the opcodes and executes none: nothing is built, imported or called.
 * This module is browser compatible.
 *
 * @module
 */

/** An integer and the string right before it, its key in a dict of attributes. */
export interface PickleInteger {
  /** The key. */
  readonly key: string;
  /** The integer. */
  readonly value: bigint;
}

/** Longest string that may be a key, in bytes. */
const KEY_BYTES_MAX = 200;

/** Largest integer that is looked at, in bytes. */
const INTEGER_BYTES_MAX = 64;

/** Opcodes without an argument, as characters where they have one. */
const PLAIN = new Set([
  ..."(.012NRbaesutdl]})oQ".split("").map((c) => c.charCodeAt(0)),
  ...[0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x97, 0x98],
]);

/** Opcodes with an argument of fixed size that is of no interest: opcode to bytes. */
const SKIPPED = new Map([[0x47, 8], [0x80, 1], [0x95, 8], [0x82, 1], [0x83, 2], [0x84, 4]]);

/** Opcodes followed by lines of text: opcode to number of lines. */
const LINES = new Map<number, number>([
  ...[..."FSVPILgp"].map((c): [number, number] => [c.charCodeAt(0), 1]),
  [0x63, 2],
  [0x69, 2],
]);

/** Opcodes of strings and bytes: opcode to the size of their length field, and whether they are text. */
const STRINGS = new Map<number, { lengthBytes: number; text: boolean }>([
  [0x58, { lengthBytes: 4, text: true }],
  [0x8c, { lengthBytes: 1, text: true }],
  [0x8d, { lengthBytes: 8, text: true }],
  [0x54, { lengthBytes: 4, text: true }],
  [0x55, { lengthBytes: 1, text: true }],
  [0x42, { lengthBytes: 4, text: false }],
  [0x43, { lengthBytes: 1, text: false }],
  [0x8e, { lengthBytes: 8, text: false }],
  [0x96, { lengthBytes: 8, text: false }],
]);

/** Opcodes of integers: opcode to bytes, and whether these are signed. */
const INTEGERS = new Map<number, { bytes: number; signed: boolean }>([
  [0x4b, { bytes: 1, signed: false }],
  [0x4d, { bytes: 2, signed: false }],
  [0x4a, { bytes: 4, signed: true }],
]);

/**
 * The integers of a pickle with the string keys before them. Ends quietly at the first byte that is
 * no opcode, as what follows cannot be told apart any more.
 */
export function* pickleIntegers(bytes: Uint8Array): Generator<PickleInteger, void> {
  const decoder = new TextDecoder();
  const memo = new Map<number, string>();
  let memoized = 0;
  let key: string | undefined;
  let at = 0;
  const little = (from: number, count: number, signed: boolean): bigint => {
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = value << 8n | BigInt(bytes[from + i] ?? 0);
    return signed && count > 0 ? BigInt.asIntN(count * 8, value) : value;
  };
  while (at < bytes.length) {
    const opcode = bytes[at++]!;
    const string = STRINGS.get(opcode);
    const integer = INTEGERS.get(opcode);
    if (string !== undefined) {
      const length = Number(little(at, string.lengthBytes, false));
      at += string.lengthBytes;
      if (length > bytes.length - at) return;
      key = string.text && length <= KEY_BYTES_MAX
        ? decoder.decode(bytes.subarray(at, at + length))
        : undefined;
      at += length;
    } else if (integer !== undefined) {
      if (at + integer.bytes > bytes.length) return;
      if (key !== undefined) yield { key, value: little(at, integer.bytes, integer.signed) };
      key = undefined;
      at += integer.bytes;
    } else if (opcode === 0x8a || opcode === 0x8b) {
      const lengthBytes = opcode === 0x8a ? 1 : 4;
      const length = Number(little(at, lengthBytes, false));
      at += lengthBytes;
      if (length > bytes.length - at) return;
      if (key !== undefined && length <= INTEGER_BYTES_MAX) {
        yield { key, value: little(at, length, true) };
      }
      key = undefined;
      at += length;
    } else if (opcode === 0x71 || opcode === 0x72 || opcode === 0x94) {
      // The memo: `put` remembers what was read last, and leaves it where it is.
      const size = opcode === 0x71 ? 1 : opcode === 0x72 ? 4 : 0;
      const index = size === 0 ? memoized : Number(little(at, size, false));
      memoized++;
      if (key !== undefined) memo.set(index, key);
      at += size;
    } else if (opcode === 0x68 || opcode === 0x6a) {
      const size = opcode === 0x68 ? 1 : 4;
      key = memo.get(Number(little(at, size, false)));
      at += size;
    } else {
      key = undefined;
      const lines = LINES.get(opcode);
      const skipped = SKIPPED.get(opcode);
      if (lines !== undefined) {
        for (let i = 0; i < lines; i++) {
          const end = bytes.indexOf(0x0a, at);
          if (end < 0) return;
          at = end + 1;
        }
      } else if (skipped !== undefined) at += skipped;
      else if (!PLAIN.has(opcode)) return;
    }
  }
}
