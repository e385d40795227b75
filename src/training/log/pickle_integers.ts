/**
 * Lists the integers that stand under string keys in the dicts of a Python pickle, such as the `seed`
 * of `training_args.bin`. It follows the opcodes on a stack of strings, integers and blanks: nothing
 * is built, imported or called, whatever the pickle asks for.
 * This module is browser compatible.
 *
 * @module
 */

/** An integer and its key in a dict. */
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

/** What the stack holds: a string, an integer, a mark, or anything else. */
type Item = string | bigint | typeof MARK | undefined;
const MARK = Symbol("mark");

/** Opcodes of strings and bytes: opcode to the size of their length field, and whether they are text. */
const STRINGS = new Map([
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

/** Opcodes of integers of fixed size: opcode to bytes, and whether these are signed. */
const INTEGERS = new Map([
  [0x4b, { size: 1, signed: false }],
  [0x4d, { size: 2, signed: false }],
  [0x4a, { size: 4, signed: true }],
]);

/** What other opcodes do to the stack: items taken (`Infinity`: all down to the mark), then one blank pushed or none. */
const EFFECTS = new Map<number, readonly [takes: number, pushes: 0 | 1]>();
const EFFECT_GROUPS: readonly (readonly [string, number, 0 | 1])[] = [
  ["N)FSVPIL\x88\x89\x97\x82\x83\x84\x47", 0, 1], // constants, texts, extensions
  ["\x80\x95\x98p", 0, 0], // PROTO, FRAME, READONLY_BUFFER, PUT
  ["0ba", 1, 0], // POP, BUILD, APPEND
  ["Q\x85", 1, 1], // BINPERSID, TUPLE1
  ["R\x81\x86\x93", 2, 1], // REDUCE, NEWOBJ, TUPLE2, STACK_GLOBAL
  ["\x87\x92", 3, 1], // TUPLE3, NEWOBJ_EX
  ["1e\x90", Infinity, 0], // POP_MARK, APPENDS, ADDITEMS
  ["tlo\x91i", Infinity, 1], // TUPLE, LIST, OBJ, FROZENSET, INST
  ["cg]}\x8f", 0, 1], // GLOBAL, GET, EMPTY_LIST, EMPTY_DICT, EMPTY_SET
];
for (const [opcodes, takes, pushes] of EFFECT_GROUPS) {
  for (const c of opcodes) EFFECTS.set(c.charCodeAt(0), [takes, pushes]);
}

/** Bytes, or lines of text, that follow opcodes and mean nothing here. */
const ARGUMENT_BYTES = new Map([[0x47, 8], [0x80, 1], [0x95, 8], [0x82, 1], [0x83, 2], [0x84, 4]]);
const ARGUMENT_LINES = new Map([[0x63, 2], [0x69, 2]]);
for (const c of "FSVPILgp") ARGUMENT_LINES.set(c.charCodeAt(0), 1);

/**
 * The integers of a pickle with their keys. Ends quietly at the first byte that is no opcode, as what
 * follows cannot be told apart any more. Several pickles in a row are read as one.
 */
export function* pickleIntegers(bytes: Uint8Array): Generator<PickleInteger, void> {
  const decoder = new TextDecoder();
  const stack: Item[] = [];
  const memo = new Map<number, Item>();
  let memoized = 0;
  let at = 0;
  const unsigned = (size: number): number =>
    Number(readInteger(bytes, { at, size, signed: false }));
  const take = (count: number): Item[] => {
    const mark = count === Infinity ? stack.lastIndexOf(MARK) : stack.length - count;
    const items = stack.splice(Math.max(0, mark));
    return count === Infinity ? items.slice(1) : items;
  };
  while (at < bytes.length) {
    const opcode = bytes[at++]!;
    const string = STRINGS.get(opcode);
    const integer = INTEGERS.get(opcode);
    const effect = EFFECTS.get(opcode);
    if (string !== undefined) {
      const length = unsigned(string.lengthBytes);
      at += string.lengthBytes;
      if (length > bytes.length - at) return;
      const isKey = string.text && length <= KEY_BYTES_MAX;
      stack.push(isKey ? decoder.decode(bytes.subarray(at, at + length)) : undefined);
      at += length;
    } else if (integer !== undefined) {
      stack.push(readInteger(bytes, { at, ...integer }));
      at += integer.size;
    } else if (opcode === 0x8a || opcode === 0x8b) { // LONG1, LONG4
      const lengthBytes = opcode === 0x8a ? 1 : 4;
      const size = unsigned(lengthBytes);
      at += lengthBytes;
      if (size > bytes.length - at) return;
      stack.push(
        size <= INTEGER_BYTES_MAX ? readInteger(bytes, { at, size, signed: true }) : undefined,
      );
      at += size;
    } else if (opcode === 0x71 || opcode === 0x72 || opcode === 0x94) { // BINPUT, LONG_BINPUT, MEMOIZE
      const size = opcode === 0x71 ? 1 : opcode === 0x72 ? 4 : 0;
      memo.set(size === 0 ? memoized : unsigned(size), stack.at(-1));
      memoized++;
      at += size;
    } else if (opcode === 0x68 || opcode === 0x6a) { // BINGET, LONG_BINGET
      const size = opcode === 0x68 ? 1 : 4;
      stack.push(memo.get(unsigned(size)));
      at += size;
    } else if (opcode === 0x28) stack.push(MARK);
    else if (opcode === 0x32) stack.push(stack.at(-1)); // DUP
    else if (opcode === 0x2e) stack.length = 0; // STOP
    else if (opcode === 0x73 || opcode === 0x75 || opcode === 0x64) { // SETITEM, SETITEMS, DICT
      const items = take(opcode === 0x73 ? 2 : Infinity);
      for (let i = 0; i + 1 < items.length; i += 2) {
        const key = items[i];
        const value = items[i + 1];
        if (typeof key === "string" && typeof value === "bigint") yield { key, value };
      }
      if (opcode === 0x64) stack.push(undefined);
    } else {
      if (effect === undefined) return;
      for (let i = ARGUMENT_LINES.get(opcode) ?? 0; i > 0; i--) {
        const end = bytes.indexOf(0x0a, at);
        if (end < 0) return;
        at = end + 1;
      }
      at += ARGUMENT_BYTES.get(opcode) ?? 0;
      if (effect[0] > 0) take(effect[0]);
      if (effect[1] === 1) stack.push(undefined);
    }
  }
}

function readInteger(
  bytes: Uint8Array,
  { at, size, signed }: { at: number; size: number; signed: boolean },
): bigint {
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = value << 8n | BigInt(bytes[at + i] ?? 0);
  return signed ? BigInt.asIntN(size * 8, value) : value;
}
