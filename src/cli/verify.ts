/**
 * `rewind verify`: whether a run replays bit for bit, and if not, why.
 *
 * @module
 */

import { currentWriter } from "../artifact/saved_record.ts";
import { type ArtifactInfo, type OpenedRecord, openRecord } from "../artifact/open_record.ts";
import { equalBytes } from "../codec/compare_states.ts";
import type { RunRecord } from "../engine/types.ts";
import type { BadBlock, VerifyReport } from "../engine/verify.ts";
import { ArtifactIntegrityError, UnsafeArtifactError } from "../errors.ts";
import type { ChildOptions } from "../sandbox/host.ts";
import { SandboxSession } from "../sandbox/session.ts";
import { checkSource } from "../sandbox/static_rules.ts";
import { verifySandboxed } from "../sandbox/verify_sandboxed.ts";
import { optionSwitch, optionText } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { REPLAY_OPTIONS, sandboxLimits, stepSource } from "./sandbox_options.ts";
import { startsAsArtifact } from "./file_kind.ts";
import { printableLine } from "./printable.ts";
import { counted, grouped } from "./table.ts";

/** The verb. */
export const verifyCommand: Command = {
  name: "verify",
  summary: "prove that a run replays bit for bit on this machine",
  usage: "<run.replay>",
  positionals: [1, 1],
  options: [...REPLAY_OPTIONS, JSON_OPTION],
  details: [
    "Checks the file's hashes, then replays every block in the sandbox and compares its end with the " +
    "recorded state. All blocks that differ are listed, with the first difference of each, and what is " +
    "the likely cause. Exit code 1 if any differs.",
    "Verified means: this source, run here, gave these bytes. It does not mean that the source is honest.",
  ],
  examples: [
    { command: "rewind verify walk.replay", note: "with the step that the file carries" },
    { command: "rewind verify walk.replay --step walk.ts", note: "with a step of your own" },
  ],
  run,
};

/** Likely cause of a mismatch. */
type Cause =
  | "corrupted"
  | "code changed"
  | "engine changed"
  | "nondeterministic"
  | "states changed";

const CAUSES: Record<Cause, string> = {
  "corrupted": "the file was damaged or cut after it was written: get it again from where it came",
  "code changed": "the step given is not the one that the run was recorded with",
  "engine changed":
    "the run was recorded with another engine's Math: record it again with 'rewind record', which uses portable functions",
  "nondeterministic":
    "two replays here differ from each other: the step does not depend on its arguments alone",
  "states changed":
    "the step replays the same twice, but not to the recorded states: they were made by other code, or changed afterwards",
};

async function run(context: CommandContext): Promise<number> {
  const { args, output, signal } = context;
  const path = args.positionals[0]!;
  let opened: OpenedRecord;
  try {
    opened = await openRecord(path);
    opened.checkAll();
  } catch (error) {
    if (!(error instanceof ArtifactIntegrityError) || !await startsAsArtifact(path)) throw error;
    return reportCorrupted(context, error);
  }
  const { record, info } = opened;
  const stepPath = optionText(args, "step");
  const source = stepPath === undefined ? record.source : await stepSource(stepPath);
  if (source === undefined) {
    throw new UnsafeArtifactError(
      "Cannot verify the run as the artifact carries no step source: give the step module with --step FILE",
    );
  }
  checkSource(source);
  const child: ChildOptions = { ...sandboxLimits(args), source, math: record.math, signal };
  const start = performance.now();
  const report = await verifySandboxed(record, {
    ...child,
    full: true,
    onProgress: (done) =>
      output.progress(`block ${grouped(done)} of ${grouped(record.checkpoints.length)}`),
  });
  const seconds = (performance.now() - start) / 1000;
  const cause = report.ok ? undefined : await causeOf(record, { info, source, child, report });
  if (optionSwitch(args, "json")) {
    output.json({
      ok: report.ok,
      blocks: report.blocks,
      checked: report.checked,
      badBlocks: report.badBlocks.map((bad) => ({ ...bad, difference: differenceJson(bad) })),
      cause: cause ?? null,
      contentHash: info.contentHash,
      contentHashStatus: info.contentHashStatus,
      math: record.math,
      seconds,
    });
  } else {
    printReport(context, report, { info, cause, seconds });
  }
  return report.ok ? EXIT_OK : EXIT_NO;
}

/** A damaged file does not verify; nothing of it was run. */
function reportCorrupted({ args, output }: CommandContext, error: ArtifactIntegrityError): number {
  const cause: Cause = "corrupted";
  if (optionSwitch(args, "json")) {
    output.json({ ok: false, cause, error: error.message, offset: error.offset ?? null });
  } else {
    output.line(`${output.paint("FAILED", "bad")}: ${printableLine(error.message)}`);
    output.line(`cause: ${cause}: ${CAUSES[cause]}`);
  }
  return EXIT_NO;
}

function differenceJson({ difference }: BadBlock): unknown {
  return difference === undefined
    ? null
    : { ...difference, ulps: difference.ulps === undefined ? null : `${difference.ulps}` };
}

function printReport(
  { output }: CommandContext,
  report: VerifyReport,
  { info, cause, seconds }: { info: ArtifactInfo; cause: Cause | undefined; seconds: number },
): void {
  if (report.ok) {
    output.line(
      `${output.paint("OK", "good")}: ${grouped(report.checked)} of ${
        counted(report.blocks, "block")
      } replay bit for bit (${grouped(info.steps)} steps, ${seconds.toFixed(2)} s)`,
    );
    if (report.checked < report.blocks) {
      output.note(`the end of the last block cannot be compared as this format does not store it`);
    }
    output.note("this source, run here, gave these bytes; that does not make the source honest");
    return;
  }
  output.line(
    `${output.paint("FAILED", "bad")}: ${grouped(report.badBlocks.length)} of ${
      counted(report.checked, "block")
    } do not replay to the recorded state`,
  );
  for (const bad of report.badBlocks) output.line(`  ${describeBad(bad)}`);
  output.line(`cause: ${cause}: ${CAUSES[cause!]}`);
}

function describeBad({ block, from, to, difference, error }: BadBlock): string {
  const where = `block ${block}, steps ${from} to ${to}: `;
  if (error !== undefined) return where + printableLine(error);
  if (difference === undefined) return `${where}the bytes differ`;
  const { path, expected, actual, bits, ulps } = difference;
  const distance = [
    ...(bits === undefined ? [] : [counted(bits, "bit")]),
    ...(ulps === undefined ? [] : [`${ulps} ulp`]),
  ];
  return printableLine(`${where}${path} is ${actual}, recorded ${expected}`) +
    (distance.length === 0 ? "" : ` (${distance.join(", ")})`);
}

/** Tells the ways apart in which a run fails to verify. */
async function causeOf(
  record: RunRecord,
  { info, source, child, report }: {
    info: ArtifactInfo;
    source: string;
    child: ChildOptions;
    report: VerifyReport;
  },
): Promise<Cause> {
  const [bad] = report.badBlocks;
  if (bad!.error === undefined && await replaysDiffer(record, child, bad!.block)) {
    return "nondeterministic";
  }
  if (record.source !== undefined && source !== record.source) return "code changed";
  const fingerprint = info.provenance?.mathFingerprint;
  if (record.math === "engine" && fingerprint !== currentWriter().mathFingerprint) {
    return "engine changed";
  }
  return record.source === undefined ? "code changed" : "states changed";
}

/**
 * Whether replays of one block differ from each other: in a process of their own, and as the second one in
 * the same process, where variables outside the step show.
 */
async function replaysDiffer(
  record: RunRecord,
  child: ChildOptions,
  block: number,
): Promise<boolean> {
  const ends: Uint8Array[] = [];
  for (const blocks of [Uint32Array.of(block), Uint32Array.of(block, block)]) {
    await using session = new SandboxSession(child);
    for await (const end of session.replayBlocks(record, blocks, { oneInstance: true })) {
      if (end instanceof Uint8Array) ends.push(end);
    }
  }
  return ends.length < 3 || ends.some((end) => !equalBytes(end, ends[0]!));
}
