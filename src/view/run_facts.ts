/**
 * What both pages of a run tell of it in the same words.
 * This module is browser compatible.
 *
 * @module
 */

import type { Header } from "../artifact/header_shape.ts";
import type { ArtifactInfo } from "../artifact/open_record.ts";
import { escapeText } from "../text/escape_text.ts";
import { grouped } from "../text/quantity.ts";

/** Fields of the header that the pages show in their own words. */
const OWN_WORDS: ReadonlySet<string> = new Set(
  [
    "steps",
    "seed",
    "rng",
    "blockSize",
    "params",
    "branchPoint",
    "failure",
    "math",
  ] satisfies (keyof Header)[],
);

/** Longest text of a seed: they have up to twenty thousand digits. */
const SEED_UNITS_MAX = 60;

/** A seed, cut where it is long. */
export function shortSeed(seed: bigint): string {
  const text = `${seed}`;
  return text.length <= SEED_UNITS_MAX ? text : `${text.slice(0, SEED_UNITS_MAX - 3)}...`;
}

/** Which tools recorded which part of it; undefined if the file does not say. */
export function recordedByText({ recordedBy }: ArtifactInfo): string | undefined {
  return recordedBy.map(({ tool, engine, from }) =>
    escapeText(`${tool} on ${engine}${from === 0 ? "" : ` from t = ${grouped(from)} on`}`)
  ).join(", ") || undefined;
}

/** All other facts of the header: terms and what they are. */
export function otherFacts({ facts }: ArtifactInfo): (readonly [term: string, text: string])[] {
  return facts.filter(({ name }) => !OWN_WORDS.has(name)).map(({ label, text }) =>
    [label.replace(/^./, (first) => first.toUpperCase()), text] as const
  );
}
