/**
 * `rewind verify`: whether a run replays bit for bit, and if not, why.
 *
 * @module
 */

import { type OpenedRecord, openRecord } from "../artifact/open_record.ts";
import { blocksOfShard, verifyPart } from "../artifact/shard_part.ts";
import type { MismatchCause, VerifyReport } from "../engine/verify_types.ts";
import {
  ArtifactIntegrityError,
  BaselineError,
  SandboxError,
  UnsafeArtifactError,
} from "../errors.ts";
import type { RunRecord } from "../engine/types.ts";
import type { SandboxedDivergence } from "../sandbox/host/diverge_sandboxed.ts";
import { divergenceJson, divergenceLines, RECORDED_AND_NOW } from "../testing/divergence_report.ts";
import { otherObservable } from "../sandbox/host/certify_recording.ts";
import { escapeText } from "../text/escape_text.ts";
import { mayHaveCodec } from "../sandbox/host/job_requests.ts";
import { mismatchCause } from "../sandbox/host/mismatch_cause.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { checkLimits } from "../sandbox/host/sandbox_limits.ts";
import { CHILDREN_PER_SHARD } from "../sandbox/host/shared_pass.ts";
import { checkSource } from "../sandbox/host/static_rules.ts";
import { verifySandboxed } from "../sandbox/host/verify_sandboxed.ts";
import { defineCommand } from "./command.ts";
import { describeError } from "./error_report.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { isArtifactStart, startsAsArtifact } from "./file_kind.ts";
import { artifactInput } from "./pipe_input.ts";
import { JSON_OPTION, operand } from "./options.ts";
import type { Output } from "./output.ts";
import { otherStepNote, REPLAY_OPTIONS, sandboxLimits, stepModule } from "./sandbox_options.ts";
import { SHARD_OPTIONS, type Sharding, shardingOf, writePart } from "./shard_option.ts";
import { grouped } from "./table.ts";
import { CAUSES, goodBlocks } from "../engine/verify_text.ts";
import { printFailure, printVerified, printVerifyJson } from "./verify_report.ts";

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay") },
  options: { ...REPLAY_OPTIONS, ...SHARD_OPTIONS, json: JSON_OPTION },
  details: [
    "Checks the file's hashes, then replays every block in the sandbox and compares its end with the " +
    "recorded state. Reports the blocks that differ with the first difference of each, and the likely " +
    "cause. Exit code 1 if any differs.",
    "Verified means: this source, run here, gave these bytes. It does not mean that the source is honest.",
  ],
  examples: [
    { command: "rewind verify walk.replay", note: "Verify with the step that the file carries" },
    {
      command: "rewind verify walk.replay --step walk.ts",
      note: "Verify with your own step module",
    },
    {
      command: "rewind verify walk.replay --shard 0/2 --out part-0.json",
      note: "Verify the first half; 'rewind merge' joins the shard results",
    },
  ],
  async run({ file, step, json, ...values }, { output, signal }) {
    const sharding = shardingOf(values, { output, reads: [file, step] });
    let opened: OpenedRecord;
    const input = await artifactInput(file, signal);
    try {
      opened = await openRecord(input);
      opened.checkAll();
    } catch (error) {
      if (!(error instanceof ArtifactIntegrityError)) throw error;
      const isOne = typeof input === "string"
        ? await startsAsArtifact(input)
        : isArtifactStart(input);
      if (!isOne) throw error;
      return reportCorrupted(error, { file, output, json });
    }
    const { record, info } = opened;
    const module = step === undefined ? record : await stepModule(step, values);
    const { source, sourceMap, stepId } = module;
    if (source === undefined) {
      throw new UnsafeArtifactError(
        "Cannot verify the run: the .replay file carries no step source",
        { hint: "pass the step module with --step FILE" },
      );
    }
    checkSource(source);
    const child: ChildOptions = {
      ...sandboxLimits(values),
      ...{ source, sourceMap, stepId },
      math: record.math,
      shims: record.shims,
      signal,
    };
    const blocks = sharding === undefined ? undefined : blocksOfShard(record, sharding.shard);
    const total = blocks === undefined ? record.checkpoints.length : blocks.to - blocks.from;
    const start = performance.now();
    const report = await verifySandboxed(record, {
      ...child,
      full: true,
      ...(blocks === undefined ? {} : { spans: blocks, childrenMax: CHILDREN_PER_SHARD }),
      onProgress: (done) => output.progress(`block ${grouped(done)} of ${grouped(total)}`),
    });
    const elapsedMs = (): number => performance.now() - start;
    const seconds = elapsedMs() / 1000;
    const { timeoutMs } = checkLimits(child);
    const restMs = (): number => timeoutMs - elapsedMs();
    const cause = report.ok
      ? undefined
      : await mismatchCause(record, { report, info, child, restMs });
    if (sharding !== undefined) {
      const { shard } = sharding;
      const origin = { contentHash: info.contentHash, source, shard };
      const part = verifyPart(record, origin, { report, cause });
      writePart(sharding, part, values);
      if (json) output.json(part);
      else printShard(output, sharding, { report, cause, total });
      return report.ok ? EXIT_OK : EXIT_NO;
    }
    const otherStep = step === undefined ? undefined : otherStepNote(record, { step, source });
    if (otherStep !== undefined) output.note(otherStep);
    const other = step === undefined || report.ok && otherStep === undefined
      ? undefined
      : await divergedFrom(record, { child, source: record.source, timeoutMs: restMs() });
    if (report.ok && other?.stateT !== undefined) {
      const error = `${step} gives every recorded state, but not those between them`;
      if (json) output.json({ ok: false, cause: null, error, divergence: divergenceJson(other) });
      else output.line(`${output.paint("FAILED", "bad")}: ${error}`);
      if (!json) printDivergence(output, other);
      return EXIT_NO;
    }
    if (report.ok && otherStep !== undefined) {
      const differing = await otherObservable(record, { ...child, timeoutMs: restMs() });
      if (differing !== undefined) {
        const error = `${step} gives every recorded state, but observe.${
          escapeText(differing)
        } gives other statistics than were recorded: states between checkpoints differ, or the observable does`;
        if (json) output.json({ ok: false, cause: null, error });
        else output.line(`${output.paint("FAILED", "bad")}: ${error}`);
        return EXIT_NO;
      }
    }
    const verified = { report, cause, run: info, seconds, effort: `${seconds.toFixed(2)} s` };
    if (json) {
      printVerifyJson(output, { ...verified, divergence: other });
    } else {
      printVerified(output, verified);
      if (mayHaveCodec(source) && report.badBlocks.some(({ difference }) => difference)) {
        output.note("note: the paths of blocks are those of what the module's codec encodes");
      }
      if (other !== undefined) printDivergence(output, other);
      if (!report.ok && cause === undefined) {
        output.note(
          "the limits left no room to find the cause; raise --timeout or --memory for it",
        );
      }
      if (report.ok) {
        output.note(
          "this source, run here, gave these bytes; that does not make the source honest",
        );
      }
    }
    return report.ok ? EXIT_OK : EXIT_NO;
  },
});

function printDivergence(output: Output, found: SandboxedDivergence): void {
  for (const line of divergenceLines(found, RECORDED_AND_NOW)) output.line(line);
}

/** Where the step that was given first differs from the one in the file, if it is there and the limits allow. */
async function divergedFrom(
  record: RunRecord,
  { child, source, timeoutMs }: {
    child: ChildOptions;
    source: string | undefined;
    timeoutMs: number;
  },
): Promise<SandboxedDivergence | undefined> {
  if (source === undefined || timeoutMs <= 0) return undefined;
  const after = { ...child, timeoutMs };
  const { sourceMap, stepId } = record;
  try {
    const { divergeSandboxed } = await import("../sandbox/host/diverge_sandboxed.ts");
    const found = await divergeSandboxed(record, {
      before: { ...after, source, sourceMap, stepId },
      after,
    }, { keepsParams: true });
    return found.kind === "equal" ? undefined : found;
  } catch (error) {
    // The verdict stands; only where it begins is not known.
    const isLimit = error instanceof SandboxError && error.reason !== "aborted";
    if (isLimit || error instanceof BaselineError) return undefined;
    throw error;
  }
}

/** A damaged file does not verify; nothing of it was run. */
function reportCorrupted(
  error: ArtifactIntegrityError,
  { file, output, json }: { file: string; output: Output; json: boolean },
): number {
  const cause = "corrupted";
  if (json) {
    output.json({ ok: false, cause, error: error.message, offset: error.offset ?? null });
  } else {
    output.line(`${output.paint("FAILED", "bad")}: ${describeError(error, file)}`);
    output.line(`cause: ${cause}: ${CAUSES[cause]}`);
  }
  return EXIT_NO;
}

/** Reports what a shard found and where it was written. */
function printShard(
  output: Output,
  { text, path }: Sharding,
  { report, cause, total }: {
    report: VerifyReport;
    cause: MismatchCause | undefined;
    total: number;
  },
): void {
  const found = report.ok ? goodBlocks(report.checked, total) : "not all blocks replay";
  output.line(`shard ${text}: ${found}, written to ${path}`);
  if (!report.ok) printFailure(output, report, cause);
}
