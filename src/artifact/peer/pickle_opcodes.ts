/**
 * The opcodes of Python's pickle protocols 0 to 5 (`Lib/pickletools.py`): those that hold data, and
 * the names of the others for messages. This module is browser compatible.
 *
 * @module
 */

/** Codes of the opcodes that hold data, by their name in `pickletools`. */
export const OP = {
  MARK: 0x28,
  EMPTY_TUPLE: 0x29,
  STOP: 0x2e,
  POP: 0x30,
  POP_MARK: 0x31,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  FLOAT: 0x46,
  BINFLOAT: 0x47,
  INT: 0x49,
  BININT: 0x4a,
  BININT1: 0x4b,
  LONG: 0x4c,
  BININT2: 0x4d,
  NONE: 0x4e,
  REDUCE: 0x52,
  UNICODE: 0x56,
  BINUNICODE: 0x58,
  EMPTY_LIST: 0x5d,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  DICT: 0x64,
  APPENDS: 0x65,
  GET: 0x67,
  BINGET: 0x68,
  LONG_BINGET: 0x6a,
  LIST: 0x6c,
  PUT: 0x70,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  SETITEM: 0x73,
  TUPLE: 0x74,
  SETITEMS: 0x75,
  EMPTY_DICT: 0x7d,
  PROTO: 0x80,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  LONG4: 0x8b,
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
  BYTEARRAY8: 0x96,
} as const;

/** Opcodes that make, look up or call something, with what they ask for. */
export const UNSAFE_OPCODES: ReadonlyMap<number, string> = new Map([
  [0x50, "an object kept outside of it (PERSID)"],
  [0x51, "an object kept outside of it (BINPERSID)"],
  [0x69, "an instance of a class (INST)"],
  [0x6f, "an instance of a class (OBJ)"],
  [0x81, "a new object (NEWOBJ)"],
  [0x82, "a registered extension (EXT1)"],
  [0x83, "a registered extension (EXT2)"],
  [0x84, "a registered extension (EXT4)"],
  [0x92, "a new object (NEWOBJ_EX)"],
  [0x97, "a buffer kept outside of it (NEXT_BUFFER)"],
  [0x98, "a buffer kept outside of it (READONLY_BUFFER)"],
]);

/** Opcodes that Python 3 does not write for data, though they are harmless. */
export const UNUSED_OPCODES: ReadonlyMap<number, string> = new Map([
  [0x32, "DUP"],
  [0x53, "STRING"],
  [0x54, "BINSTRING"],
  [0x55, "SHORT_BINSTRING"],
]);
