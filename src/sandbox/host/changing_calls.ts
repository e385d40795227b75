/**
 * Calls that change an object.
 *
 * @module
 */

/** Methods of built-in objects that change them, and `next` of a generator. */
export const CHANGING_METHODS: ReadonlySet<string> = new Set(
  ("push pop shift unshift splice sort reverse fill copyWithin set add delete clear next " +
    "getOrInsert getOrInsertComputed setDate setFullYear setHours setMilliseconds setMinutes setMonth " +
    "setSeconds setTime setInt8 setUint8 setInt16 setUint16 setInt32 setUint32 setFloat32 setFloat64 " +
    "setBigInt64 setBigUint64").split(" "),
);

/** Functions of built-in objects that change their first argument. */
export const CHANGING_FUNCTIONS: ReadonlySet<string> = new Set([
  "Object.assign",
  "Object.defineProperty",
  "Object.defineProperties",
  "Object.setPrototypeOf",
  "Reflect.set",
  "Reflect.defineProperty",
  "Reflect.deleteProperty",
]);
