/**
 * Pickles read as data: a machine with a stack and a memo, and without any opcode that names, makes
 * or calls something. (NumPy's own values come as calls; `numpy_pickle.ts` says which of them are
 * recognized, again as data.) This module is browser compatible.
 *
 * @module
 */

import { bigintFromBytes } from "../../codec/bigint_bytes.ts";
import { UnsafeArtifactError } from "../../errors.ts";
import { PEER_VALUES_MAX } from "../limits.ts";
import { damaged } from "./damage.ts";
import { buildNumpy, nameNumpy, reduceNumpy } from "./numpy_pickle.ts";
import { OP, UNSAFE_OPCODES, UNUSED_OPCODES } from "./pickle_opcodes.ts";
import { floatOfText, integerOfText, unescapeText } from "./pickle_text.ts";
import { decodePythonText } from "./python_text.ts";
import {
  EMPTY_TUPLE,
  PythonBytes,
  pythonBytes,
  PythonDict,
  PythonFloat,
  PythonSequence,
  PythonSet,
  PythonText,
  pythonText,
  pythonTuple,
  type PythonValue,
} from "./python_values.ts";

const PROTOCOL_MAX = 5;
/** Longest integer, in bytes of two's complement; keeps the cost of BigInt's arithmetic small. */
const INT_BYTES_MAX = 2 ** 16;
/** Longest line of protocol 0, in bytes; its characters are put together one by one. */
const LINE_BYTES_MAX = 2 ** 20;
/**
 * Reads a pickle of plain data.
 *
 * @returns The value; parts that the pickle shares are the same object, and it can contain itself.
 * @throws {UnsafeArtifactError} If the pickle asks for anything but data; the message names it.
 * @throws {ArtifactIntegrityError} If it is damaged, has more than one value, or is too large.
 */
export function readPickle(bytes: Uint8Array): PythonValue {
  return new PickleReader(bytes).read();
}

class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  #opcodeOffset = 0;
  #values = 0;
  readonly #stack: PythonValue[] = [];
  /** Heights of the stack at the marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PythonValue>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): PythonValue {
    while (true) {
      this.#opcodeOffset = this.#position;
      const opcode = this.#u8();
      if (opcode === OP.STOP) return this.#stop();
      this.#run(opcode);
    }
  }

  #stop(): PythonValue {
    if (this.#position !== this.#bytes.length) throw this.#damaged("goes on after its end");
    if (this.#stack.length !== 1 || this.#marks.length !== 0) {
      throw this.#damaged("does not end with one value");
    }
    return this.#stack[0]!;
  }

  #run(opcode: number): void {
    switch (opcode) {
      case OP.PROTO:
        if (this.#u8() > PROTOCOL_MAX) throw this.#damaged("has an unknown protocol");
        return;
      case OP.FRAME:
        // Frames only help readers of streams; that the length is there is all there is to check.
        return void this.#checkRoom(this.#u64());
      case OP.NONE:
        return this.#push(null);
      case OP.NEWTRUE:
        return this.#push(true);
      case OP.NEWFALSE:
        return this.#push(false);
      case OP.MARK:
        this.#countValue();
        return void this.#marks.push(this.#stack.length);
      // What Python writes where a tuple turns out to contain itself.
      case OP.POP:
        return this.#popOrUnmark();
      case OP.POP_MARK:
        return void this.#popMark();
      case OP.BININT:
        return this.#push(this.#view.getInt32(this.#skip(4), true));
      case OP.BININT1:
        return this.#push(this.#u8());
      case OP.BININT2:
        return this.#push(this.#u16());
      case OP.LONG1:
        return this.#push(shorten(this.#long(this.#u8())));
      case OP.LONG4:
        return this.#push(this.#long(this.#u32())); // a bigint, however small
      case OP.INT:
        return this.#push(this.#integerOrBoolean(this.#line()));
      case OP.LONG:
        return this.#push(this.#integerText(this.#line()));
      case OP.BINFLOAT:
        return this.#push(new PythonFloat(this.#view.getFloat64(this.#skip(8))));
      case OP.FLOAT:
        return this.#push(this.#floatText(this.#line()));
      case OP.SHORT_BINUNICODE:
        return this.#push(this.#text(this.#take(this.#u8())));
      case OP.BINUNICODE:
        return this.#push(this.#text(this.#take(this.#u32())));
      case OP.BINUNICODE8:
        return this.#push(this.#text(this.#take(this.#u64())));
      case OP.UNICODE:
        return this.#push(this.#rawUnicodeEscape(this.#line()));
      case OP.SHORT_BINBYTES:
        return this.#push(pythonBytes(this.#take(this.#u8())));
      case OP.BINBYTES:
        return this.#push(pythonBytes(this.#take(this.#u32())));
      case OP.BINBYTES8:
        return this.#push(pythonBytes(this.#take(this.#u64())));
      case OP.BYTEARRAY8:
        return this.#push(new PythonBytes(this.#take(this.#u64()), true));
      case OP.EMPTY_LIST:
        return this.#push(new PythonSequence([], false));
      case OP.LIST:
        return this.#push(new PythonSequence(this.#popMark(), false));
      case OP.APPEND:
        return this.#extendList([this.#pop()]);
      case OP.APPENDS:
        return this.#extendList(this.#popMark());
      case OP.EMPTY_TUPLE:
        return this.#push(EMPTY_TUPLE);
      case OP.TUPLE:
        return this.#push(pythonTuple(this.#popMark()));
      case OP.TUPLE1:
        return this.#push(pythonTuple(this.#popMany(1)));
      case OP.TUPLE2:
        return this.#push(pythonTuple(this.#popMany(2)));
      case OP.TUPLE3:
        return this.#push(pythonTuple(this.#popMany(3)));
      case OP.EMPTY_DICT:
        return this.#push(new PythonDict([]));
      case OP.DICT:
        return this.#pushDict(this.#popMark());
      case OP.SETITEM:
        return this.#extendDict(this.#popMany(2));
      case OP.SETITEMS:
        return this.#extendDict(this.#popMark());
      case OP.EMPTY_SET:
        return this.#push(new PythonSet([], false));
      case OP.ADDITEMS:
        return this.#extendSet(this.#popMark());
      case OP.FROZENSET:
        return this.#push(new PythonSet(this.#popMark(), true));
      case OP.MEMOIZE:
        return this.#memoize(this.#memo.size);
      case OP.BINPUT:
        return this.#memoize(this.#u8());
      case OP.LONG_BINPUT:
        return this.#memoize(this.#u32());
      case OP.PUT:
        return this.#memoize(this.#memoKey(this.#line()));
      case OP.BINGET:
        return this.#recall(this.#u8());
      case OP.LONG_BINGET:
        return this.#recall(this.#u32());
      case OP.GET:
        return this.#recall(this.#memoKey(this.#line()));
      case OP.GLOBAL:
        return this.#push(nameNumpy(this.#line(), this.#line()));
      case OP.STACK_GLOBAL:
        return this.#stackGlobal();
      case OP.REDUCE: {
        const [callee, argumentTuple] = this.#popMany(2);
        return this.#push(reduceNumpy(callee!, argumentTuple!));
      }
      case OP.BUILD: {
        const state = this.#pop();
        return buildNumpy(this.#top(), state);
      }
      default:
        throw this.#refuse(opcode);
    }
  }

  #refuse(opcode: number): Error {
    const wish = UNSAFE_OPCODES.get(opcode);
    if (wish !== undefined) {
      return new UnsafeArtifactError(
        `Cannot read the checkpoints: the pickle asks for ${wish}, which could run code`,
      );
    }
    const name = UNUSED_OPCODES.get(opcode);
    return this.#damaged(
      name === undefined
        ? `has the unknown opcode ${opcode}`
        : `has the opcode ${name}, which Python 3 does not write for data`,
    );
  }

  #stackGlobal(): void {
    const [module, name] = this.#popMany(2);
    if (!(module instanceof PythonText) || !(name instanceof PythonText)) {
      throw this.#damaged("names something by other than text");
    }
    this.#push(nameNumpy(module.text, name.text));
  }

  #push(value: PythonValue): void {
    this.#countValue();
    this.#stack.push(value);
  }

  #countValue(): void {
    if (++this.#values > PEER_VALUES_MAX) {
      throw this.#damaged(`has more than ${PEER_VALUES_MAX} values`);
    }
  }

  /** Height below which the current opcode may not take values. */
  #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #top(): PythonValue {
    if (this.#stack.length <= this.#floor()) throw this.#damaged("lacks a value");
    return this.#stack.at(-1)!;
  }

  #pop(): PythonValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popOrUnmark(): void {
    if (this.#stack.length === this.#marks.at(-1)) this.#marks.pop();
    else this.#pop();
  }

  #popMany(count: number): PythonValue[] {
    if (this.#stack.length - count < this.#floor()) throw this.#damaged("lacks a value");
    return this.#stack.splice(this.#stack.length - count, count);
  }

  #popMark(): PythonValue[] {
    const height = this.#marks.pop();
    if (height === undefined) throw this.#damaged("lacks a mark");
    return this.#stack.splice(height);
  }

  #pushDict(entries: PythonValue[]): void {
    this.#push(new PythonDict([]));
    this.#extendDict(entries);
  }

  #extendList(items: PythonValue[]): void {
    const list = this.#top();
    if (!(list instanceof PythonSequence) || list.isTuple) {
      throw this.#damaged("appends to what is no list");
    }
    for (const item of items) list.items.push(item);
  }

  #extendDict(entries: PythonValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof PythonDict)) throw this.#damaged("sets an item of what is no dict");
    if (entries.length % 2 !== 0) throw this.#damaged("has a key without a value");
    for (const item of entries) dict.entries.push(item);
  }

  #extendSet(items: PythonValue[]): void {
    const set = this.#top();
    if (!(set instanceof PythonSet) || set.isFrozen) {
      throw this.#damaged("adds to what is no set");
    }
    for (const item of items) set.items.push(item);
  }

  #memoize(key: number): void {
    this.#countValue();
    this.#memo.set(key, this.#top());
  }

  #recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw this.#damaged(`recalls value ${key}, which is not there`);
    this.#push(value);
  }

  #memoKey(line: string): number {
    if (!/^\d{1,10}$/.test(line)) throw this.#damaged("has a memo key that is no number");
    return Number(line);
  }

  #text(bytes: Uint8Array): PythonText {
    const text = decodePythonText(bytes);
    if (text === undefined) throw this.#damaged("has text that has no counterpart here");
    return pythonText(text);
  }

  /** Little-endian two's complement. */
  #long(length: number): bigint {
    if (length > INT_BYTES_MAX) throw this.#damaged(`has an integer of ${length} bytes`);
    const bytes = this.#take(length).slice().reverse();
    return BigInt.asIntN(8 * length, bigintFromBytes(bytes, 0, length, false));
  }

  /** Protocol 0 has no opcodes for booleans and writes them as integers of two digits. */
  #integerOrBoolean(line: string): PythonValue {
    return line === "00" ? false : line === "01" ? true : this.#integerText(line);
  }

  #integerText(line: string): PythonValue {
    const value = integerOfText(line);
    if (value === undefined) throw this.#damaged("has an integer that is none");
    return shorten(value);
  }

  #floatText(line: string): PythonFloat {
    const value = floatOfText(line);
    if (value === undefined) throw this.#damaged("has a float that is none");
    return new PythonFloat(value);
  }

  #rawUnicodeEscape(line: string): PythonText {
    const text = unescapeText(line);
    if (text === undefined) throw this.#damaged("has text with a bad escape");
    return pythonText(text);
  }

  /** A line of Latin-1, without its newline. */
  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw this.#damaged("is cut short");
    if (end - this.#position > LINE_BYTES_MAX) throw this.#damaged("has a line too long");
    const line = this.#take(end - this.#position);
    this.#position++;
    let text = "";
    for (const byte of line) text += String.fromCharCode(byte);
    return text;
  }

  #checkRoom(length: number): void {
    if (length > this.#bytes.length - this.#position) throw this.#damaged("is cut short");
  }

  /** Offset of the next `length` bytes, which are passed over. */
  #skip(length: number): number {
    this.#checkRoom(length);
    this.#position += length;
    return this.#position - length;
  }

  #take(length: number): Uint8Array {
    const offset = this.#skip(length);
    return this.#bytes.subarray(offset, offset + length);
  }

  #u8(): number {
    return this.#bytes[this.#skip(1)]!;
  }

  #u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  #u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  /** A length; what loses digits above 2^53 is longer than any file all the same. */
  #u64(): number {
    return this.#u32() + this.#u32() * 2 ** 32;
  }

  #damaged(why: string): Error {
    return damaged(`its pickle ${why}`, { offset: this.#opcodeOffset });
  }
}

function shorten(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
