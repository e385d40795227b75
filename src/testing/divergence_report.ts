/**
 * How a divergence is told: for people, as JSON, in one line.
 *
 * @module
 */

import { formatValue } from "../codec/format_value.ts";
import { drawsToJson, type Json } from "../codec/state_to_json.ts";
import type { Divergence, DivergenceKind, DrawDifference } from "../engine/diverge/divergence.ts";
import { escapeText } from "../text/escape_text.ts";
import { printableLine } from "../text/printable.ts";
import { counted, grouped } from "../text/quantity.ts";
import type { TraceEntry } from "../engine/types.ts";
import type { StateDifference } from "../error_types.ts";

/** What was found, and where the parameters differ first, if that is known. */
export type DivergenceToTell = Divergence & { readonly params?: StateDifference | undefined };

/** What the two runs are called in sentences. */
export interface SideNames {
  /** The first one, such as `recorded`. */
  readonly before: string;
  /** The other one, such as `now`. */
  readonly after: string;
}

/** Names for a recorded run and the code of today. */
export const RECORDED_AND_NOW: SideNames = { before: "recorded", after: "now" };

/** What each kind is called. */
const KINDS: Readonly<Record<DivergenceKind, string>> = {
  "equal": "no difference",
  "draws": "other draws",
  "value": "another value",
  "last-bits": "another value, in the last bits only",
};

/** A divergence as JSON. */
export function divergenceJson(found: DivergenceToTell): { readonly [key: string]: Json } {
  const { kind, t, draw, path, before, after, stateT, errorBefore, errorAfter } = found;
  return {
    kind,
    t: t ?? null,
    draw: draw === undefined ? null : drawJson(draw),
    stateT: stateT ?? null,
    path: path ?? null,
    before: before ?? null,
    after: after ?? null,
    bits: found.difference?.bits ?? null,
    ulps: found.difference?.ulps === undefined ? null : `${found.difference.ulps}`,
    errorBefore: errorBefore ?? null,
    errorAfter: errorAfter ?? null,
    params: found.params === undefined ? null : differenceJson(found.params),
    otherSharing: found.sharing === undefined
      ? null
      : { t: found.sharing.t, ...differenceJson(found.sharing.difference) },
    compared: found.compared,
    everyState: found.isEveryStateCompared,
  };
}

function differenceJson({ path, expected, actual }: StateDifference): {
  readonly [key: string]: Json;
} {
  return { path, before: expected, after: actual };
}

function drawJson(draw: DrawDifference): Json {
  const { index, change, drawsBefore, drawsAfter, placeBefore, placeAfter } = draw;
  return {
    index,
    change,
    before: draw.before === undefined ? null : entryJson(draw.before),
    after: draw.after === undefined ? null : entryJson(draw.after),
    drawsBefore,
    drawsAfter,
    placeBefore: placeBefore ?? null,
    placeAfter: placeAfter ?? null,
  };
}

function entryJson(draw: TraceEntry): Json {
  return (drawsToJson([draw]) as Json[])[0]!;
}

/** A divergence in one line, such as `t = 17: another value: state.x is 1 recorded, 2 now`. */
export function divergenceLine(found: DivergenceToTell, names: SideNames): string {
  if (found.t === undefined) return KINDS.equal;
  const { draw } = found;
  const details = [
    ...(draw === undefined ? [] : [drawText(draw, names)]),
    ...stateLines(found, names),
  ];
  return printableLine(`t = ${grouped(found.t)}: ${KINDS[found.kind]}: ${details.join("; ")}`);
}

/** A divergence for people, as lines; the first one is the answer. */
export function divergenceLines(found: DivergenceToTell, names: SideNames): string[] {
  const { t, kind, compared, draw } = found;
  if (t === undefined) {
    const what = found.isEveryStateCompared
      ? `all ${counted(compared, "state")} are equal`
      : `${
        counted(compared, "state")
      }: equal at the ends of all blocks, and between them where compared`;
    return [`equal: ${what}`];
  }
  return [
    `differ from t = ${grouped(t)} on: ${KINDS[kind]}`,
    ...(draw === undefined ? [] : [`  ${drawText(draw, names)}`]),
    ...stateLines(found, names).map((line) => `  ${line}`),
  ].map((line) => printableLine(line));
}

/** What else is to be said, for stderr. */
export function divergenceNotes(found: DivergenceToTell, names: SideNames): string[] {
  const { params, sharing, kind, isEveryStateCompared } = found;
  return [
    ...(params === undefined ? [] : [
      `the parameters differ: ${params.path} is ${params.expected} ${names.before}, ${params.actual} ${names.after}`,
    ]),
    ...(sharing === undefined ? [] : [
      `from t = ${grouped(sharing.t)} on, equal values share other objects: ` +
      `${sharing.difference.path} is ${sharing.difference.expected} ${names.before}, ` +
      `${sharing.difference.actual} ${names.after}`,
    ]),
    ...(isEveryStateCompared ? [] : [
      kind === "equal"
        ? "a difference that is gone again at the end of its block may be missed: --every-state compares all"
        : "before the block of that step, only some states were compared: --every-state compares all",
    ]),
  ].map((note) => printableLine(note));
}

/** The first draw that differs, on one line. */
export function drawText(draw: DrawDifference, { before, after }: SideNames): string {
  const { index, change, drawsBefore, drawsAfter } = draw;
  const old = draw.before && `${callText(draw.before)}${at(draw.placeBefore)}`;
  const own = draw.after && `${callText(draw.after)}${at(draw.placeAfter)}`;
  const counts = drawsBefore === drawsAfter
    ? ""
    : ` (${counted(drawsBefore, "draw")} ${before}, ${grouped(drawsAfter)} ${after})`;
  if (change === "more") return `one more draw, number ${index + 1}: ${own}${counts}`;
  if (change === "fewer") return `one draw less, number ${index + 1}: ${old}${counts}`;
  const none = "none";
  return `draw ${index + 1}: ${old ?? none} ${before}, ${own ?? none} ${after}${counts}`;
}

/** A draw on one line. */
export function callText({ method, args, result }: TraceEntry): string {
  const list = args.map((value) => formatValue(value, { maxLength: 60 })).join(", ");
  return `${escapeText(method)}(${list}) = ${formatValue(result, { maxLength: 100 })}`;
}

function at(place: string | undefined): string {
  return place === undefined ? "" : ` at ${place}`;
}

function stateLines(found: DivergenceToTell, { before, after }: SideNames): string[] {
  const { t, stateT, path, errorBefore, errorAfter, difference } = found;
  if (stateT === undefined) return ["all states are equal all the same"];
  const later = stateT === t ? "" : `from t = ${grouped(stateT)} on, `;
  if (errorBefore !== undefined || errorAfter !== undefined) {
    const what = (error: string | undefined): string => error ?? "no error";
    return [`${later}${what(errorBefore)} ${before}, ${what(errorAfter)} ${after}`];
  }
  if (path === undefined) return [];
  const distance = found.kind === "last-bits" && difference?.ulps !== undefined
    ? ` (${grouped(difference.ulps)} ulp)`
    : "";
  return [`${later}${path} is ${found.before} ${before}, ${found.after} ${after}${distance}`];
}
