/**
 * A file that grows at its end. What is appended stays in memory until there is enough of it to write.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import type { Disk, DiskFile } from "../../disk/disk.ts";
import { guard } from "../../disk/write_file.ts";

/** Appended bytes are written when there are so many. */
const BUFFER_BYTES = 2 ** 20;

/** A file that only this process writes; what was appended can be read again. */
export class AppendedFile implements ByteSource {
  readonly #disk: Disk;
  #path: string;
  #file: DiskFile | undefined;
  #written: number;
  #buffer: Uint8Array[] = [];
  #buffered = 0;
  /** Why a sync failed. */
  #broken: unknown;

  /**
   * Opens a file to go on at `length`, or prepares a new one, which is made when it is first written.
   *
   * @param length Bytes of an existing file that count; those behind are cut off.
   */
  constructor(disk: Disk, path: string, length?: number) {
    this.#disk = disk;
    this.#path = path;
    this.#written = length ?? 0;
    if (length !== undefined) {
      this.#file = disk.open(path, "write");
      this.#file.truncate(length);
    }
  }

  /** Where it is. */
  get path(): string {
    return this.#path;
  }

  /** Whether it is on the disk, in part at least. */
  get exists(): boolean {
    return this.#file !== undefined;
  }

  /** Length in bytes, with what is still in memory. */
  get size(): number {
    return this.#written + this.#buffered;
  }

  /** Appends bytes, which are not changed afterwards. */
  append(bytes: Uint8Array): void {
    this.#buffer.push(bytes);
    this.#buffered += bytes.length;
    if (this.#buffered >= BUFFER_BYTES) this.#spill();
  }

  /**
   * Waits until all that was appended is durable. After a failure nobody knows what is, and a later call that
   * succeeds does not tell: none is made.
   */
  sync(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#buffered > 0 || this.#file === undefined) this.#spill();
    try {
      this.#file!.sync();
    } catch (error) {
      this.#broken = error;
      throw error;
    }
  }

  /** Reads what was appended. */
  read(offset: number, length: number): Uint8Array {
    if (offset + length > this.#written) this.#spill();
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      filled += this.#file!.read(bytes.subarray(filled), offset + filled);
    }
    return bytes;
  }

  /** Gives it another path, in whose place it comes. */
  rename(path: string): void {
    this.#disk.rename(this.#path, path);
    this.#path = path;
  }

  /** Closes it; with a length, what lies behind that is cut off first, if that is possible. */
  close(length?: number): void {
    try {
      if (length !== undefined) this.#file?.truncate(length);
    } catch {
      // What lies behind counts for nobody.
    } finally {
      this.#file?.close();
      this.#file = undefined;
    }
  }

  #spill(): void {
    guard(this.#path, () => this.#writeBuffer());
  }

  #writeBuffer(): void {
    this.#file ??= this.#disk.open(this.#path, "create");
    // A piece leaves the memory once it is written: what fails is tried again by the next call.
    let done = 0;
    try {
      for (const bytes of this.#buffer) {
        this.#file.write(bytes, this.#written);
        this.#written += bytes.length;
        this.#buffered -= bytes.length;
        done++;
      }
    } finally {
      this.#buffer.splice(0, done);
    }
  }
}
