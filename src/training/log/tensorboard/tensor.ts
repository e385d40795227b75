/**
 * Tensors in TensorBoard's events: scalars, and the histograms of TensorBoard 2. Field numbers are those
 * of TensorFlow's `tensor.proto`.
 * This module is browser compatible.
 *
 * @module
 */

import { ProtobufCursor } from "../protobuf.ts";

/** `DT_FLOAT`, whose values are float32. */
export const FLOAT = 1;
const DOUBLE = 2;
const INT32 = 3;
const STRING = 7;
const INT64 = 9;

/** A tensor. */
export interface Tensor {
  /** Type of its elements. */
  readonly type: number;
  /** Its numbers, if it has any of a type that is known. */
  readonly numbers: readonly number[];
  /** Its strings, if it holds any. */
  readonly texts: readonly string[];
}

/** Largest tensor whose elements are looked at, in bytes: a histogram has 720. */
const CONTENT_BYTES_MAX = 1 << 16;

/** Reads a tensor. */
export function readTensor(tensor: ProtobufCursor): Tensor {
  let type = 0;
  let content: Uint8Array | undefined;
  const numbers: number[] = [];
  const texts: string[] = [];
  while (tensor.next()) {
    switch (tensor.field) {
      case 1:
        type = tensor.integer();
        break;
      case 4:
        content = tensor.bytes();
        break;
      case 5:
      case 6:
        if (tensor.isLengthDelimited) {
          const packed = tensor.bytes();
          numbers.push(...packedNumbers(packed, tensor.field === 5 ? FLOAT : DOUBLE));
        } else numbers.push(tensor.number());
        break;
      case 7:
      case 10:
        if (!tensor.isLengthDelimited) numbers.push(tensor.integer());
        else {
          const packed = tensor.bytes();
          if (packed.length <= 10) numbers.push(packedInteger(packed));
        }
        break;
      case 8:
        texts.push(tensor.text());
        break;
    }
  }
  if (type === STRING) return { type, numbers: [], texts };
  const raw = content === undefined || content.length === 0 ? [] : packedNumbers(content, type);
  return { type, numbers: raw.length > 0 ? raw : numbers, texts };
}

/** Elements of a tensor's raw content; none of an image or the like, which is no number. */
function packedNumbers(bytes: Uint8Array, type: number): number[] {
  if (bytes.length > CONTENT_BYTES_MAX) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (width: number, at: (offset: number) => number) =>
    Array.from({ length: Math.floor(bytes.length / width) }, (_, i) => at(i * width));
  switch (type) {
    case FLOAT:
      return read(4, (at) => view.getFloat32(at, true));
    case DOUBLE:
      return read(8, (at) => view.getFloat64(at, true));
    case INT32:
      return read(4, (at) => view.getInt32(at, true));
    case INT64:
      return read(8, (at) => Number(view.getBigInt64(at, true)));
    default:
      return [];
  }
}

function packedInteger(bytes: Uint8Array): number {
  // A packed list of one element is the varint alone: read it as field 1 of a message.
  const message = new Uint8Array(bytes.length + 1);
  message[0] = 8;
  message.set(bytes, 1);
  const cursor = new ProtobufCursor(message);
  cursor.next();
  return cursor.integer();
}
