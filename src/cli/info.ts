/**
 * `rewind info`: what an artifact or a training log holds. Runs no code.
 *
 * @module
 */

import { type ArtifactInfo, openRecord, type UnfinishedInfo } from "../artifact/open_record.ts";
import type { RecordedStretch } from "../artifact/recorded_by.ts";
import { escapeText } from "../text/escape_text.ts";
import { followRecording } from "./follow_recording.ts";
import { resumeCommand } from "./resume_command.ts";
import { defineCommand } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { isReplayFile } from "./file_kind.ts";
import { LOG_OPTIONS, printLogInfo } from "./log_info.ts";
import { flag, JSON_OPTION, operand } from "./options.ts";
import { byteText, counted, grouped, printRows } from "./table.ts";
import { integerJson, statsJson, statsRows } from "./print_values.ts";
import { stateToJson } from "../codec/state_to_json.ts";
import { artifactInput, logInput } from "./pipe_input.ts";

/** Most files that are listed. */
const SOURCES_LISTED_MAX = 20;

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("file") },
  options: {
    source: flag("Print the source of the step module that the file carries, escaped"),
    follow: flag("Go on showing how far an unfinished recording is, until it is finished"),
    ...LOG_OPTIONS,
    json: JSON_OPTION,
  },
  examples: [
    { command: "rewind info walk.replay", note: "Show steps, seed, hash, statistics and source" },
    { command: "rewind info walk.replay --source", note: "Print the code that the file carries" },
    {
      command: "rewind info walk.replay.part --follow",
      note: "Watch a recording that is under way",
    },
  ],
  async run({ file, source, follow, json, ...reading }, { output, signal }) {
    if (follow) return await followRecording(file, { json, output, signal });
    if (!await isReplayFile(file, signal)) {
      using log = await logInput(file, signal);
      return await printLogInfo(log.path, { ...reading, json, output, signal });
    }
    const { record, info, checkAll } = await openRecord(await artifactInput(file, signal));
    checkAll();
    if (source) {
      if (record.source === undefined) {
        output.note("the file carries no source");
        return EXIT_NO;
      }
      for (const line of record.source.split(/\r?\n/)) {
        output.line(escapeText(line, { maxLength: Infinity }));
      }
      return EXIT_OK;
    }
    if (json) {
      output.json(infoJson(info));
      return EXIT_OK;
    }
    printRows(output, infoRows(info));
    if (info.unfinished !== undefined) output.note(`go on with: ${resumeCommand(file)}`);
    return EXIT_OK;
  },
});

function infoRows(info: ArtifactInfo): [string, string][] {
  const rows: [string, string | undefined][] = [
    ["format", `${info.format}, version ${info.formatVersion}, ${byteText(info.fileBytes)}`],
    ...info.facts.map(({ label, text }): [string, string] => [label, text]),
    [
      "source",
      info.hasSource
        ? `${byteText(info.sourceBytes)}, sha256 ${info.sourceHash} (runs in the sandbox only)`
        : info.sourceHash === undefined
        ? "none"
        : `left out, sha256 ${info.sourceHash}`,
    ],
    ["source map", sourceMapText(info.sourceMap)],
    ["content hash", `${info.contentHash} (${escapeText(info.contentHashStatus)})`],
    ["unfinished", info.unfinished && unfinishedText(info.unfinished)],
    ["recorded by", info.recordedBy.map(stretchText).join(", ") || undefined],
    ...Object.entries(info.statistics).map(([name, stats]): [string, string] => [
      escapeText(name),
      statsRows(stats).map(([key, value]) => `${key} ${value}`).join(", "),
    ]),
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

/** What the source map tells of the machine where the run was recorded. */
function sourceMapText(map: ArtifactInfo["sourceMap"]): string | undefined {
  if (map === undefined) return undefined;
  const named = map.sources.slice(0, SOURCES_LISTED_MAX).map((source) => escapeText(source));
  const more = map.sources.length - named.length;
  const names = `${named.join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
  return `names ${names}; has ${map.texts === 0 ? "no text" : `the text of ${grouped(map.texts)}`}`;
}

/** How an unfinished recording stands. */
function unfinishedText({ plannedSteps, recomputed }: UnfinishedInfo): string {
  const planned = plannedSteps === undefined ? "" : ` of ${counted(plannedSteps, "step")} planned`;
  return `what is durable so far${planned}; resuming makes ${counted(recomputed, "state")} again`;
}

function stretchText({ tool, engine, from }: RecordedStretch): string {
  return escapeText(`${tool} on ${engine}${from === 0 ? "" : ` from step ${from} on`}`);
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
    unfinished: info.unfinished ?? null,
    sourceMap: info.sourceMap ?? null,
  };
}
