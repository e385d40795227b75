/**
 * The options of verbs that can do one shard of their work, and the file that they write then.
 *
 * @module
 */

import { encodePart, type ShardPart } from "../artifact/shard_part.ts";
import { checkShard, type Shard } from "../engine/shard.ts";
import { optionText } from "./args.ts";
import type { CommandContext, OptionSpec } from "./command.ts";
import { checkOutput, FORCE_OPTION, writeOutput } from "./save.ts";
import { shardFromEnvironment } from "./shard_environment.ts";
import { UsageError } from "./usage_error.ts";

/** Options of verbs that can do a shard. */
export const SHARD_OPTIONS: readonly OptionSpec[] = [
  {
    name: "shard",
    value: "I/N",
    summary:
      "do the I-th (from 0) of N shares of the blocks and write what was found to --out, for " +
      "'rewind merge'; auto or auto/N: as the engine says that started this task",
  },
  {
    name: "output",
    short: "o",
    alias: "out",
    value: "FILE",
    summary: "the file for the part of a shard; also --out",
  },
  FORCE_OPTION,
];

/** What of the work to do, and where to write it. */
export interface Sharding {
  /** The shard. */
  readonly shard: Shard;
  /** It as text, such as `3/8`. */
  readonly text: string;
  /** File of the part. */
  readonly path: string;
}

/**
 * The shard that the command line asks for; undefined if it asks for all of the work.
 *
 * @throws {UsageError} If it is none, or if it is not said where to write to.
 * @throws {InputError} If the file cannot be written, or the environment does not tell.
 */
export async function shardingOf({ args, output }: CommandContext): Promise<Sharding | undefined> {
  const given = optionText(args, "shard");
  const path = optionText(args, "output");
  if (given === undefined) {
    if (path === undefined) return undefined;
    throw new UsageError("--out is for the part of a shard: say which with --shard I/N");
  }
  if (path === undefined) throw new UsageError("--shard needs a file to write to: --out FILE");
  const shard = readShard(given, (text) => output.note(text));
  await checkOutput(path, args);
  return { shard, text: `${shard.index}/${shard.count}`, path };
}

/** Writes the part of a shard: all of it or nothing. */
export async function writePart(
  { args }: CommandContext,
  { path }: Sharding,
  part: ShardPart,
): Promise<void> {
  await writeOutput(path, encodePart(part), args);
}

function readShard(text: string, note: (text: string) => void): Shard {
  const [, automatic, index, count] = /^(?:(auto)|(\d{1,15}))(?:\/(\d{1,15}))?$/.exec(text) ?? [];
  if (automatic === undefined && (index === undefined || count === undefined)) {
    throw new UsageError(`--shard must be I/N, such as 0/8, or auto or auto/8, not '${text}'`);
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
    throw new UsageError((error as Error).message);
  }
  return shard;
}

const PROCESS_ENVIRONMENT = {
  isReadable: (variable: string): boolean =>
    Deno.permissions.querySync({ name: "env", variable }).state === "granted",
  get: (name: string): string | undefined => Deno.env.get(name),
};
