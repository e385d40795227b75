/**
 * What the file says of its run, for who wants to know.
 *
 * @module
 */

/// <reference lib="dom" />

import type { ArtifactInfo } from "../../../artifact/open_record.ts";
import { formatValue } from "../../../codec/format_value.ts";
import { spanCount } from "../../../engine/block_grid.ts";
import type { RunRecord } from "../../../engine/types.ts";
import { grouped } from "../../../text/quantity.ts";
import { otherFacts, recordedByText, shortSeed } from "../../run_facts.ts";
import { make } from "./dom.ts";

/** Terms and what they are. */
export function factsOf(info: ArtifactInfo, record: RunRecord): HTMLElement[] {
  const facts: (readonly [string, string | undefined])[] = [
    ["Steps", grouped(info.steps)],
    ["Seed", shortSeed(info.seed)],
    ["Generator", info.rng],
    ["Blocks", `${grouped(info.blocks)} of ${grouped(info.blockSize)} states`],
    ["Stored states", grouped(spanCount(record))],
    [
      "File",
      `${grouped(info.fileBytes)} bytes, ${info.format}, format version ${info.formatVersion}`,
    ],
    ["Content hash", `${info.contentHash} (${info.contentHashStatus})`],
    ["Code", info.sourceHash === undefined ? "none" : `sha256 ${info.sourceHash}`],
    [
      "Parameters",
      info.params === undefined ? undefined : formatValue(info.params, { maxLength: 1024 }),
    ],
    [
      "Branch",
      info.branchPoint === undefined
        ? undefined
        : `from t = ${grouped(info.branchPoint)} of ${info.parentHash ?? "an unsaved run"}`,
    ],
    ["Recorded by", recordedByText(info)],
    ["Mathematics", info.math],
    ...otherFacts(info),
  ];
  return facts.flatMap(([term, value]) =>
    value === undefined ? [] : [make("div", "", [make("dt", "", [term]), make("dd", "", [value])])]
  );
}
