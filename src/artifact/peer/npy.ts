/**
 * The `.npy` format of NumPy (NEP 1; versions 1.0 to 3.0): one array, its dtype and shape in a
 * header that is the text of a Python dict. This module is browser compatible.
 *
 * @module
 */

import { UnsafeArtifactError } from "../../errors.ts";
import { damaged } from "./damage.ts";
import { countElements, findDtype, type NumpyArray, shapeText } from "./ndarray.ts";

const MAGIC = "\x93NUMPY";
/** Arrays start at a multiple of this many bytes. */
const ALIGN_BYTES = 64;
/** NumPy refuses longer headers too; ours can name neither records nor more than 64 dimensions. */
const HEADER_BYTES_MAX = 10_000;
/** NumPy leaves room for the first length to grow, in digits. */
const GROWTH_DIGITS = 21;
const HEADER =
  /^\{'descr': (?<descr>'[^']*'|\[.*\]), 'fortran_order': (?<fortran>True|False), 'shape': \((?<shape>[\d, ]*)\), \} *\n$/;

/**
 * Reads a `.npy` file.
 *
 * @param what What the file is, for messages.
 * @throws {ArtifactIntegrityError} If it is damaged, or holds what has no typed array here.
 * @throws {UnsafeArtifactError} If it holds Python objects, which are pickled there.
 */
export function readNpy(file: Uint8Array, what: string): NumpyArray {
  for (let i = 0; i < MAGIC.length; i++) {
    if (file[i] !== MAGIC.charCodeAt(i)) throw damaged(`${what} is no .npy file`);
  }
  const version = file[MAGIC.length] ?? 0;
  if (version < 1 || version > 3 || file[MAGIC.length + 1] !== 0) {
    throw damaged(`${what} has .npy version ${version}, and 1 to 3 are known`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerOffset = version === 1 ? 10 : 12;
  if (file.length < headerOffset) throw damaged(`${what} is cut short`);
  const headerBytes = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerBytes > HEADER_BYTES_MAX) throw damaged(`${what} has a header too long`);
  if (headerBytes > file.length - headerOffset) throw damaged(`${what} is cut short`);
  const dataOffset = headerOffset + headerBytes;
  // Latin-1 for all versions: what is not ASCII matches no header that is understood.
  const text = String.fromCharCode(...file.subarray(headerOffset, dataOffset));
  return parseHeader(text, file.subarray(dataOffset), what);
}

function parseHeader(text: string, bytes: Uint8Array, what: string): NumpyArray {
  const fields = HEADER.exec(text)?.groups;
  if (fields === undefined) throw damaged(`${what} has a header that NumPy does not write`);
  const descr = fields["descr"]!;
  if (descr.includes("O")) {
    throw new UnsafeArtifactError(
      `Cannot read ${what}: it holds Python objects (dtype ${descr}), which are a pickle`,
    );
  }
  const dtype = findDtype(descr.slice(2, -1), descr[1]!);
  if (dtype === undefined) {
    throw damaged(
      `${what} has the dtype ${descr}, and only bool, 8 to 64 bit integers, float32 and float64 ` +
        "have a counterpart here",
    );
  }
  const shape = fields["shape"]!.split(",").map((length) => length.trim());
  if (shape.at(-1) === "") shape.pop();
  if (!shape.every((length) => /^\d{1,16}$/.test(length))) throw damaged(`${what} has no shape`);
  const lengths = shape.map(Number);
  const count = countElements(lengths, bytes.length / dtype.itemBytes);
  if (count === undefined || count * dtype.itemBytes !== bytes.length) {
    throw damaged(
      `${what} has ${bytes.length} bytes of elements, not those of ${shapeText(lengths)} ` +
        dtype.name,
    );
  }
  const array = { dtype, shape: lengths, isFortran: fields["fortran"] === "True", bytes };
  checkBooleans(array, what);
  return array;
}

/** Refuses bytes of a bool array other than 0 and 1, which no comparison in NumPy gives. */
export function checkBooleans({ dtype, bytes }: NumpyArray, what: string): void {
  if (dtype.code === "b1" && bytes.some((byte) => byte > 1)) {
    throw damaged(`${what} has a bool that is neither true nor false`);
  }
}

/** The `.npy` file of an array in C order, byte for byte as `numpy.save` writes it. */
export function writeNpy({ dtype, shape, bytes }: NumpyArray): Uint8Array<ArrayBuffer> {
  const order = dtype.itemBytes === 1 ? "|" : dtype.isBigEndian ? ">" : "<";
  const text = `{'descr': '${order}${dtype.code}', 'fortran_order': False, ` +
    `'shape': ${shapeText(shape)}, }`;
  const growth = shape.length === 0 ? 0 : GROWTH_DIGITS - String(shape[0]).length;
  const unpadded = 10 + text.length + growth + 1;
  // At least one blank, and a whole line of them where the header would fit without.
  const dataOffset = (Math.floor(unpadded / ALIGN_BYTES) + 1) * ALIGN_BYTES;
  const header = `${text.padEnd(dataOffset - 10 - 1)}\n`;
  const file = new Uint8Array(dataOffset + bytes.length);
  const prefix = `${MAGIC}\x01\x00\x00\x00${header}`;
  for (let i = 0; i < prefix.length; i++) file[i] = prefix.charCodeAt(i);
  new DataView(file.buffer).setUint16(8, header.length, true);
  file.set(bytes, dataOffset);
  return file;
}
