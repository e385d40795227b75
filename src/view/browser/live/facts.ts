/**
 * What the file says of its run, for who wants to know.
 *
 * @module
 */

/// <reference lib="dom" />

import type { ArtifactInfo } from "../../../artifact/open_record.ts";
import { formatValue } from "../../../codec/format_value.ts";
import { spanCount } from "../../../engine/grid.ts";
import type { RunRecord } from "../../../engine/types.ts";
import { escapeText } from "../../../text/escape_text.ts";
import { grouped } from "../../../text/quantity.ts";
import { make } from "./dom.ts";

/** Facts of the header that have words of their own here. */
const OWN: ReadonlySet<string> = new Set([
  "steps",
  "seed",
  "rng",
  "blockSize",
  "params",
  "branchPoint",
  "failure",
]);

/** Terms and what they are. */
export function factsOf(info: ArtifactInfo, record: RunRecord): HTMLElement[] {
  const facts: [string, string | undefined][] = [
    ["Steps", grouped(info.steps)],
    ["Seed", shortened(`${info.seed}`)],
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
    [
      "Recorded by",
      info.recordedBy.map(({ tool, engine }) => escapeText(`${tool} on ${engine}`)).join(", ") ||
      undefined,
    ],
    ...info.facts.filter(({ name }) => !OWN.has(name)).map((
      { label, text },
    ): [string, string] => [label.replace(/^./, (first) => first.toUpperCase()), text]),
  ];
  return facts.flatMap(([term, value]) =>
    value === undefined ? [] : [make("div", "", [make("dt", "", [term]), make("dd", "", [value])])]
  );
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
