/**
 * Places in the run as parts of an address: `#t=842137&range=800000..900000`.
 * This module is browser compatible.
 *
 * @module
 */

import { grouped } from "../../../text/quantity.ts";

/** A place. */
export interface PlaceLink {
  readonly t: number | undefined;
  /** First t in sight, and one past the last. */
  readonly range: readonly [from: number, to: number] | undefined;
}

/** Reads a fragment; what it does not say, or says wrongly, is undefined. */
export function parsePlace(fragment: string): PlaceLink {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  const t = /^\d{1,16}$/.exec(parts.get("t") ?? "")?.[0];
  const range = /^(\d{1,16})\.\.(\d{1,16})$/.exec(parts.get("range") ?? "");
  const [from, to] = [Number(range?.[1]), Number(range?.[2])];
  return { t: t === undefined ? undefined : Number(t), range: from < to ? [from, to] : undefined };
}

/** What a link asks for that a run of so many states does not have, for people; empty if it has all. */
export function missingPlace({ t, range }: PlaceLink, steps: number): string {
  const last = steps - 1;
  const beyond = range !== undefined && range[1] > steps
    ? `t = ${grouped(range[0])} to ${grouped(range[1] - 1)}`
    : t !== undefined && t > last
    ? `t = ${grouped(t)}`
    : undefined;
  return beyond === undefined
    ? ""
    : `The link asks for ${beyond}; this run ends at t = ${grouped(last)}.`;
}

/** Writes one. */
export function placeText(t: number, range: PlaceLink["range"]): string {
  return `#t=${t}${range === undefined ? "" : `&range=${range[0]}..${range[1]}`}`;
}
