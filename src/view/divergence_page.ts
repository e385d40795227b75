/**
 * The page on where two runs diverge. It is all text: nothing in it has to be computed.
 * This module is browser compatible.
 *
 * @module
 */

import type { Divergence, DrawDifference } from "../engine/diverge/divergence.ts";
import { formatValue } from "../codec/format_value.ts";
import { factList, section, table } from "../page/fragments.ts";
import { type PageAssets, renderFrame } from "../page/page_frame.ts";
import { html, type HtmlValue } from "../page/html.ts";
import { grouped } from "../text/quantity.ts";
import type { TraceEntry } from "../engine/types.ts";

/** What is shown. */
export interface DivergencePage {
  /** What was found. */
  readonly found: Divergence;
  /** The same for people: the answer, then what it rests on. */
  readonly lines: readonly string[];
  /** What else is to be said. */
  readonly notes: readonly string[];
  /** What was compared, as a person named it. */
  readonly files: { readonly before: string; readonly after: string };
  /** Commands that look further, by what they do. */
  readonly commands: readonly (readonly [what: string, command: string])[];
  /** Name and version of the program. */
  readonly tool: string;
}

const EMPTY_HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

/** A page without a script or style of its own. */
const NO_ASSETS: PageAssets = {
  script: "",
  scriptHash: EMPTY_HASH,
  style: "",
  styleHash: EMPTY_HASH,
};

/** The page as one text. */
export function renderDivergencePage(page: DivergencePage): string {
  const { found, lines, notes, files, commands, tool } = page;
  const { t, stateT, draw, path, difference } = found;
  const [answer] = lines;
  const states = path === undefined ? [] : [[path, found.before, found.after, distance(found)]];
  const body = html`
    <header>
      <h1>${answer === undefined ? "" : answer.replace(/^./, (unit) => unit.toUpperCase())}</h1>
      ${factList([
        ["Before", files.before],
        ["After", files.after],
        ["First different step", t === undefined ? "none" : grouped(t)],
        ["First different state", stateT === undefined ? "none" : grouped(stateT)],
        ["States compared", grouped(found.compared)],
      ])}
    </header>
    ${section("draws", "Draws", draw && drawTable(draw))}
    ${section(
      "state",
      "State",
      table(
        `State ${stateT === undefined ? "" : grouped(stateT)}`,
        ["Path", "Before", "After", difference === undefined ? "" : "Distance"],
        states,
      ),
    )}
    ${section("errors", "Errors", table("The step threw", ["Side", "Error"], errorsOf(found)))}
    ${section("notes", "Notes", notes.map((note) => html`<p>${note}</p>`))}
    ${section("commands", "Look further", table("Commands", ["To", "Command"], commands))}
  `;
  return renderFrame({ title: answer!, body, data: null, tool, assets: NO_ASSETS });
}

function errorsOf({ errorBefore, errorAfter }: Divergence): HtmlValue[][] {
  return [["Before", errorBefore], ["After", errorAfter]].filter(([, text]) => text !== undefined);
}

function drawTable(draw: DrawDifference): HtmlValue {
  return table(`Draw ${draw.index + 1}`, ["Side", "Call", "Value", "Place", "Draws of the step"], [
    ["Before", ...callCells(draw.before), draw.placeBefore ?? "", grouped(draw.drawsBefore)],
    ["After", ...callCells(draw.after), draw.placeAfter ?? "", grouped(draw.drawsAfter)],
  ]);
}

function callCells(entry: TraceEntry | undefined): [string, string] {
  if (entry === undefined) return ["none", ""];
  const list = entry.args.map((value) => formatValue(value, { maxLength: 200 })).join(", ");
  return [`${entry.method}(${list})`, formatValue(entry.result, { maxLength: 500 })];
}

function distance({ difference }: Divergence): string {
  return difference?.ulps === undefined ? "" : `${grouped(difference.ulps)} ulp`;
}
