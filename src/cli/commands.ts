/**
 * All verbs, in the order of the help. Each is loaded only when it is asked for, as start-up is a good
 * part of the time that a small command takes.
 *
 * @module
 */

import type { Command } from "./command.ts";

const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  record: async () => (await import("./record.ts")).recordCommand,
  info: async () => (await import("./info.ts")).infoCommand,
  get: async () => (await import("./get.ts")).getCommand,
  stats: async () => (await import("./stats.ts")).statsCommand,
  find: async () => (await import("./find.ts")).findCommand,
  trace: async () => (await import("./trace.ts")).traceCommand,
  branch: async () => (await import("./branch.ts")).branchCommand,
  log: async () => (await import("./log.ts")).logCommand,
  verify: async () => (await import("./verify.ts")).verifyCommand,
  view: async () => (await import("./view.ts")).viewCommand,
  merge: async () => (await import("./merge.ts")).mergeCommand,
  export: async () => (await import("./export.ts")).exportCommand,
  replay: async () => (await import("./replay.ts")).replayCommand,
  "check-determinism": async () => (await import("./check_determinism.ts")).checkDeterminismCommand,
  diff: async () => (await import("./diff.ts")).diffCommand,
  bisect: async () => (await import("./bisect.ts")).bisectCommand,
  eval: async () => (await import("./eval.ts")).evalCommand,
  completions: async () => (await import("./completions.ts")).completionsCommand,
};

/** Names that are understood besides the verbs' own. */
const ALIASES: Readonly<Record<string, string>> = { determinism: "check-determinism" };

/** Names of all verbs. */
export const COMMAND_NAMES: readonly string[] = Object.keys(LOADERS);

/** The verb of a name or alias; undefined if there is none. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  const verb = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
  return Object.hasOwn(LOADERS, verb) ? await LOADERS[verb]!() : undefined;
}

/** All verbs. */
export async function loadCommands(): Promise<Command[]> {
  return await Promise.all(Object.values(LOADERS).map((load) => load()));
}
