/**
 * All verbs in the order of the help, with their summaries. A verb's file is loaded only when the verb is
 * asked for; the overview of the help needs none of them.
 *
 * A new verb is one line here and one file beside this one, named after it, that exports `command`.
 *
 * @module
 */

import { later } from "../later.ts";
import type { Command } from "./command.ts";

/** A verb of the command line before it is loaded. */
export interface Verb {
  /** What a person types. */
  readonly name: string;
  /** One line for the overview and the head of its help: an imperative, without a final period. */
  readonly summary: string;
  /** Whether it runs a step in the sandbox, whose child can get ready while the verb is loaded. */
  readonly runsStep: boolean;
  /** Loads what it declares. */
  load(): Promise<{ readonly command: Command }>;
}

/** Verbs under one heading of the overview. */
export interface VerbGroup {
  /** The heading. */
  readonly title: string;
  /** The verbs below it. */
  readonly verbs: readonly Verb[];
}

/** All verbs by heading. */
export const VERB_GROUPS: readonly VerbGroup[] = [
  {
    title: "Runs",
    verbs: [
      stepVerb("record", "Run a step module and write its .replay file"),
      stepVerb("resume", "Go on with a recording that was stopped"),
      stepVerb("extend", "Record more states of a finished run"),
      stepVerb("when", "Find the step that last, or first, changed a part of the state"),
      verb("info", "Show what a run or a training log contains; runs no code"),
      stepVerb("get", "Regenerate the exact state at a step"),
      stepVerb("stats", "Compute exact statistics over a whole run in one pass"),
      stepVerb("find", "Find the first step whose state satisfies a predicate"),
      stepVerb("trace", "Show the random draws of the step that made a state"),
      stepVerb("branch", "Fork a what-if run from one of the states"),
      verb("log", "Show the tree of runs and branches in a folder"),
      stepVerb("view", "Write a live HTML page of a run, or one that opens any run"),
      stepVerb("picture", "Draw states of a run as SVG, PNG or a moving GIF"),
      stepVerb("verify", "Verify that a run replays bit for bit on this machine"),
      verb("diverge", "Find where other code first draws or behaves differently from a run"),
      verb("debug", "Stop a debugger in the step that makes a state"),
      verb("test", "Test recorded runs against the step modules of today"),
      verb("diff", "Find the first difference between two training logs or two runs"),
      verb("export", "Write states as JSON Lines or CSV, or a run for the Python package"),
      verb("merge", "Merge the shard results of 'verify', 'stats' or 'sweep'"),
    ],
  },
  {
    title: "Campaigns",
    verbs: [
      stepVerb("sweep", "Run a step module over many seeds and parameters"),
      stepVerb("why", "Find the steps that decided an outcome, by forks with fresh seeds"),
      stepVerb("rare", "Estimate the probability of a rare event by splitting"),
    ],
  },
  {
    title: "Training runs",
    verbs: [
      verb("replay", "Rerun a training command with its seed and compare the metrics"),
      verb(
        "check-determinism",
        "Run a training command several times with one seed and report the first divergence",
      ),
      verb("check-resume", "Kill and resume a training command and report what was not restored"),
      verb("baseline", "Run a training command and keep its log, command and surroundings"),
      verb("bisect", "Find the first commit at which a training command goes bad"),
      verb("seeds", "Compare runs of several seeds: is B better than A, and do the seeds suffice"),
      verb("eval", "Check a training log for NaN, spikes, plateaus, drift, and instability"),
    ],
  },
  {
    title: "Shell",
    verbs: [
      verb("completions", "Print a script that completes commands and options in your shell"),
    ],
  },
];

/** All verbs in one list. */
export const VERBS: readonly Verb[] = VERB_GROUPS.flatMap(({ verbs }) => verbs);

/** Names that are understood besides the verbs' own. */
const ALIASES: Readonly<Record<string, string>> = { determinism: "check-determinism" };

/** The verb of a name or alias; undefined if there is none. */
export function findVerb(name: string): Verb | undefined {
  const own = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
  return VERBS.find((verb) => verb.name === own);
}

/** A verb that runs a step whatever its arguments are. */
function stepVerb(name: string, summary: string): Verb {
  return { ...verb(name, summary), runsStep: true };
}

function verb(name: string, summary: string): Verb {
  return {
    name,
    summary,
    runsStep: false,
    load: () => later(`cli/${name.replaceAll("-", "_")}.ts`),
  };
}
