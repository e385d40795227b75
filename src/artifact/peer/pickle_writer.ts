/**
 * Pickles byte for byte as CPython's C pickler (`Modules/_pickle.c`) writes them: its choice
 * of opcodes, its memo, batches and frames. The content hash covers such bytes.
 * This module is browser compatible.
 *
 * @module
 */

import { bigintToBytes } from "../../codec/bigint_bytes.ts";
import { PEER_DEPTH_MAX } from "../limits.ts";
import { damaged } from "./damage.ts";
import { bytearrayCall, inProtocol4 } from "./numpy_pickle.ts";
import { OP } from "./pickle_opcodes.ts";
import { PickleSink } from "./pickle_sink.ts";
import { encodePythonText } from "./python_text.ts";
import {
  type NumpyCall,
  PythonBytes,
  PythonDict,
  PythonFloat,
  PythonName,
  PythonSequence,
  PythonSet,
  PythonText,
  pythonText,
  type PythonValue,
} from "./python_values.ts";

/** Items that go under one mark. */
const BATCH_ITEMS = 1000;
/** Opcodes of tuples by their length. */
const SHORT_TUPLES = [OP.EMPTY_TUPLE, OP.TUPLE1, OP.TUPLE2, OP.TUPLE3];

/**
 * The bytes of `pickle.dumps(value, 4)`, or of protocol 5, which differs only in its number as long
 * as there are no arrays, no bytearrays and no bigints.
 *
 * Python has one type of integers. In protocol 5, that of files, a bigint that could be a number has the long
 * form of integers, which CPython reads like any other but never writes for small ones: it is a bigint again
 * where the file is read here. Hashes are over protocol 4 and do not tell.
 *
 * @throws {ArtifactIntegrityError} If it is nested deeper than {@linkcode PEER_DEPTH_MAX} levels.
 */
export function writePickle(value: PythonValue, protocol: 4 | 5): Uint8Array<ArrayBuffer> {
  return new PickleWriter().write(value, protocol);
}

class PickleWriter {
  readonly #sink = new PickleSink();
  #marksBigints = false;
  #depth = 0;
  readonly #memo = new Map<object, number>();
  readonly #names = new Map<string, PythonName>();
  readonly #nameTexts = new Map<string, PythonText>();

  write(value: PythonValue, protocol: number): Uint8Array<ArrayBuffer> {
    this.#marksBigints = protocol === 5;
    this.#sink.byte(OP.PROTO);
    this.#sink.byte(protocol);
    this.#sink.startFraming();
    this.#save(value);
    this.#sink.byte(OP.STOP);
    return this.#sink.finish();
  }

  #save(value: PythonValue): void {
    // Around the objects of a state is the dict of checkpoints, and in the innermost one there is a value.
    if (this.#depth > PEER_DEPTH_MAX + 1) {
      throw damaged(`a checkpoint is nested deeper than ${PEER_DEPTH_MAX} levels`);
    }
    this.#depth++;
    this.#saveValue(value);
    this.#depth--;
  }

  #saveValue(value: PythonValue): void {
    this.#sink.boundary();
    if (value === null) return this.#sink.byte(OP.NONE);
    switch (typeof value) {
      case "boolean":
        return this.#sink.byte(value ? OP.NEWTRUE : OP.NEWFALSE);
      case "number":
        return this.#saveInteger(value);
      case "bigint":
        return this.#saveBigint(value);
    }
    if (value instanceof PythonFloat) {
      this.#sink.byte(OP.BINFLOAT);
      return this.#sink.float64(value.value);
    }
    // The empty tuple is written anew each time.
    if (value instanceof PythonSequence && value.isTuple && value.items.length === 0) {
      return this.#sink.byte(OP.EMPTY_TUPLE);
    }
    const index = this.#memo.get(value);
    if (index !== undefined) return this.#recall(index);
    this.#saveObject(value);
  }

  #saveObject(value: Exclude<PythonValue, null | boolean | number | bigint | PythonFloat>): void {
    if (value instanceof PythonText) {
      const bytes = encodePythonText(value.text);
      this.#sink.data(bytes, OP.SHORT_BINUNICODE, OP.BINUNICODE);
      this.#memoize(value);
    } else if (value instanceof PythonBytes) {
      if (value.isMutable) return this.#saveReduced(value, bytearrayCall(value));
      this.#sink.data(value.bytes, OP.SHORT_BINBYTES, OP.BINBYTES);
      this.#memoize(value);
    } else if (value instanceof PythonSequence) {
      if (value.isTuple) this.#saveTuple(value);
      else this.#saveList(value);
    } else if (value instanceof PythonDict) {
      this.#saveDict(value);
    } else if (value instanceof PythonSet) {
      this.#saveSet(value);
    } else if (value instanceof PythonName) {
      this.#saveName(value);
    } else {
      this.#saveReduced(value, inProtocol4(value));
    }
  }

  #saveInteger(value: number): void {
    if (value < -(2 ** 31) || value >= 2 ** 31) return this.#saveLong(BigInt(value));
    if (value >= 0 && value <= 0xff) {
      this.#sink.byte(OP.BININT1);
      this.#sink.byte(value);
    } else if (value >= 0 && value <= 0xffff) {
      this.#sink.byte(OP.BININT2);
      this.#sink.little(value, 2);
    } else {
      this.#sink.byte(OP.BININT);
      this.#sink.little(value, 4);
    }
  }

  #saveBigint(value: bigint): void {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) return this.#saveLong(value);
    if (this.#marksBigints) return this.#saveLong(value, true);
    this.#saveInteger(number);
  }

  #saveLong(value: bigint, isMarked = false): void {
    const bytes = twosComplement(value);
    if (bytes.length <= 0xff && !isMarked) {
      this.#sink.byte(OP.LONG1);
      this.#sink.byte(bytes.length);
    } else {
      this.#sink.byte(OP.LONG4);
      this.#sink.little(bytes.length, 4);
    }
    this.#sink.bytes(bytes);
  }

  #saveTuple(tuple: PythonSequence): void {
    const opcode = SHORT_TUPLES[tuple.items.length];
    if (opcode === undefined) this.#sink.byte(OP.MARK);
    for (const item of tuple.items) this.#save(item);
    const index = this.#memo.get(tuple);
    if (index === undefined) {
      this.#sink.byte(opcode ?? OP.TUPLE);
      return this.#memoize(tuple);
    }
    // It was saved meanwhile, as an item of an item: what was written is thrown away again.
    if (opcode === undefined) this.#sink.byte(OP.POP_MARK);
    else for (const _ of tuple.items) this.#sink.byte(OP.POP);
    this.#recall(index);
  }

  #saveList(list: PythonSequence): void {
    const { items } = list;
    this.#sink.byte(OP.EMPTY_LIST);
    this.#memoize(list);
    if (items.length === 1) {
      this.#save(items[0]!);
      this.#sink.byte(OP.APPEND);
      return;
    }
    for (let from = 0; from < items.length; from += BATCH_ITEMS) {
      this.#saveBatch(items, from, from + BATCH_ITEMS, OP.APPENDS);
    }
  }

  #saveDict(dict: PythonDict): void {
    const { entries } = dict;
    this.#sink.byte(OP.EMPTY_DICT);
    this.#memoize(dict);
    if (entries.length === 2) {
      this.#save(entries[0]!);
      this.#save(entries[1]!);
      this.#sink.byte(OP.SETITEM);
    } else if (entries.length > 0) {
      // CPython goes on after a full batch, so that an empty one may follow (but not for lists).
      for (let from = 0; from <= entries.length; from += 2 * BATCH_ITEMS) {
        this.#saveBatch(entries, from, from + 2 * BATCH_ITEMS, OP.SETITEMS);
      }
    }
  }

  #saveSet(set: PythonSet): void {
    const { items } = set;
    if (set.isFrozen) {
      this.#sink.byte(OP.MARK);
      for (const item of items) this.#save(item);
      const index = this.#memo.get(set);
      if (index === undefined) {
        this.#sink.byte(OP.FROZENSET);
        return this.#memoize(set);
      }
      this.#sink.byte(OP.POP_MARK);
      return this.#recall(index);
    }
    this.#sink.byte(OP.EMPTY_SET);
    this.#memoize(set);
    if (items.length === 0) return;
    for (let from = 0; from <= items.length; from += BATCH_ITEMS) {
      this.#saveBatch(items, from, from + BATCH_ITEMS, OP.ADDITEMS);
    }
  }

  #saveBatch(values: readonly PythonValue[], from: number, to: number, opcode: number): void {
    this.#sink.byte(OP.MARK);
    for (let i = from; i < to && i < values.length; i++) this.#save(values[i]!);
    this.#sink.byte(opcode);
  }

  /** Writes the call that makes `value`, then the state that is set on it. */
  #saveReduced(value: object, { callee, argumentTuple, state }: NumpyCall): void {
    this.#save(callee);
    this.#save(argumentTuple);
    this.#sink.byte(OP.REDUCE);
    this.#memoize(value);
    if (state === undefined) return;
    this.#save(state);
    this.#sink.byte(OP.BUILD);
  }

  /** Equal names are one object in CPython, and so are their texts. */
  #saveName(name: PythonName): void {
    const first = this.#names.get(name.path);
    if (first !== undefined) return this.#recall(this.#memo.get(first)!);
    this.#names.set(name.path, name);
    this.#saveNameText(name.module);
    this.#saveNameText(name.name);
    this.#sink.byte(OP.STACK_GLOBAL);
    this.#memoize(name);
  }

  #saveNameText(text: string): void {
    let value = this.#nameTexts.get(text);
    if (value === undefined) this.#nameTexts.set(text, value = pythonText(text));
    this.#save(value);
  }

  #memoize(value: object): void {
    this.#memo.set(value, this.#memo.size);
    this.#sink.byte(OP.MEMOIZE);
  }

  #recall(index: number): void {
    if (index <= 0xff) {
      this.#sink.byte(OP.BINGET);
      this.#sink.byte(index);
    } else {
      this.#sink.byte(OP.LONG_BINGET);
      this.#sink.little(index, 4);
    }
  }
}

/** Little-endian two's complement in the fewest bytes. */
function twosComplement(value: bigint): Uint8Array {
  // A zero byte, then the bits that a negative number has inverted, most significant byte first.
  const bits = bigintToBytes(value < 0n ? ~value : value);
  const hasSignBit = bits.length > 1 && bits[1]! < 0x80;
  const bytes = hasSignBit ? bits.subarray(1) : bits;
  if (value < 0n) {
    for (let i = 0; i < bytes.length; i++) bytes[i]! ^= 0xff;
  }
  return bytes.reverse();
}
