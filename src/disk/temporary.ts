/**
 * Temporary files beside those that are written: their names tell which process made them, so that those of
 * dead processes can be cleaned away.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import { sha256Sync } from "../bytes/sha256.ts";
import { type Disk, folderOf, nameOf, pathIn } from "./disk.ts";
import { livenessOf, type ProcessIdentity, type ProcessTable } from "./process_identity.ts";

const TEMPORARY = /\.rewind-([0-9a-f]{8})-([0-9]+)-([0-9]*)-[0-9a-f]{8}\.tmp$/;

/** A temporary file of another machine is old after this time: no file is written for so long. */
const FOREIGN_AGE_MS_MAX = 24 * 60 * 60 * 1000;

/** Longest name of a file that systems allow, in bytes. */
const NAME_BYTES_MAX = 255;

/** Whether a name is that of a temporary file, whoever made it. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/** Path of a new temporary file beside a file. */
export function temporaryPath(path: string, { self }: ProcessTable): string {
  const token = toHex(crypto.getRandomValues(new Uint8Array(4)));
  const mark = `.rewind-${machineTag(self)}-${self.pid}-${self.started}-${token}.tmp`;
  const name = nameOf(path);
  const room = NAME_BYTES_MAX - mark.length;
  return bytesOf(name) <= room
    ? `${path}${mark}`
    : pathIn(folderOf(path), `${beginningOf(name, room)}${mark}`);
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** As many characters of a name as there is room for: the name is ours, so it need not be whole. */
function beginningOf(name: string, room: number): string {
  const characters = [...name];
  while (bytesOf(characters.join("")) > room) characters.pop();
  return characters.join("");
}

/** Removes the temporary files that dead processes left in the folder of a path. */
export function cleanTemporaries(disk: Disk, path: string, processes: ProcessTable): void {
  const folder = folderOf(path);
  const { self } = processes;
  for (const name of namesIn(disk, folder)) {
    const [, tag, pid, started] = TEMPORARY.exec(name) ?? [];
    if (tag === undefined) continue;
    const stray = pathIn(folder, name);
    const liveness = tag === machineTag(self)
      ? livenessOf({ ...self, pid: Number(pid), started: started! }, processes)
      : "unknown";
    if (liveness === "dead") remove(disk, stray);
    else if (liveness === "unknown") removeIfOld(disk, stray);
  }
}

/** The machine and its start, in a few characters. */
function machineTag({ host, boot, space }: ProcessIdentity): string {
  return toHex(sha256Sync(new TextEncoder().encode(`${host}\n${boot}\n${space}`))).slice(0, 8);
}

function removeIfOld(disk: Disk, path: string): void {
  const entry = disk.entry(path);
  if (entry !== undefined && Date.now() - entry.modifiedMs > FOREIGN_AGE_MS_MAX) remove(disk, path);
}

/** Cleaning is a courtesy: where the folder may not be listed, nothing is cleaned. */
function namesIn(disk: Disk, folder: string): readonly string[] {
  try {
    return disk.names(folder);
  } catch {
    return [];
  }
}

function remove(disk: Disk, path: string): void {
  try {
    disk.remove(path);
  } catch {
    // Somebody else's, perhaps.
  }
}
