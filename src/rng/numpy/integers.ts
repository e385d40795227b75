/**
 * NumPy's `Generator.integers`: which width of random bits a dtype draws, and what comes back.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { requireOptions } from "../draw_options.ts";
import { BitPieces, boundedBigint, boundedInteger } from "./bounded.ts";
import { countOf, fillSize, fillWith, type Float64Pool } from "./size.ts";
import type { PCG64 } from "./pcg64.ts";
import type {
  IntegerArrays,
  IntegerDtype,
  Integers,
  IntegersOptions,
  Shaped,
  Size,
} from "./types.ts";

/** Bounds of a dtype, both inclusive, the array that it fills, and bits a draw, from 1 to 64. */
const DTYPES: {
  readonly [D in IntegerDtype]: readonly [
    low: bigint,
    high: bigint,
    width: number,
    make: new (length: number) => IntegerArrays[D],
  ];
} = {
  bool: [0n, 1n, 1, Uint8Array],
  int8: [-128n, 127n, 8, Int8Array],
  int16: [-32768n, 32767n, 16, Int16Array],
  int32: [-2147483648n, 2147483647n, 32, Int32Array],
  int64: [-(2n ** 63n), 2n ** 63n - 1n, 64, BigInt64Array],
  uint8: [0n, 255n, 8, Uint8Array],
  uint16: [0n, 65535n, 16, Uint16Array],
  uint32: [0n, 4294967295n, 32, Uint32Array],
  uint64: [0n, 2n ** 64n - 1n, 64, BigUint64Array],
};

/**
 * Integers in [low, high), or in [low, high] with `endpoint`, in any of the forms of `integers`.
 *
 * @throws {TypeError} if a bound is no integer or the dtype is unknown
 * @throws {RangeError} if the range is empty or leaves the dtype, or a number is not safe
 */
export function drawIntegers(
  bits: PCG64,
  arrays: Float64Pool,
  low: number | bigint,
  high: number | bigint,
  options: IntegersOptions = {},
): Integers {
  requireOptions(options, ["size", "dtype", "endpoint"]);
  const { size, dtype, endpoint = false } = options;
  const type = DTYPES[dtype ?? "int64"];
  if (type === undefined || !Object.hasOwn(DTYPES, dtype ?? "int64")) {
    throw new ArgumentTypeError(
      `Cannot draw integers of dtype '${String(dtype)}': give one of ${
        Object.keys(DTYPES).join(", ")
      }`,
    );
  }
  const [typeLow, typeHigh, width, ArrayType] = type;
  const from = boundToBigint("low", low);
  const last = boundToBigint("high", high) - (endpoint ? 0n : 1n);
  // NumPy looks at the bounds only if there is something to draw
  if (size === undefined || countOf(size) > 0) {
    if (from > last) {
      throw new ArgumentRangeError(
        `Cannot draw integers: the range from ${low} ${
          endpoint ? "to" : "up to but without"
        } ${high} is empty`,
      );
    }
    if (from < typeLow || last > typeHigh) {
      throw new ArgumentRangeError(
        `Cannot draw integers from ${from} to ${last}: ${
          dtype ?? "int64"
        } goes from ${typeLow} to ${typeHigh}`,
      );
    }
  }
  if (width === 64) {
    const asNumbers = dtype === undefined &&
      from >= Number.MIN_SAFE_INTEGER && last <= Number.MAX_SAFE_INTEGER;
    return asNumbers
      ? drawNumbers(bits, Number(from), Number(last), size, (count) => arrays.take(count))
      : drawBigints(bits, from, last, size, ArrayType as typeof BigInt64Array);
  }
  const NumberArray = ArrayType as typeof Int32Array;
  if (width === 32) {
    return drawNumbers(bits, Number(from), Number(last), size, (count) => new NumberArray(count));
  }
  // A draw of 16 or fewer bits starts on a fresh word, and a call keeps the rest of it to itself
  const pieces = new BitPieces(bits, width as 1 | 8 | 16);
  const first = Number(from);
  const span = Number(last) - first;
  const draw = () => first + pieces.bounded(span);
  if (size !== undefined) {
    return fillSize(size, (count) => fillWith(new NumberArray(count), draw));
  }
  return dtype === "bool" ? draw() === 1 : draw();
}

function drawNumbers(
  bits: PCG64,
  from: number,
  last: number,
  size: Size | undefined,
  make: (count: number) => Float64Array | Int32Array,
): number | Float64Array | Int32Array | Shaped<Float64Array | Int32Array> {
  const span = last - from;
  if (!Number.isSafeInteger(span)) {
    // Both ends are safe while their distance is not
    const draw = () => Number(BigInt(from) + boundedBigint(bits, BigInt(last) - BigInt(from)));
    if (size === undefined) return draw();
    return fillSize(size, (count) => fillWith(make(count), draw));
  }
  if (size === undefined) return from + boundedInteger(bits, span);
  return fillSize(size, (count) => {
    const out = make(count);
    for (let i = 0; i < count; i++) out[i] = from + boundedInteger(bits, span);
    return out;
  });
}

function drawBigints(
  bits: PCG64,
  from: bigint,
  last: bigint,
  size: Size | undefined,
  ArrayType: new (length: number) => BigInt64Array,
): bigint | BigInt64Array | Shaped<BigInt64Array> {
  const span = last - from;
  const draw = () => from + boundedBigint(bits, span);
  if (size === undefined) return draw();
  return fillSize(size, (count) => fillWith(new ArrayType(count), draw));
}

function boundToBigint(name: string, bound: number | bigint): bigint {
  if (typeof bound === "bigint") return bound;
  if (typeof bound !== "number" || !Number.isInteger(bound)) {
    throw new ArgumentTypeError(
      `Cannot draw integers: ${name} must be an integer: it is ${String(bound)}`,
    );
  }
  // 2^53 itself is let through: as the end of a range it is exact
  if (Math.abs(bound) > 2 ** 53) {
    throw new ArgumentRangeError(
      `Cannot draw integers: ${name} is not a safe integer, give a bigint: it is ${bound}`,
    );
  }
  return BigInt(bound);
}
