/**
 * Zip files with reproducible bytes: fixed times, no extra fields, members in the order given.
 * This module is browser compatible.
 *
 * @module
 */

import { deflateSync } from "fflate";
import { crc32 } from "../../bytes/crc32.ts";
import * as layout from "./zip_layout.ts";

/** 1980-01-01 in the form of MS-DOS, as NumPy stamps the members of an `.npz`. */
const DOS_DATE = 0x0021;
/** "Version needed" for deflate (2.0) and for zip64 (4.5). */
const VERSION_DEFLATE = 20;
const VERSION_ZIP64 = 45;
/** Made on Unix, so that the attributes below are read as a file mode. */
const MADE_BY_UNIX = 3 << 8;
/** Mode 0600, as Python's `writestr` sets it. */
const EXTERNAL_ATTRIBUTES = 0o600 << 16;

/** How {@linkcode writeZip} writes. */
export interface WriteZipOptions {
  /** Whether members are deflated; if not, they are stored as they are. */
  readonly compress: boolean;
}

/** A zip file of the members; equal members give equal bytes. */
export function writeZip(
  members: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  options: WriteZipOptions,
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of members) {
    const nameBytes = new TextEncoder().encode(name);
    const data = options.compress ? deflateSync(bytes, { level: 9 }) : bytes;
    const common = commonFields(options, bytes, data, nameBytes.length);
    pieces.push(localHeader(common), nameBytes, data);
    directory.push(centralHeader(common, offset), nameBytes);
    offset += layout.LOCAL_BYTES + nameBytes.length + data.length;
  }
  const directoryBytes = directory.reduce((sum, piece) => sum + piece.length, 0);
  const end = endRecords(members.length, directoryBytes, offset);
  return concat([...pieces, ...directory, end]);
}

/** The 26 bytes that a local and a central header have in common. */
function commonFields(
  options: WriteZipOptions,
  bytes: Uint8Array,
  data: Uint8Array,
  nameBytes: number,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, VERSION_DEFLATE, true);
  view.setUint16(4, options.compress ? layout.DEFLATED : layout.STORED, true);
  view.setUint16(8, DOS_DATE, true);
  view.setUint32(10, crc32(bytes), true);
  view.setUint32(14, data.length, true);
  view.setUint32(18, bytes.length, true);
  view.setUint16(22, nameBytes, true);
  return new Uint8Array(view.buffer);
}

function localHeader(common: Uint8Array): Uint8Array {
  const header = new Uint8Array(layout.LOCAL_BYTES);
  new DataView(header.buffer).setUint32(0, layout.LOCAL_SIGNATURE, true);
  header.set(common, 4);
  return header;
}

function centralHeader(common: Uint8Array, localOffset: number): Uint8Array {
  const header = new Uint8Array(layout.CENTRAL_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, layout.CENTRAL_SIGNATURE, true);
  view.setUint16(4, MADE_BY_UNIX | VERSION_DEFLATE, true);
  header.set(common, 6);
  view.setUint32(38, EXTERNAL_ATTRIBUTES, true);
  view.setUint32(42, localOffset, true);
  return header;
}

/** The end record, after a zip64 one where 16 bits do not hold the number of members. */
function endRecords(count: number, directoryBytes: number, offset: number): Uint8Array {
  const end = new Uint8Array(layout.END_BYTES);
  const view = new DataView(end.buffer);
  const isLong = count >= layout.UINT16_IN_ZIP64;
  const shortCount = isLong ? layout.UINT16_IN_ZIP64 : count;
  view.setUint32(0, layout.END_SIGNATURE, true);
  view.setUint16(8, shortCount, true);
  view.setUint16(10, shortCount, true);
  view.setUint32(12, directoryBytes, true);
  view.setUint32(16, offset, true);
  return isLong ? concat([end64Records(count, directoryBytes, offset), end]) : end;
}

function end64Records(count: number, directoryBytes: number, offset: number): Uint8Array {
  const records = new Uint8Array(layout.END64_BYTES + layout.LOCATOR64_BYTES);
  const view = new DataView(records.buffer);
  view.setUint32(0, layout.END64_SIGNATURE, true);
  view.setUint32(4, layout.END64_BYTES - 12, true);
  view.setUint16(12, MADE_BY_UNIX | VERSION_ZIP64, true);
  view.setUint16(14, VERSION_ZIP64, true);
  view.setBigUint64(24, BigInt(count), true);
  view.setBigUint64(32, BigInt(count), true);
  view.setBigUint64(40, BigInt(directoryBytes), true);
  view.setBigUint64(48, BigInt(offset), true);
  view.setUint32(layout.END64_BYTES, layout.LOCATOR64_SIGNATURE, true);
  view.setBigUint64(layout.END64_BYTES + 8, BigInt(offset + directoryBytes), true);
  view.setUint32(layout.END64_BYTES + 16, 1, true);
  return records;
}

function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    result.set(piece, position);
    position += piece.length;
  }
  return result;
}
