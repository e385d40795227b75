/**
 * `rewind info`: what an artifact or a training log holds. Runs no code.
 *
 * @module
 */

import { type ArtifactInfo, openRecord } from "../artifact/open_record.ts";
import { escapeText } from "../text/escape_text.ts";
import { optionSwitch } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { isReplayFile } from "./file_kind.ts";
import { LOG_OPTIONS, printLogInfo } from "./log_info.ts";
import { byteText, printRows } from "./table.ts";
import { integerJson, statsJson, statsRows } from "./values.ts";
import { stateToJson } from "../codec/json_state.ts";

/** The verb. */
export const infoCommand: Command = {
  name: "info",
  summary: "what an artifact or a training log holds; runs no code",
  usage: "<file>",
  positionals: [1, 1],
  options: [
    { name: "source", summary: "print the step source that the artifact carries, escaped" },
    ...LOG_OPTIONS,
    JSON_OPTION,
  ],
  examples: [
    { command: "rewind info walk.replay", note: "steps, seed, hash, statistics, source" },
    { command: "rewind info walk.replay --source", note: "the code that it carries" },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const path = args.positionals[0]!;
  if (!await isReplayFile(path)) return await printLogInfo(context);
  const { record, info, checkAll } = await openRecord(path);
  checkAll();
  if (optionSwitch(args, "source")) {
    if (record.source === undefined) {
      output.note("the artifact carries no source");
      return EXIT_NO;
    }
    for (const line of record.source.split(/\r?\n/)) {
      output.line(escapeText(line, { maxLength: Infinity }));
    }
    return EXIT_OK;
  }
  if (optionSwitch(args, "json")) output.json(infoJson(info));
  else printRows(output, infoRows(info));
  return EXIT_OK;
}

function infoRows(info: ArtifactInfo): [string, string][] {
  const rows: [string, string | undefined][] = [
    ["format", `${info.format}, version ${info.formatVersion}, ${byteText(info.fileBytes)}`],
    ...info.facts.map(({ label, text }): [string, string] => [label, text]),
    [
      "source",
      info.hasSource
        ? `${byteText(info.sourceBytes)}, sha256 ${info.sourceHash} (runs in the sandbox only)`
        : "none",
    ],
    ["content hash", `${info.contentHash} (${escapeText(info.contentHashStatus)})`],
    ["math", info.provenance === undefined ? undefined : info.provenance.math],
    [
      "recorded by",
      info.provenance === undefined
        ? undefined
        : escapeText(`${info.provenance.tool} on ${info.provenance.engine}`),
    ],
    ...Object.entries(info.statistics).map(([name, stats]): [string, string] => [
      escapeText(name),
      statsRows(stats).map(([key, value]) => `${key} ${value}`).join(", "),
    ]),
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

function infoJson(info: ArtifactInfo): Record<string, unknown> {
  const { statistics, params, seed, observed: _, facts, ...rest } = info;
  return {
    ...Object.fromEntries(facts.map(({ name, value }) => [name, stateToJson(value)])),
    ...rest,
    seed: integerJson(seed),
    params: params === undefined ? null : stateToJson(params),
    observed: Object.fromEntries(
      Object.entries(statistics).map(([name, stats]) => [name, statsJson(stats)]),
    ),
    branchPoint: info.branchPoint ?? null,
    parentHash: info.parentHash ?? null,
    failure: info.failure ?? null,
    sourceHash: info.sourceHash ?? null,
    provenance: info.provenance ?? null,
  };
}
