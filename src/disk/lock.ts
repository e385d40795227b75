/**
 * A lock beside a file that one process writes for a while. It names its process, so that the lock of a dead
 * one is seen through: at once on the same machine, after some time without a sign of life on another one.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { FileError } from "../errors.ts";
import { type Disk, errorCode, readWholeFile, writeNewFile } from "./disk.ts";
import {
  identityOf,
  livenessOf,
  type ProcessIdentity,
  type ProcessTable,
  systemProcesses,
} from "./process_identity.ts";
import { temporaryPath } from "./temporary.ts";

/** Options of {@linkcode takeLock}. */
export interface LockOptions {
  /** What is locked, for messages. */
  subject: string;
  /** A sign of life is to be given this often, in milliseconds. */
  beatMs: number;
  /** Processes that locks name; those of this system by default. */
  processes?: ProcessTable;
}

/** What a lock file says, as JSON. */
interface LockText {
  /** Differs for every lock. */
  readonly token: string;
  /** Who holds it. */
  readonly process: ProcessIdentity;
  /** Without a sign of life for this long it counts as left, if its process cannot be looked for. */
  readonly staleMs: number;
}

/** Longest text of a lock file. */
const LOCK_BYTES_MAX = 4096;

/** Signs of life that may be missed, and what is added for slow disks and clocks. */
const BEATS_MISSED_MAX = 4;
const STALE_MS_LEAST = 30_000;

/** Tries to take a lock that others take and leave meanwhile. */
const TRIES_MAX = 20;

/** A lock that this process holds, as long as nobody took it over. */
export class FileLock {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #token: string;
  readonly #bytes: Uint8Array;

  /** Use {@linkcode takeLock}. */
  constructor(disk: Disk, path: string, { token, bytes }: { token: string; bytes: Uint8Array }) {
    this.#disk = disk;
    this.#path = path;
    this.#token = token;
    this.#bytes = bytes;
  }

  /** Whether it still is this process's; another one may have taken it for dead. */
  isHeld(): boolean {
    return readLock(this.#disk, this.#path)?.token === this.#token;
  }

  /** Gives a sign of life, by writing: the time of that is by the clock of the file system. */
  beat(): void {
    const file = this.#disk.open(this.#path, "write");
    try {
      file.write(this.#bytes, 0);
    } finally {
      file.close();
    }
  }

  /** Leaves it. */
  release(): void {
    if (this.isHeld()) this.#disk.remove(this.#path);
  }
}

/**
 * Takes a lock.
 *
 * @param path Path of the lock file, in the folder of what is locked.
 * @throws {FileError} If another process holds it, or no file can be made there.
 */
export function takeLock(disk: Disk, path: string, options: LockOptions): FileLock {
  const { subject, beatMs, processes = systemProcesses() } = options;
  const token = toHex(crypto.getRandomValues(new Uint8Array(8)));
  const staleMs = STALE_MS_LEAST + BEATS_MISSED_MAX * beatMs;
  const text: LockText = { token, process: processes.self, staleMs };
  const bytes = new TextEncoder().encode(`${JSON.stringify(text)}\n`);
  // Written elsewhere first: whoever sees the lock is to see who holds it.
  const draft = temporaryPath(path, processes);
  // It is to keep others away as long as this process runs, not to outlive a power cut.
  writeNewFile(disk, draft, [bytes], { isDurable: false });
  try {
    for (let i = 0; i < TRIES_MAX; i++) {
      if (putLock(disk, draft, path, bytes)) return new FileLock(disk, path, { token, bytes });
      const holder = readLock(disk, path);
      if (holder !== undefined) refuseIfAlive(holder, { disk, path, draft, subject, processes });
      breakLock(disk, path, { holder, processes });
    }
  } finally {
    disk.remove(draft);
  }
  throw new FileError(subject, "in-use", { why: "other processes keep taking its lock" });
}

/** Gives the draft the lock's name, if that is not taken. */
function putLock(disk: Disk, draft: string, path: string, bytes: Uint8Array): boolean {
  try {
    disk.link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    if (disk.entry(path) !== undefined) return false;
  }
  // A file system without second names.
  try {
    writeNewFile(disk, path, [bytes], { isDurable: false });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** What a lock says; undefined if it is gone or not one. */
function readLock(disk: Disk, path: string): LockText | undefined {
  try {
    const text = new TextDecoder().decode(readWholeFile(disk, path, LOCK_BYTES_MAX));
    const { token, process, staleMs } = JSON.parse(text) as Record<string, unknown>;
    const identity = identityOf(process);
    if (typeof token !== "string" || typeof staleMs !== "number" || identity === undefined) {
      return undefined;
    }
    return { token, process: identity, staleMs };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    if (error instanceof TypeError || errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function refuseIfAlive(
  { process, staleMs }: LockText,
  { disk, path, draft, subject, processes }: {
    disk: Disk;
    path: string;
    draft: string;
    subject: string;
    processes: ProcessTable;
  },
): void {
  const liveness = livenessOf(process, processes);
  if (liveness === "dead") return;
  const lock = disk.entry(path);
  if (lock === undefined) return;
  if (liveness === "alive") {
    throw new FileError(subject, "in-use", {
      why: `process ${process.pid} on this machine is writing it`,
      hint: "wait for it, or end it",
    });
  }
  // Both by the clock of the file system, which need not be that of this machine.
  const ageMs = (disk.entry(draft)?.modifiedMs ?? Date.now()) - lock.modifiedMs;
  if (ageMs > staleMs) return;
  const host = process.host === "" ? "a machine without a name" : `machine '${process.host}'`;
  const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
  throw new FileError(subject, "in-use", {
    why: `process ${process.pid} of ${host} is writing it (last sign of life ${
      seconds(ageMs)
    } s ago)`,
    hint: `wait for it; if it is dead, try again in ${
      seconds(staleMs - ageMs)
    } s, or remove ${path}`,
  });
}

/** Takes away a lock that was left, but not one that somebody put in its place meanwhile. */
function breakLock(
  disk: Disk,
  path: string,
  { holder, processes }: { holder: LockText | undefined; processes: ProcessTable },
): void {
  const aside = temporaryPath(path, processes);
  try {
    disk.rename(path, aside);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  try {
    if (readLock(disk, aside)?.token !== holder?.token) disk.link(aside, path);
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  } finally {
    disk.remove(aside);
  }
}
