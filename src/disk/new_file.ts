/**
 * A file that is written piece by piece, and appears under its name only when it is whole.
 *
 * @module
 */

import type { Disk, DiskFile } from "./disk.ts";
import { temporaryPath } from "./temporary.ts";
import { type FilePlan, guard, placeFile, planFile, type PlanFileOptions } from "./write_file.ts";

/** A file under way; dispose of it, or what was written stays beside its place until a later process cleans up. */
export class NewFile implements Disposable {
  readonly #plan: FilePlan;
  readonly #temporary: string;
  readonly #file: DiskFile;
  #length = 0;
  #isOpen = true;

  /**
   * Makes the temporary file.
   *
   * @throws {FileError} If nothing can be written there.
   */
  constructor(disk: Disk, path: string, options: PlanFileOptions = {}) {
    this.#plan = planFile(disk, path, options);
    this.#temporary = temporaryPath(this.#plan.path, this.#plan.processes);
    this.#file = guard(path, () => disk.open(this.#temporary, "create"));
  }

  /** Writes a piece. @throws {FileError} If that fails. */
  write(bytes: Uint8Array): void {
    guard(this.#plan.given, () => this.#file.write(bytes, this.#length));
    this.#length += bytes.length;
  }

  /**
   * Makes the file durable and gives it its name.
   *
   * @throws {FileError} If that fails, or the name is taken by now and not to be replaced.
   */
  finish(): void {
    guard(this.#plan.given, () => this.#file.sync());
    this.#close();
    placeFile(this.#plan, this.#temporary);
  }

  /** Removes what was written, if it has not got its name. */
  [Symbol.dispose](): void {
    if (this.#isOpen) this.#close();
    // Gone, if it has its name.
    this.#plan.disk.remove(this.#temporary);
  }

  #close(): void {
    this.#isOpen = false;
    this.#file.close();
  }
}
