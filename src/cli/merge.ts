/**
 * `rewind merge`: the parts of all shards, as the one answer that a single machine would have given.
 *
 * @module
 */

import { openFile } from "../artifact/file.ts";
import { ShardMerger } from "../artifact/merge_shards.ts";
import { ShardError } from "../errors.ts";
import { PART_BYTES_MAX } from "../limits.ts";
import { optionSwitch } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { printStats } from "./stats.ts";
import { counted } from "./table.ts";
import { printVerified, printVerifyJson } from "./verify_report.ts";

/** The verb. */
export const mergeCommand: Command = {
  name: "merge",
  summary: "join the parts that 'verify --shard' or 'stats --shard' wrote",
  usage: "<part.json> ...",
  positionals: [1, Infinity],
  options: [JSON_OPTION],
  details: [
    "Prints what 'rewind verify' or 'rewind stats' prints of the whole run, statistics to the last bit, with " +
    "the same exit codes. The parts may come in any order; all of them must be there, once, of the same run, " +
    "question, version of rewind and Math.",
    "A merged verification says what the makers of the parts say: it is worth as much as the least of them.",
  ],
  examples: [
    {
      command:
        "for i in 0 1; do rewind verify walk.replay --shard $i/2 --out v$i.json; done; rewind merge v0.json v1.json",
      note: "a verification in two shards",
    },
    {
      command: "for i in 0 1 2; do rewind stats walk.replay --shard $i/3 --out s$i.json; done; " +
        "rewind merge s?.json --json",
      note: "statistics in three",
    },
  ],
  run,
};

async function run({ args, output }: CommandContext): Promise<number> {
  const merger = new ShardMerger();
  const count = args.positionals.length;
  for (const [i, path] of args.positionals.entries()) {
    merger.add(await readText(path), path);
    output.progress(`part ${i + 1} of ${count}`);
  }
  const merged = merger.result();
  const isJson = optionSwitch(args, "json");
  if (merged.kind === "stats") {
    printStats(output, merged.stats, isJson);
    return EXIT_OK;
  }
  const verified = { ...merged, seconds: undefined, effort: counted(merged.shards, "shard") };
  if (isJson) printVerifyJson(output, verified);
  else printVerified(output, verified);
  if (merged.report.ok && !isJson) {
    output.note("this is what the parts say; that does not make them, or the source, honest");
  }
  return merged.report.ok ? EXIT_OK : EXIT_NO;
}

async function readText(path: string): Promise<string> {
  const source = await openFile(path);
  if (source.size > PART_BYTES_MAX) {
    throw new ShardError(
      `Cannot read ${path} as it has ${source.size} bytes, more than ${PART_BYTES_MAX}: it is no part`,
      { part: path },
    );
  }
  const bytes = source.read(0, source.size);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ShardError(`Cannot read ${path} as it is not text: it is no part`, {
      part: path,
      cause,
    });
  }
}
