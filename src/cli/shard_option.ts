/**
 * The options of verbs that can do one shard of their work, and the file that they write then.
 *
 * @module
 */

import { encodePart, type ShardPart } from "../artifact/shard_part.ts";
import { checkShard, type Shard } from "../engine/shard.ts";
import type { Values } from "./command.ts";
import { grouped, path, text } from "./options.ts";
import type { Output } from "./output.ts";
import { checkOutput, FORCE_OPTION, type Overwriting, writeOutput } from "./output_path.ts";
import { shardFromEnvironment } from "./shard_environment.ts";
import { UsageError } from "./usage_error.ts";

/** Options of verbs that can do a shard. */
export const SHARD_OPTIONS = grouped("Shard", {
  shard: text(
    "I/N",
    "Process shard I of N, counted from 0, and write the result to --out; 'auto' or 'auto/N' reads I " +
      "and N from the scheduler",
  ),
  output: path("FILE", "Output file for the shard result", { short: "o", alias: "out" }),
  force: FORCE_OPTION,
});

/** What of the work to do, and where to write it. */
export interface Sharding {
  /** The shard. */
  readonly shard: Shard;
  /** It as text, such as `3/8`. */
  readonly text: string;
  /** File of the shard result. */
  readonly path: string;
}

/**
 * The shard that the command line asks for; undefined if it asks for all of the work.
 *
 * @throws {UsageError} If it is none, or if it is not said where to write to.
 * @throws {InputError} If the file cannot be written, or the environment does not tell.
 */
export function shardingOf(
  { shard: given, output: path, force }: Values<typeof SHARD_OPTIONS>,
  { output, reads }: { readonly output: Output; readonly reads: readonly (string | undefined)[] },
): Sharding | undefined {
  if (given === undefined) {
    if (path === undefined) return undefined;
    throw new UsageError("Invalid option --out without --shard: only a shard result is written", {
      hint: "name the shard with --shard I/N",
    });
  }
  if (path === undefined) throw new UsageError("Missing option --out FILE for the shard result");
  const shard = readShard(given, (text) => output.note(text));
  checkOutput(path, { force, reads });
  return { shard, text: `${shard.index}/${shard.count}`, path };
}

/** Writes the result of a shard: all of it or nothing. */
export function writePart(
  { path }: Sharding,
  part: ShardPart,
  overwriting: Overwriting,
): void {
  writeOutput(path, encodePart(part), overwriting);
}

/**
 * The shard that a text such as `3/8`, `auto` or `auto/8` means.
 *
 * @throws {UsageError} If it is none.
 * @throws {InputError} If the environment does not tell.
 */
export function readShard(text: string, note: (text: string) => void): Shard {
  const [, automatic, index, count] = /^(?:(auto)|(\d{1,15}))(?:\/(\d{1,15}))?$/.exec(text) ?? [];
  if (automatic === undefined && (index === undefined || count === undefined)) {
    throw new UsageError(
      `Invalid value '${text}' for --shard: it must be I/N, such as 0/8, or auto or auto/8`,
    );
  }
  const known = count === undefined ? undefined : Number(count);
  if (automatic === undefined) return checked({ index: Number(index), count: known! });
  const { shard, engine, variables } = shardFromEnvironment(PROCESS_ENVIRONMENT, known);
  note(`shard ${shard.index}/${shard.count} from ${variables.join(", ")} (${engine})`);
  return checked(shard);
}

function checked(shard: Shard): Shard {
  try {
    checkShard(shard);
  } catch (error) {
    throw new UsageError(`Invalid value for --shard: ${(error as Error).message}`);
  }
  return shard;
}

const PROCESS_ENVIRONMENT = {
  isReadable: (variable: string): boolean =>
    Deno.permissions.querySync({ name: "env", variable }).state === "granted",
  get: (name: string): string | undefined => Deno.env.get(name),
};
