/**
 * The page of a run: one HTML file that loads nothing.
 * This module is browser compatible.
 *
 * @module
 */

import type { ArtifactInfo } from "../artifact/open_record.ts";
import { formatValue } from "../codec/format_value.ts";
import { NON_FINITE_BITS, type Series } from "../engine/series.ts";
import { encodeColumn, encodeRuns } from "../page/columns.ts";
import { code, factList, folded, section, symbolButton, table } from "../page/fragments.ts";
import { renderFrame } from "../page/page_frame.ts";
import { type Html, html, type HtmlValue } from "../page/html.ts";
import { escapeText } from "../text/escape_text.ts";
import { counted, grouped } from "../text/quantity.ts";
import { VIEW_STATES_TEXT_MAX } from "./limits.ts";
import {
  VIEW_SCRIPT,
  VIEW_SCRIPT_HASH,
  VIEW_STYLE,
  VIEW_STYLE_HASH,
} from "./page_assets.generated.ts";
import type { RunPageData, SampleData, SeriesData } from "./page_data.ts";
import { otherFacts, recordedByText, shortSeed } from "./run_facts.ts";
import { stateTree } from "./state_tree.ts";
import type { NamedSeries, RunSurvey } from "./survey_run.ts";

/** What the page is made of. */
export interface RunPageInput {
  /** Name of the artifact's file, as it was given. */
  readonly file: string;
  /** What the artifact says. */
  readonly info: ArtifactInfo;
  /** Source of the step module, if it is to be shown. */
  readonly source: string | undefined;
  /** File of the step module that took the place of the artifact's, if there is one. */
  readonly stepFile: string | undefined;
  /** What was taken of the run. */
  readonly survey: RunSurvey;
  /** What the copied commands begin with. */
  readonly commands: { readonly get: string; readonly view: string; readonly verify: string };
  /** Name and version of the program that makes the page. */
  readonly tool: string;
}

/** Longest text of parameters. */
const PARAMS_TEXT_MAX = 1024;

/** Longest source that is shown. */
const SOURCE_UNITS_MAX = 200_000;

/** The page as one text. */
export function renderRunPage(input: RunPageInput): string {
  const { info, survey, tool } = input;
  const name = escapeText(info.stepId === "" ? input.file : info.stepId);
  const { samples, isCut } = sampleData(survey);
  const { from, to, width } = survey.buckets;
  const data: RunPageData = {
    from,
    to,
    width,
    series: survey.series.filter(isDrawn).map(seriesData),
    samples,
    getCommand: input.commands.get,
    viewCommand: input.commands.view,
  };
  return renderFrame({
    title: `${name}, ${counted(info.steps, "step")}, seed ${shortSeed(info.seed)}`,
    body: html`
      ${head(input, name)} ${scrubber(survey)}
      <div class="columns">
        ${statePanel(isCut)} ${plots(survey)}
      </div>
      ${statistics(survey.series)} ${facts(input)} ${source(input)}
    `,
    data,
    tool,
    assets: {
      script: VIEW_SCRIPT,
      scriptHash: VIEW_SCRIPT_HASH,
      style: VIEW_STYLE,
      styleHash: VIEW_STYLE_HASH,
    },
  });
}

function head({ info, survey, commands }: RunPageInput, name: string): Html {
  const { from, to } = survey.buckets;
  const isPart = from > 0 || to < info.steps;
  return html`
    <header>
      <h1>${name}</h1>
      <p class="lead">${counted(info.steps, "step")} with seed ${shortSeed(info.seed)}${isPart
        ? `; this page shows t = ${grouped(from)} to ${grouped(to - 1)}`
        : undefined}</p>
      ${failureNote(info)}
      <p class="about">Made by running the step in the sandbox, here. That it gives the recorded
        states bit for bit is what ${code(commands.verify)} checks. Names, errors and the code are
        the author's.</p>
    </header>
  `;
}

/** What the file says of its run, for who wants to know. */
function facts({ file, info, stepFile }: RunPageInput): Html {
  return html`
    <details>
      <summary>What the file says</summary>
      ${factList([
        ["File", html`${code(escapeText(file))}, ${grouped(info.fileBytes)} bytes`],
        ["Steps", grouped(info.steps)],
        ["Seed", code(shortSeed(info.seed))],
        ["Generator", info.rng],
        ["Blocks", `${grouped(info.blocks)} of ${grouped(info.blockSize)} states`],
        ["Checkpoints", `${grouped(info.blocks)} stored states`],
        ["Content hash", html`${code(info.contentHash)} (${escapeText(info.contentHashStatus)})`],
        [
          "Code",
          stepFile !== undefined
            ? html`that of ${code(escapeText(stepFile))}, not the artifact's`
            : info.sourceHash === undefined
            ? "the artifact carries none"
            : html`sha256 ${code(info.sourceHash)}, ${grouped(info.sourceBytes)} bytes`,
        ],
        [
          "Parameters",
          info.params === undefined
            ? undefined
            : code(formatValue(info.params, { maxLength: PARAMS_TEXT_MAX })),
        ],
        [
          "Branch",
          info.branchPoint === undefined
            ? undefined
            : html`from t = ${grouped(info.branchPoint)} of ${
              info.parentHash === undefined ? "an unsaved run" : code(info.parentHash)
            }`,
        ],
        ["Recorded by", recordedByText(info)],
        ["Mathematics", info.math],
        ...otherFacts(info),
      ])}
    </details>
  `;
}

function failureNote({ failure }: ArtifactInfo): Html | undefined {
  return failure && html`
    <p class="failure"><strong>The step failed at t = ${grouped(failure.t)}</strong>, so the run
      ends before it: ${code(escapeText(failure.error))}</p>
  `;
}

/** The bar that moves through the states; it shows itself once the script runs. */
function scrubber({ samples, buckets: { from, to } }: RunSurvey): Html {
  const button = symbolButton("go");
  return html`
    <div id="scrubber" class="scrubber bar" role="group" aria-label="Place in the run" hidden>
      <div class="moves">
        ${button("first", "First sampled state (Home)", "⇤")}${button(
          "previous",
          "Previous sampled state (left arrow)",
          "◀",
        )}${button("next", "Next sampled state (right arrow)", "▶")}${button(
          "last",
          "Last sampled state (End)",
          "⇥",
        )}
        <label class="place">t = <input id="place" type="number" inputmode="numeric"
          min="${from}" max="${to - 1}" step="1" value="${from}"></label>
      </div>
      <input id="slider" type="range" min="0" max="${samples.length - 1}" step="1" value="0"
        aria-label="Sampled states">
      <div class="command">
        <code id="command"></code>
        <button type="button" id="copy" aria-label="Copy the command">Copy</button>
      </div>
    </div>
  `;
}

function plots({ series, leftOut, isCut, buckets: { width } }: RunSurvey): Html {
  const about = width === 1
    ? "Every state is drawn."
    : `Each point across is ${grouped(width)} states: the shaded part reaches from their exact ` +
      "smallest to their exact largest value, the line is their mean.";
  return html`
    <section id="plots" class="series-list" aria-labelledby="plots-heading">
      <h2 id="plots-heading">Values over t</h2>
      <p class="help">${series.length === 0
        ? html`There are no numbers in the states: choose some with ${code("--observe")}.`
        : `${about} Click or drag in a plot to move through the run; left and right arrows go to the ` +
          "states that the page holds."}</p>
      ${leftOut > 0
        ? html`<p class="about">${isCut ? "More than " : undefined}${grouped(leftOut)} more ${
          leftOut === 1 ? "number is" : "numbers are"
        } not drawn: choose with ${code("--observe")}.</p>`
        : undefined}
      <p class="about" id="closer" hidden>To look closer: <code></code></p>
      <noscript><p>The plots are drawn by a script in this page, which is not allowed to run.</p></noscript>
      ${constants(series)} ${series.filter(isDrawn).map(({ name, series }, index) =>
        html`
          <section class="series" data-series="${index}" aria-labelledby="series-${index}">
            <h3 id="series-${index}">${name}</h3>
            ${notFinite(series)}
            <p class="readout" aria-hidden="true"></p>
            <div class="plot"></div>
          </section>
        `
      )}
    </section>
  `;
}

function isDrawn({ series }: NamedSeries): boolean {
  return !series.isConstant;
}

/** Values that never change take a line and no plot. */
function constants(all: readonly NamedSeries[]): Html | undefined {
  const texts = all.filter((one) => !isDrawn(one))
    .map(({ name, series }) => html`${code(name)} is ${numberText(series.stats!.min)}`);
  if (texts.length === 0) return undefined;
  return html`
    <p class="about">The same wherever they are: ${texts.map((text, i) =>
      html`${i === 0 ? undefined : ", "}${text}`
    )}.</p>
  `;
}

/** Where a series is not finite; the t are buttons that go there. */
function notFinite({ nan, positive, negative }: Series): Html | undefined {
  const parts = ([["NaN", nan], ["Infinity", positive], ["-Infinity", negative]] as const)
    .filter(([, { count }]) => count > 0)
    .map(([name, { count, first }]) =>
      html`<span>${name} ${count === 1 ? "at" : `${grouped(count)} times, first at`} ${
        goButton(first)
      }</span>`
    );
  return parts.length === 0 ? undefined : html`<p class="not-finite">${parts}</p>`;
}

function statePanel(isCut: boolean): Html {
  return html`
    <section id="state" class="state" aria-labelledby="state-heading">
      <h2 id="state-heading">State</h2>
      <p id="state-about" class="about" aria-live="polite"></p>
      <div id="tree" class="tree" tabindex="0" role="region" aria-labelledby="state-heading"></div>
      <p class="help">What changed since the sampled state before is marked with a dot.${isCut
        ? " Long states are shortened here; with --json the command prints all of one."
        : undefined}</p>
    </section>
  `;
}

function statistics(all: readonly NamedSeries[]): Html | undefined {
  return section(
    "statistics",
    "Statistics",
    table(
      "Exact, over the finite values",
      ["Value", "Count", "Mean", "Standard deviation", "Smallest", "Largest", "Not finite"],
      all.map(({ name, series }): HtmlValue[] => {
        const { stats, minT, maxT, nan, positive, negative } = series;
        const bad = nan.count + positive.count + negative.count;
        return [
          name,
          grouped(stats?.count ?? 0),
          stats && numberText(stats.mean),
          stats && numberText(stats.std),
          stats && html`${numberText(stats.min)} at ${goButton(minT)}`,
          stats && html`${numberText(stats.max)} at ${goButton(maxT)}`,
          bad === 0 ? "none" : grouped(bad),
        ];
      }),
    ),
  );
}

function source({ source }: RunPageInput): Html | undefined {
  if (source === undefined) return undefined;
  const lines = source.slice(0, SOURCE_UNITS_MAX).split(/\r?\n/)
    .map((line) => escapeText(line, { maxLength: Infinity }));
  if (source.length > SOURCE_UNITS_MAX) lines.push("...");
  return folded("Code of the step module, as it ran", lines.join("\n"));
}

/** A button that moves the page to t. */
function goButton(t: number): Html {
  return html`
    <button type="button" class="go" data-t="${t}"
      title="Go to t = ${t}">t = ${grouped(t)}</button>
  `;
}

function seriesData({ name, series }: NamedSeries): SeriesData {
  const { low, high, mean, marks, nan, positive, negative } = series;
  const present = new Uint8Array(low.length).fill(1);
  const column = (values: Float64Array, compact: boolean) =>
    encodeColumn({ values, present }, { compact });
  const rowsOf = (bit: number): string => {
    const rows: number[] = [];
    marks.forEach((mark, row) => (mark & bit) !== 0 && rows.push(row));
    return encodeRuns(Uint32Array.from(rows));
  };
  const isSingle = low.every((value, row) => Object.is(value, high[row]!));
  return {
    name,
    low: column(low, false),
    high: isSingle ? undefined : column(high, false),
    mean: isSingle ? undefined : column(mean, true),
    marks: {
      nan: rowsOf(NON_FINITE_BITS.nan),
      positive: rowsOf(NON_FINITE_BITS.positive),
      negative: rowsOf(NON_FINITE_BITS.negative),
    },
    firstMarks: [nan.first, positive.first, negative.first],
  };
}

function sampleData({ samples }: RunSurvey): { samples: SampleData[]; isCut: boolean } {
  const unitsMax = Math.floor(VIEW_STATES_TEXT_MAX / samples.length);
  let isAnyCut = false;
  const data = samples.map(({ t, state }, i): SampleData => {
    const before = samples[i - 1];
    const { row, isCut } = stateTree(state, {
      unitsMax,
      ...(before === undefined ? {} : { previous: { value: before.state } }),
    });
    isAnyCut ||= isCut;
    return { t, tree: row };
  });
  return { samples: data, isCut: isAnyCut };
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}
