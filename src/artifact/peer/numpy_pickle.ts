/**
 * The calls as which NumPy pickles dtypes, arrays and scalars, recognized as data: a fixed list of
 * names, each with arguments of one exact shape. Nothing is looked up or called; all that differs
 * is refused. This module is browser compatible.
 *
 * @module
 */

import { UnsafeArtifactError } from "../../errors.ts";
import { damaged } from "./damage.ts";
import {
  countElements,
  dtypeText,
  findDtype,
  type NumpyArray,
  type NumpyDtype,
  shapeText,
} from "./ndarray.ts";
import { checkBooleans } from "./npy.ts";
import {
  NumpyCall,
  PythonBytes,
  pythonBytes,
  PythonName,
  PythonSequence,
  PythonText,
  pythonTuple,
  type PythonValue,
} from "./python_values.ts";

/** NumPy 2 renamed `numpy.core` to `numpy._core`; both are in use. */
const NAME =
  /^numpy(?:\.dtype|\.ndarray|\._?core\.(?:multiarray\.(?:scalar|_reconstruct)|numeric\._frombuffer))$/;
const DTYPE = "numpy.dtype";
const NDARRAY = "numpy.ndarray";
/** Version of the tuple that `dtype.__setstate__` takes. */
const DTYPE_STATE_VERSION = 3;
/** Type code of the empty array that `_reconstruct` starts from. */
const ARRAY_OF_BYTES = pythonBytes(Uint8Array.of(0x62));

/**
 * A name that a pickle gives.
 *
 * @throws {UnsafeArtifactError} Unless it is one of NumPy's that are understood.
 */
export function nameNumpy(module: string, name: string): PythonName {
  const path = `${module}.${name}`;
  if (!NAME.test(path)) {
    throw new UnsafeArtifactError(
      `Cannot read the checkpoints: the pickle asks for ${showName(path)}, which could run code; ` +
        "record the run with states of plain values or NumPy arrays",
    );
  }
  return new PythonName(module, name);
}

/** What `REDUCE` gives for a callee and its arguments. */
export function reduceNumpy(callee: PythonValue, argumentTuple: PythonValue): NumpyCall {
  if (
    !(callee instanceof PythonName) || !(argumentTuple instanceof PythonSequence) ||
    !argumentTuple.isTuple
  ) {
    throw new UnsafeArtifactError(
      "Cannot read the checkpoints: the pickle asks for a call of something that has no name",
    );
  }
  const { items } = argumentTuple;
  const call = new NumpyCall(callee, argumentTuple);
  switch (callee.name) {
    case "dtype":
      if (isText(items[0]) && items[1] === false && items[2] === true && items.length === 3) {
        return call;
      }
      break;
    case "_reconstruct":
      if (
        items.length === 3 && items[0] instanceof PythonName && items[0].path === NDARRAY &&
        isTupleOf(items[1], [0]) && items[2] === ARRAY_OF_BYTES
      ) return call;
      break;
    case "scalar": {
      const dtype = readDtype(items[0]);
      const [, element] = items;
      if (
        dtype !== undefined && element instanceof PythonBytes && !element.isMutable &&
        element.bytes.length === dtype.itemBytes && items.length === 2
      ) {
        checkBooleans({ dtype, shape: [], isFortran: false, bytes: element.bytes }, "a scalar");
        call.meaning = { kind: "scalar", dtype, bytes: element.bytes };
        return call;
      }
      break;
    }
    case "_frombuffer": {
      const [buffer, dtype, shape, order] = items;
      if (
        items.length === 4 && buffer instanceof PythonBytes && isText(order) &&
        (order.text === "C" || order.text === "F")
      ) {
        const array = makeArray(dtype, shape, order.text === "F", buffer);
        call.meaning = { kind: "array", array };
        return call;
      }
      break;
    }
  }
  throw refuse(callee);
}

/** What `BUILD` does to a value: completes a dtype or an array. */
export function buildNumpy(target: PythonValue, state: PythonValue): void {
  if (
    !(target instanceof NumpyCall) || target.meaning !== undefined || target.state !== undefined ||
    !(state instanceof PythonSequence) || !state.isTuple
  ) {
    throw new UnsafeArtifactError(
      "Cannot read the checkpoints: the pickle asks to set the attributes of an object (BUILD)",
    );
  }
  target.state = state;
  const { items } = state;
  if (target.callee.path === DTYPE) {
    const code = (target.argumentTuple.items[0] as PythonText).text;
    const order = items[1];
    const isPlain = items.length === 8 && items[0] === DTYPE_STATE_VERSION && isText(order) &&
      items[2] === null && items[3] === null && items[4] === null && items[5] === -1 &&
      items[6] === -1 && items[7] === 0;
    const dtype = isPlain ? findDtype(code, order.text) : undefined;
    if (dtype === undefined) {
      throw damaged(
        `a checkpoint holds NumPy's dtype '${showName(code)}', and only bool, 8 to 64 bit ` +
          "integers, float32 and float64 have a counterpart here",
      );
    }
    target.meaning = { kind: "dtype", dtype };
    return;
  }
  const [version, shape, dtype, isFortran, buffer] = items;
  if (
    items.length !== 5 || version !== 1 || typeof isFortran !== "boolean" ||
    !(buffer instanceof PythonBytes) || buffer.isMutable
  ) throw refuse(target.callee);
  target.meaning = { kind: "array", array: makeArray(dtype, shape, isFortran, buffer) };
}

/**
 * The call that protocol 4 writes for a value. Differs for arrays from protocol 5 alone, where a
 * contiguous array is a buffer with a dtype and a shape.
 */
export function inProtocol4(call: NumpyCall): NumpyCall {
  if (call.callee.name !== "_frombuffer") return call;
  const [buffer, dtype, shape, order] = call.argumentTuple.items as [
    PythonBytes,
    NumpyCall,
    PythonSequence,
    PythonText,
  ];
  const module = call.callee.module.replace("numeric", "multiarray");
  const reconstruct = new NumpyCall(
    new PythonName(module, "_reconstruct"),
    pythonTuple([new PythonName("numpy", "ndarray"), pythonTuple([0]), ARRAY_OF_BYTES]),
  );
  const isFortran = order.text === "F" && shape.items.length > 1;
  reconstruct.state = pythonTuple([1, shape, dtype, isFortran, pythonBytes(buffer.bytes)]);
  return reconstruct;
}

/** The call that protocol 4 writes for a bytearray. */
export function bytearrayCall({ bytes }: PythonBytes): NumpyCall {
  const items = bytes.length === 0 ? [] : [pythonBytes(bytes)];
  return new NumpyCall(new PythonName("builtins", "bytearray"), pythonTuple(items));
}

function makeArray(
  dtypeValue: PythonValue | undefined,
  shapeValue: PythonValue | undefined,
  isFortran: boolean,
  buffer: PythonBytes,
): NumpyArray {
  const dtype = readDtype(dtypeValue);
  if (dtype === undefined || !(shapeValue instanceof PythonSequence) || !shapeValue.isTuple) {
    throw damaged("an array in the pickle lacks its dtype or shape");
  }
  const shape = shapeValue.items.map((length) => typeof length === "number" ? length : -1);
  const { bytes } = buffer;
  if (countElements(shape, bytes.length) !== bytes.length / dtype.itemBytes) {
    throw damaged(
      `an array in the pickle has ${bytes.length} bytes, not those of ${shapeText(shape)} ` +
        dtypeText(dtype),
    );
  }
  const array = { dtype, shape, isFortran, bytes };
  checkBooleans(array, "an array in the pickle");
  return array;
}

function readDtype(value: PythonValue | undefined): NumpyDtype | undefined {
  return value instanceof NumpyCall && value.meaning?.kind === "dtype"
    ? value.meaning.dtype
    : undefined;
}

function isText(value: PythonValue | undefined): value is PythonText {
  return value instanceof PythonText;
}

function isTupleOf(value: PythonValue | undefined, items: readonly PythonValue[]): boolean {
  return value instanceof PythonSequence && value.isTuple && value.items.length === items.length &&
    items.every((item, i) => value.items[i] === item);
}

function refuse(callee: PythonName): UnsafeArtifactError {
  return new UnsafeArtifactError(
    `Cannot read the checkpoints: the pickle asks for ${callee.path} with arguments that NumPy ` +
      "does not write",
  );
}

/** A name from a pickle as printable ASCII of a bounded length. */
function showName(name: string): string {
  const text = name.replace(/[^\x21-\x7e]/g, "?");
  return text.length > NAME_LENGTH_SHOWN_MAX ? `${text.slice(0, NAME_LENGTH_SHOWN_MAX)}...` : text;
}

const NAME_LENGTH_SHOWN_MAX = 200;
