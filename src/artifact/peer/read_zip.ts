/**
 * A strict zip reader. The central directory rules; every local header must agree with it, and the
 * members must cover the file from its first byte to the directory, without gap or overlap, so that
 * no two readers can see different contents. This module is browser compatible.
 *
 * @module
 */

import { crc32 } from "../../bytes/crc32.ts";
import { damaged } from "./damage.ts";
import { inflateBounded } from "./inflate_bounded.ts";
import * as layout from "./zip_layout.ts";

/** Bounds on a zip file and what to call it in messages. */
export interface ReadZipOptions {
  /** What the file is, for messages. */
  readonly what: string;
  /** Most members. */
  readonly membersMax: number;
  /** Uncompressed size that a member may have, in bytes; undefined refuses a member of this name. */
  memberBytesMax(name: string): number | undefined;
  /** Uncompressed size that all members may have together, in bytes. */
  readonly totalBytesMax: number;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly localOffset: number;
  readonly flags: number;
}

interface Directory {
  readonly offset: number;
  readonly end: number;
  readonly count: number;
}

/** Deflate never makes more of a byte than this; a header that says more lies. */
const INFLATE_RATIO_MAX = 1032;
/** Flags that change nothing about how the bytes are read: deflate effort (1, 2), UTF-8 name (11). */
const HARMLESS_FLAGS = 0b1000_0000_0110;
const ENCRYPTED_FLAGS = 0b0010_0000_0100_0001;
const DESCRIPTOR_FLAG = 0b1000;
const LATER_VERSION = 63;

/**
 * Reads all members of a zip file, in the order of the file.
 *
 * @throws {ArtifactIntegrityError} If the file is damaged, ambiguous, or above a bound.
 */
export function readZip(file: Uint8Array, options: ReadZipOptions): Map<string, Uint8Array> {
  return new ZipReader(file, options).read();
}

class ZipReader {
  readonly #file: Uint8Array;
  readonly #view: DataView;
  readonly #options: ReadZipOptions;

  constructor(file: Uint8Array, options: ReadZipOptions) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.#options = options;
  }

  read(): Map<string, Uint8Array> {
    const directory = this.#findDirectory();
    const entries = this.#readDirectory(directory);
    // Offsets ascend in every zip file that a writer made in one go; sorting allows others too.
    entries.sort((a, b) => a.localOffset - b.localOffset);
    const members = new Map<string, Uint8Array>();
    let position = 0;
    for (const entry of entries) {
      if (entry.localOffset !== position) {
        throw this.#damaged(
          `'${entry.name}' starts at byte ${entry.localOffset} where byte ${position} is next`,
          position,
        );
      }
      const dataOffset = this.#checkLocalHeader(entry, directory.offset);
      position = dataOffset + entry.compressedBytes;
      if (position > directory.offset) {
        throw this.#damaged(`'${entry.name}' reaches into the directory`, entry.localOffset);
      }
      members.set(entry.name, this.#extract(entry, dataOffset));
    }
    if (position !== directory.offset) {
      throw this.#damaged("there are bytes that belong to no member", position);
    }
    return members;
  }

  #findDirectory(): Directory {
    const at = this.#file.length - layout.END_BYTES;
    if (at < 0 || this.#u32(at) !== layout.END_SIGNATURE) {
      throw this.#damaged("it does not end in an end record: it is cut short or continued", at);
    }
    if (this.#u16(at + 20) !== 0) throw this.#damaged("it has a comment", at + 20);
    if (this.#u16(at + 4) !== 0 || this.#u16(at + 6) !== 0) {
      throw this.#damaged("it is one of several disks", at + 4);
    }
    const count = this.#u16(at + 10);
    if (this.#u16(at + 8) !== count) throw this.#damaged("its member counts differ", at + 8);
    const bytes = this.#u32(at + 12);
    const offset = this.#u32(at + 16);
    const locator = at - layout.LOCATOR64_BYTES;
    if (locator >= 0 && this.#u32(locator) === layout.LOCATOR64_SIGNATURE) {
      return this.#findDirectory64(locator, { count, bytes, offset });
    }
    return this.#checkDirectory({ offset, end: at, count }, bytes, at);
  }

  /** The zip64 end record, which Python writes for more than 65,535 members. */
  #findDirectory64(
    locator: number,
    short: { count: number; bytes: number; offset: number },
  ): Directory {
    const at = locator - layout.END64_BYTES;
    if (
      at < 0 || this.#u64(locator + 8) !== at || this.#u32(locator + 4) !== 0 ||
      this.#u32(locator + 16) !== 1 || this.#u32(at) !== layout.END64_SIGNATURE ||
      this.#u64(at + 4) !== layout.END64_BYTES - 12 || this.#u32(at + 16) !== 0 ||
      this.#u32(at + 20) !== 0
    ) {
      throw this.#damaged("its zip64 end record is inconsistent", locator);
    }
    const count = this.#u64(at + 32);
    const bytes = this.#u64(at + 40);
    const offset = this.#u64(at + 48);
    if (
      this.#u64(at + 24) !== count ||
      !agrees(short.count, count, layout.UINT16_IN_ZIP64) ||
      !agrees(short.bytes, bytes, layout.UINT32_IN_ZIP64) ||
      !agrees(short.offset, offset, layout.UINT32_IN_ZIP64)
    ) {
      throw this.#damaged("its two end records differ", at);
    }
    return this.#checkDirectory({ offset, end: at, count }, bytes, at);
  }

  #checkDirectory(directory: Directory, bytes: number, at: number): Directory {
    if (directory.offset + bytes !== directory.end) {
      throw this.#damaged("its directory does not end where its end record starts", at);
    }
    if (directory.count > this.#options.membersMax) {
      throw this.#damaged(
        `it has ${directory.count} members, more than ${this.#options.membersMax}`,
        at,
      );
    }
    return directory;
  }

  #readDirectory(directory: Directory): Entry[] {
    const entries: Entry[] = [];
    const names = new Set<string>();
    let total = 0;
    let at = directory.offset;
    for (let i = 0; i < directory.count; i++) {
      if (
        directory.end - at < layout.CENTRAL_BYTES || this.#u32(at) !== layout.CENTRAL_SIGNATURE
      ) {
        throw this.#damaged(`entry ${i} of its directory is missing`, at);
      }
      const nameBytes = this.#u16(at + 28);
      const extraBytes = this.#u16(at + 30);
      const next = at + layout.CENTRAL_BYTES + nameBytes + extraBytes + this.#u16(at + 32);
      if (next > directory.end) throw this.#damaged("its directory is cut short", at);
      const entry = this.#readEntry(at, this.#name(at + layout.CENTRAL_BYTES, nameBytes));
      if (names.has(entry.name)) throw this.#damaged(`it has '${entry.name}' twice`, at);
      names.add(entry.name);
      total += entry.bytes;
      if (total > this.#options.totalBytesMax) {
        throw this.#damaged(
          `its members have more than ${this.#options.totalBytesMax} bytes together`,
          at,
        );
      }
      entries.push(entry);
      at = next;
    }
    if (at !== directory.end) throw this.#damaged("its directory has more than it counts", at);
    return entries;
  }

  #readEntry(at: number, name: string): Entry {
    const bytesMax = this.#options.memberBytesMax(name);
    if (bytesMax === undefined) throw this.#damaged(`it has a member '${name}'`, at);
    const entry: Entry = {
      name,
      flags: this.#u16(at + 8),
      method: this.#u16(at + 10),
      crc: this.#u32(at + 16),
      compressedBytes: this.#u32(at + 20),
      bytes: this.#u32(at + 24),
      localOffset: this.#u32(at + 42),
    };
    if ((entry.flags & ENCRYPTED_FLAGS) !== 0) throw this.#damaged(`'${name}' is encrypted`, at);
    if ((entry.flags & DESCRIPTOR_FLAG) !== 0) {
      throw this.#damaged(`'${name}' was written as a stream, with its size after it`, at);
    }
    if ((entry.flags & ~HARMLESS_FLAGS) !== 0) {
      throw this.#damaged(`'${name}' has unknown flags`, at + 8);
    }
    if ((this.#u16(at + 6) & 0xff) > LATER_VERSION || this.#u16(at + 34) !== 0) {
      throw this.#damaged(`'${name}' needs another zip version or disk`, at);
    }
    if (entry.bytes > bytesMax) {
      throw this.#damaged(`'${name}' has ${entry.bytes} bytes, more than ${bytesMax}`, at + 24);
    }
    const isPossible = entry.method === layout.STORED
      ? entry.bytes === entry.compressedBytes
      : entry.method === layout.DEFLATED &&
        entry.bytes <= entry.compressedBytes * INFLATE_RATIO_MAX;
    if (!isPossible) {
      throw this.#damaged(
        `'${name}' cannot have ${entry.bytes} bytes, ${entry.compressedBytes} of them by method ` +
          `${entry.method}`,
        at,
      );
    }
    return entry;
  }

  /** Offset of the member's data, once its local header has been found to say the same. */
  #checkLocalHeader(entry: Entry, end: number): number {
    const at = entry.localOffset;
    if (end - at < layout.LOCAL_BYTES || this.#u32(at) !== layout.LOCAL_SIGNATURE) {
      throw this.#damaged(`'${entry.name}' has no local header`, at);
    }
    const nameBytes = this.#u16(at + 26);
    const extraOffset = at + layout.LOCAL_BYTES + nameBytes;
    const dataOffset = extraOffset + this.#u16(at + 28);
    if (dataOffset > end) throw this.#damaged(`the header of '${entry.name}' is cut short`, at);
    const sizes = this.#localSizes(at, extraOffset, dataOffset);
    if (
      this.#name(at + layout.LOCAL_BYTES, nameBytes) !== entry.name ||
      this.#u16(at + 6) !== entry.flags || this.#u16(at + 8) !== entry.method ||
      this.#u32(at + 14) !== entry.crc || sizes.compressedBytes !== entry.compressedBytes ||
      sizes.bytes !== entry.bytes
    ) {
      throw this.#damaged(`the local header of '${entry.name}' differs from the directory`, at);
    }
    return dataOffset;
  }

  /** Sizes in a local header; NumPy writes them in a zip64 extra field however small they are. */
  #localSizes(at: number, extraOffset: number, extraEnd: number) {
    const compressedBytes = this.#u32(at + 18);
    const bytes = this.#u32(at + 22);
    if (compressedBytes !== layout.UINT32_IN_ZIP64 || bytes !== layout.UINT32_IN_ZIP64) {
      return { compressedBytes, bytes };
    }
    if (
      extraEnd - extraOffset !== 20 || this.#u16(extraOffset) !== layout.EXTRA_ZIP64 ||
      this.#u16(extraOffset + 2) !== 16
    ) {
      throw this.#damaged("a zip64 extra field is missing", extraOffset);
    }
    return {
      compressedBytes: this.#u64(extraOffset + 12),
      bytes: this.#u64(extraOffset + 4),
    };
  }

  #extract(entry: Entry, offset: number): Uint8Array {
    const what = `'${entry.name}'`;
    const data = this.#file.subarray(offset, offset + entry.compressedBytes);
    const bytes = entry.method === layout.STORED ? data : inflateBounded(data, entry.bytes, what);
    if (crc32(bytes) !== entry.crc) {
      throw this.#damaged(`the checksum of ${what} does not match its bytes`, offset);
    }
    return bytes;
  }

  /** A member's name: printable ASCII, which leaves no two readings; where it may lead is up to the caller. */
  #name(offset: number, length: number): string {
    let name = "";
    for (let i = offset; i < offset + length; i++) {
      const byte = this.#file[i]!;
      if (byte < 0x20 || byte > 0x7e) throw this.#damaged("a name in it is not ASCII", i);
      name += String.fromCharCode(byte);
    }
    return name;
  }

  #u16(offset: number): number {
    return this.#view.getUint16(offset, true);
  }

  #u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  /** A 64-bit number; those above 2^53 lose digits, but stay far above every bound. */
  #u64(offset: number): number {
    return this.#view.getUint32(offset, true) + this.#view.getUint32(offset + 4, true) * 2 ** 32;
  }

  #damaged(why: string, offset: number): Error {
    return damaged(`its zip file ${this.#options.what} is damaged: ${why}`, { offset });
  }
}

/** Whether a short field says the same as the zip64 one, or leaves it to that. */
function agrees(short: number, long: number, placeholder: number): boolean {
  return short === long || short === placeholder;
}
