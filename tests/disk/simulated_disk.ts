/**
 * A disk in memory that keeps what is live and what is durable apart, fails where it is told to, and shows
 * what a crash may leave: writes that are lost, torn or out of order, names that are not durable.
 */

import type { Disk, DiskEntry, DiskFile, OpenMode } from "../../src/disk/disk.ts";

/** Random numbers of a test: integers below a bound. */
export type Below = (bound: number) => number;

/** A small generator of such numbers, from a seed. */
export function belowFrom(seed: number): Below {
  let state = (seed * 2654435761 + 1) >>> 0;
  return (bound) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 15)) >>> 0) % bound;
  };
}

interface Change {
  readonly offset: number;
  /** Written bytes; undefined for a truncation to `offset`. */
  readonly bytes: Uint8Array | undefined;
}

interface Node {
  live: Uint8Array;
  /** What `live` is the beginning of, where there is room for more. */
  room: Uint8Array | undefined;
  durable: Uint8Array;
  /** Changes since the last sync, in order. */
  pending: Change[];
  mode: number;
  modifiedMs: number;
  readonly id: number;
}

/** A change of one name: to a node, or away. */
interface NameChange {
  readonly path: string;
  readonly node: Node | undefined;
}

/** The error of a failed system call. */
export class SystemError extends Error {
  constructor(readonly code: string, path: string) {
    super(`${code}: ${path}`);
  }
}

/** One folder, `/`; other folders may be added by name. */
export class SimulatedDisk implements Disk {
  readonly folders: Set<string> = new Set(["/", "."]);
  /** Number of operations that could fail so far. */
  operations = 0;
  /** Operation that fails, with what; later ones fail too if `stays`. */
  fault: { at: number; code: string; stays?: boolean } | undefined;
  /** After this operation nothing reaches the disk any more: the power is gone. */
  powerOffAt = Infinity;
  /** Kind of the operation that failed last. */
  failed: string | undefined;
  /** Number of syncs of files and folders. */
  syncs = 0;
  nowMs = 1_000_000;
  #live = new Map<string, Node>();
  #durable = new Map<string, Node>();
  /** Atomic groups of changes of names since the last sync of the folder. */
  #names: NameChange[][] = [];
  #ids = 0;

  /** What may be found after a crash now: everything that was not synced may be there, or not, or in part. */
  afterCrash(below: Below): SimulatedDisk {
    const after = new SimulatedDisk();
    after.nowMs = this.nowMs + 1000;
    const names = new Map(this.#durable);
    for (const group of this.#names) {
      // Journals keep the order of names, mostly; here each change may be lost by itself.
      if (below(2) === 0) continue;
      for (const { path, node } of group) {
        if (node === undefined) names.delete(path);
        else names.set(path, node);
      }
    }
    const nodes = new Map<Node, Node>();
    for (const [path, node] of names) {
      let copy = nodes.get(node);
      if (copy === undefined) {
        const bytes = crashed(node, below);
        copy = {
          ...node,
          ...{ live: bytes, durable: bytes, room: undefined, pending: [], id: ++after.#ids },
        };
        nodes.set(node, copy);
      }
      after.#live.set(path, copy);
      after.#durable.set(path, copy);
    }
    return after;
  }

  /** Paths of all files, in order. */
  paths(): string[] {
    return [...this.#live.keys()].sort();
  }

  /** Content of a file. */
  bytesOf(path: string): Uint8Array {
    return this.#need(path).live.slice();
  }

  /** Puts a durable file there. */
  put(path: string, bytes: Uint8Array, modifiedMs = this.nowMs): void {
    const node = this.#node(bytes);
    node.modifiedMs = modifiedMs;
    this.#live.set(path, node);
    this.#durable.set(path, node);
  }

  /** Adds durable bytes to the end of a file. */
  append(path: string, bytes: Uint8Array): void {
    const node = this.#need(path);
    append(node, bytes);
    node.durable = node.live;
  }

  open(path: string, mode: OpenMode): DiskFile {
    this.#step(path, "open");
    let node = this.#live.get(path);
    if (mode === "create") {
      if (node !== undefined) throw new SystemError("EEXIST", path);
      node = this.#node(new Uint8Array(0));
      node.durable = new Uint8Array(0);
      this.#name([{ path, node }]);
    }
    if (node === undefined) throw new SystemError("ENOENT", path);
    return new SimulatedFile(this, node, path);
  }

  entry(path: string): DiskEntry | undefined {
    if (this.folders.has(path)) return { ...FOLDER };
    const node = this.#live.get(path);
    return node && {
      kind: "file",
      size: node.live.length,
      mode: node.mode,
      uid: 1,
      gid: 1,
      modifiedMs: node.modifiedMs,
      identity: `${node.id}`,
    };
  }

  linkTarget(): undefined {
    return undefined;
  }

  rename(from: string, to: string): void {
    this.#step(from, "rename");
    this.#name([{ path: from, node: undefined }, { path: to, node: this.#need(from) }]);
  }

  link(from: string, to: string): void {
    this.#step(from, "link");
    if (this.#live.has(to)) throw new SystemError("EEXIST", to);
    this.#name([{ path: to, node: this.#need(from) }]);
  }

  remove(path: string): void {
    this.#step(path, "remove");
    if (this.#live.has(path)) this.#name([{ path, node: undefined }]);
  }

  names(folder: string): string[] {
    const prefix = folder === "." ? "" : folder.replace(/\/?$/, "/");
    return this.paths().filter((path) => path.startsWith(prefix)).map((path) =>
      path.slice(prefix.length)
    ).filter((name) => !name.includes("/"));
  }

  syncFolder(folder: string): void {
    this.#step(folder, "syncFolder");
    this.syncs++;
    if (this.isOff) return;
    this.#durable = new Map(this.#live);
    this.#names = [];
  }

  setMode(path: string, mode: number): void {
    this.#step(path, "setMode");
    this.#need(path).mode = mode;
  }

  setOwner(path: string): void {
    this.#step(path, "setOwner");
  }

  /** Whether the power is gone. */
  get isOff(): boolean {
    return this.operations > this.powerOffAt;
  }

  /** Counts an operation and fails it, if it is its turn. */
  check(path: string, kind: string): void {
    this.#step(path, kind);
  }

  #step(path: string, kind: string): void {
    const at = this.operations++;
    this.nowMs++;
    const { fault } = this;
    if (fault !== undefined && (at === fault.at || (fault.stays && at > fault.at))) {
      this.failed = kind;
      throw new SystemError(fault.code, path);
    }
  }

  #name(group: NameChange[]): void {
    for (const { path, node } of group) {
      if (node === undefined) this.#live.delete(path);
      else this.#live.set(path, node);
    }
    if (!this.isOff) this.#names.push(group);
  }

  #node(bytes: Uint8Array): Node {
    return {
      live: bytes,
      durable: bytes,
      room: undefined,
      pending: [],
      mode: 0o644,
      modifiedMs: this.nowMs,
      id: ++this.#ids,
    };
  }

  #need(path: string): Node {
    const node = this.#live.get(path);
    if (node === undefined) throw new SystemError("ENOENT", path);
    return node;
  }
}

const FOLDER: DiskEntry = {
  kind: "folder",
  size: 0,
  mode: 0o755,
  uid: 1,
  gid: 1,
  modifiedMs: 0,
  identity: "/",
};

class SimulatedFile implements DiskFile {
  constructor(readonly disk: SimulatedDisk, readonly node: Node, readonly path: string) {}

  read(target: Uint8Array, offset: number): number {
    const part = this.node.live.subarray(offset, offset + target.length);
    target.set(part);
    return part.length;
  }

  write(bytes: Uint8Array, offset: number): void {
    try {
      this.disk.check(this.path, "write");
    } catch (error) {
      // A full disk has taken some of it.
      this.#change({ offset, bytes: bytes.slice(0, bytes.length >> 1) });
      throw error;
    }
    this.#change({ offset, bytes: bytes.slice() });
  }

  truncate(length: number): void {
    this.disk.check(this.path, "truncate");
    this.#change({ offset: length, bytes: undefined });
  }

  sync(): void {
    try {
      this.disk.check(this.path, "sync");
    } catch (error) {
      // Nobody knows what of it reached the disk, and a later sync does not tell.
      this.node.pending = [];
      throw error;
    }
    this.disk.syncs++;
    if (this.disk.isOff) return;
    this.node.durable = this.node.live;
    this.node.pending = [];
  }

  size(): number {
    return this.node.live.length;
  }

  close(): void {}

  #change(change: Change): void {
    const { node } = this;
    if (change.bytes !== undefined && change.offset === node.live.length) {
      append(node, change.bytes);
    } else {
      node.live = changed(node.live, change);
      node.room = undefined;
    }
    node.modifiedMs = this.disk.nowMs;
    if (!this.disk.isOff) node.pending.push(change);
  }
}

/** Adds to the end of a file without copying what it holds each time; what was durable keeps its bytes. */
function append(node: Node, bytes: Uint8Array): void {
  const { live } = node;
  const length = live.length + bytes.length;
  if (node.room === undefined || node.room.length < length) {
    node.room = new Uint8Array(2 * length);
    node.room.set(live);
  }
  node.room.set(bytes, live.length);
  node.live = node.room.subarray(0, length);
}

function changed(content: Uint8Array, { offset, bytes }: Change): Uint8Array {
  const length = bytes === undefined ? offset : Math.max(content.length, offset + bytes.length);
  const next = new Uint8Array(length);
  next.set(content.subarray(0, length));
  if (bytes !== undefined) next.set(bytes, offset);
  return next;
}

/** Durable content, with any of the pending changes in any order, whole, torn or as zeros. */
function crashed({ durable, pending }: Node, below: Below): Uint8Array {
  let content = durable;
  const order = [...pending];
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  for (const change of order) {
    const fate = below(4);
    if (fate === 0) continue;
    const { offset, bytes } = change;
    if (fate === 1 || bytes === undefined || bytes.length === 0) {
      content = changed(content, change);
    } else if (fate === 2) {
      content = changed(content, { offset, bytes: bytes.slice(0, below(bytes.length)) });
    } else {
      content = changed(content, { offset, bytes: new Uint8Array(bytes.length) });
    }
  }
  return content;
}
