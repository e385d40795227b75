/**
 * Which way things flow, as rules over the import graph: each gives what breaks it, as lines of text.
 *
 * @module
 */

import { circlesOf, type Module } from "./import_graph.ts";

/** Rooms from left to right: each imports only from its left. */
export const ORDER: readonly string[] = [
  "leaf",
  "codec",
  "rng",
  "engine",
  "artifact",
  "sandbox",
  "campaign",
  "testing",
  "view",
  "cli",
];

/** Rooms of leaves: what both stems may import, and what imports nothing but leaves. */
const LEAF_ROOMS = ["bytes", "disk", "math", "page", "text"];

/** Rooms inside rooms: what each may import of the others inside the same room. */
const INNER: Readonly<Record<string, readonly string[]>> = {
  // The host is the parent, the child another process: they share the wire and nothing else.
  "sandbox/wire": [],
  "sandbox/realm": ["sandbox/wire"],
  "sandbox/child": ["sandbox/wire", "sandbox/realm"],
  // The process that a debugger stops in: as the child, it shares the wire with the host and nothing else.
  "sandbox/debug": ["sandbox/wire"],
  "sandbox/host": ["sandbox/wire"],
  // Author's code on the author's machine becomes the one module that others run.
  "sandbox/recorder": ["sandbox/host"],
  "training/log": [],
  "training/statistics": [],
  "training/command": ["training/log"],
  "training/compare": ["training/log"],
  "training/fingerprints": ["training/log"],
  "training/findings": [
    "training/log",
    "training/statistics",
    "training/command",
    "training/compare",
    "training/fingerprints",
  ],
  "training/files": [
    "training/log",
    "training/statistics",
    "training/compare",
    "training/fingerprints",
    "training/findings",
  ],
  "training/report": [
    "training/log",
    "training/statistics",
    "training/compare",
    "training/fingerprints",
    "training/findings",
  ],
  "training/verbs": [
    "training/log",
    "training/statistics",
    "training/command",
    "training/compare",
    "training/fingerprints",
    "training/findings",
    "training/files",
    "training/report",
  ],
};

/** Who outside of a room may import what is inside of it; rooms that are not named here are open. */
const VISITORS: Readonly<Record<string, RegExp>> = {
  // A compiled binary is its own child.
  "sandbox/child": /^src\/cli\/main\.ts$/,
  // The worker of the live page is a realm too.
  "sandbox/realm": /^src\/view\/browser\//,
};

/** Most lines of a file: one idea each. */
const LINES_MAX = 400;

/** Tables of data, which are as long as what they say. */
const TABLES: readonly string[] = [];

/** Files that are still longer; none may be added, and one that got shorter leaves this list. */
const STILL_LONG: readonly string[] = [
  "src/rng/numpy/distributions.ts",
];

/** What a realm must not name: interfaces of a platform, which it is given as an argument instead. */
const PLATFORM =
  /\b(?:Deno|Bun|process|console|performance|navigator|document|window|self|postMessage|fetch|crypto|setTimeout|setInterval|queueMicrotask|Worker|Blob|URL|TextEncoder|TextDecoder|Atomics|SharedArrayBuffer)\s*[.(]|\bnew (?:Worker|Blob|URL|TextEncoder|TextDecoder|SharedArrayBuffer)\b/;

/** The room of a module; `leaf` for what both stems may import. */
export function roomOf(path: string): string {
  const [, room, file] = path.split("/");
  return file === undefined || LEAF_ROOMS.includes(room!) ? "leaf" : room!;
}

/** The room inside a room, `sandbox/host`; undefined where a module lies in no such room. */
function innerRoomOf(path: string): string | undefined {
  const [, room, inner, file] = path.split("/");
  const name = `${room}/${inner}`;
  return file !== undefined && name in INNER ? name : undefined;
}

/** Code without what it says in strings and line comments. */
function withoutTexts(text: string): string {
  return text.replace(/`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g, '""').replace(/\/\/.*/g, "");
}

/** Imports that do not go to the left. */
export function againstTheFlow(modules: readonly Module[]): string[] {
  const wrong: string[] = [];
  for (const { path, imports } of modules) {
    const room = roomOf(path);
    for (const target of imports) {
      const to = roomOf(target);
      if (room === to) continue;
      const allowed = room === "training"
        ? to === "leaf"
        : to === "training"
        ? room === "cli"
        : ORDER.indexOf(to) < ORDER.indexOf(room);
      if (!allowed) wrong.push(`${path} imports ${target}`);
    }
  }
  return wrong;
}

/** Imports between rooms inside rooms that are not allowed. */
export function throughWalls(modules: readonly Module[]): string[] {
  const wrong: string[] = [];
  for (const { path, imports } of modules) {
    const from = innerRoomOf(path);
    for (const target of imports) {
      const to = innerRoomOf(target);
      if (to === undefined || to === from) continue;
      const isVisit = roomOf(path) !== roomOf(target);
      const allowed = isVisit
        ? VISITORS[to]?.test(path) ?? true
        : from === undefined || INNER[from]!.includes(to);
      if (!allowed) wrong.push(`${path} imports ${target}`);
    }
  }
  return wrong;
}

/** Folders of a room that has inner rooms and that are none of them. */
export function unknownRooms(modules: readonly Module[]): string[] {
  const halls = new Set(Object.keys(INNER).map((name) => name.split("/")[0]!));
  const wrong = modules.filter(({ path }) => {
    const [, room, , file] = path.split("/");
    return halls.has(room!) && file !== undefined && innerRoomOf(path) === undefined;
  });
  return wrong.map(({ path }) => `${path} lies in no known room`);
}

/** Files that load each other in a circle. */
export function circles(modules: readonly Module[]): string[] {
  return circlesOf(modules);
}

/** Files that are too long. */
export function tooLong(modules: readonly Module[]): string[] {
  return modules
    .filter(({ path, lines }) =>
      lines > LINES_MAX && !TABLES.includes(path) && !STILL_LONG.includes(path)
    )
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

/** `_private` files that another folder imports. */
export function privateImports(modules: readonly Module[]): string[] {
  const folder = (path: string) => path.slice(0, path.lastIndexOf("/"));
  return modules.flatMap(({ path, imports }) =>
    imports
      .filter((target) => /\/_[^/]*$/.test(target) && folder(target) !== folder(path))
      .map((target) => `${path} imports ${target}`)
  );
}

/** Interfaces of a platform in rooms that are to run on any. */
export function platformUses(modules: readonly Module[]): string[] {
  return modules.flatMap(({ path, text, foreign }) => {
    if (!/^src\/sandbox\/(realm|wire)\//.test(path)) return [];
    const uses = foreign.filter((name) => /^(node|npm|jsr|https?):/.test(name));
    const match = PLATFORM.exec(withoutTexts(text));
    return [...uses, ...(match === null ? [] : [match[0]])].map((use) => `${path} uses ${use}`);
  });
}

/** Exceptions that are none any more and have to leave the lists above. */
export function staleExceptions(modules: readonly Module[]): string[] {
  const long = new Set(modules.filter(({ lines }) => lines > LINES_MAX).map(({ path }) => path));
  return [...STILL_LONG, ...TABLES].filter((path) => !long.has(path));
}
