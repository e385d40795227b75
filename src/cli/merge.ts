/**
 * `rewind merge`: the parts of all shards, as the one answer that a single machine would have given.
 *
 * @module
 */

import { openFile } from "../artifact/artifact_file.ts";
import { ShardMerger } from "../artifact/merge_shards.ts";
import { ShardError } from "../errors.ts";
import { PART_BYTES_MAX } from "../artifact/limits.ts";
import { CampaignFolder } from "../campaign/folder.ts";
import { defineCommand } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { JSON_OPTION, operands } from "./options.ts";
import { printStats } from "./print_stats.ts";
import { counted } from "./table.ts";
import { printVerified, printVerifyJson } from "./verify_report.ts";

/** The verb. */
export const command = defineCommand({
  operands: { files: operands("shard-result") },
  options: { json: JSON_OPTION },
  details: [
    "Prints what 'rewind verify' or 'rewind stats' prints for the whole run, statistics bit for bit, with " +
    "the same exit codes. The shard results may come in any order. All of them must be there once, from the " +
    "same run, question, version of rewind and Math.",
    "For a campaign, name its folder, or those that its shards were written to: the first one gets results.jsonl, " +
    "the file that one machine would have written.",
    "A merged result is only as trustworthy as the least trusted machine that contributed to it.",
  ],
  examples: [
    {
      command:
        "for i in 0 1; do rewind verify walk.replay --shard $i/2 --out v$i.json; done; rewind merge v0.json v1.json",
      note: "Verify in two shards",
    },
    {
      command: "for i in 0 1 2; do rewind stats walk.replay --shard $i/3 --out s$i.json; done; " +
        "rewind merge s?.json --json",
      note: "Compute statistics in three shards",
    },
    {
      command:
        "for i in 0 1; do rewind sweep examples/walk.ts --steps 100 --seeds 0..9 --shard $i/2 -o shards; " +
        "done; rewind merge shards",
      note: "Run a campaign in two shards",
    },
  ],
  async run({ files, json }, { output, signal }) {
    if (CampaignFolder.isOne(files[0]!)) {
      // Loaded where it is needed only.
      const { mergeShardsOfCampaign } = await import("./merge_sweep.ts");
      return await mergeShardsOfCampaign(files, { output, json, signal });
    }
    const merger = new ShardMerger();
    for (const [i, path] of files.entries()) {
      merger.add(await readText(path), path);
      output.progress(`shard result ${i + 1} of ${files.length}`);
    }
    const merged = merger.result();
    if (merged.kind === "stats") {
      printStats(output, merged.stats, { json, quantiles: merged.quantiles });
      return EXIT_OK;
    }
    const verified = { ...merged, seconds: undefined, effort: counted(merged.shards, "shard") };
    if (json) printVerifyJson(output, verified);
    else printVerified(output, verified);
    if (merged.report.ok && !json) {
      output.note("this is what the parts say; that does not make them, or the source, honest");
    }
    return merged.report.ok ? EXIT_OK : EXIT_NO;
  },
});

async function readText(path: string): Promise<string> {
  const source = await openFile(path);
  if (source.size > PART_BYTES_MAX) {
    throw new ShardError(
      `Cannot read ${path}: it has ${source.size} bytes, more than the ${PART_BYTES_MAX} of a shard result`,
      { part: path },
    );
  }
  const bytes = source.read(0, source.size);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ShardError(`Cannot read ${path}: it is not text`, {
      part: path,
      cause,
    });
  }
}
