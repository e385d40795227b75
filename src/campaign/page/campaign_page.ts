/**
 * The page of a campaign: one HTML file that loads nothing, right about what there is so far.
 * This module is browser compatible.
 *
 * @module
 */

import { code, factList, section, table } from "../../page/fragments.ts";
import { type Html, html, type HtmlValue } from "../../page/html.ts";
import { escapeText } from "../../text/escape_text.ts";
import { counted, grouped } from "../../text/quantity.ts";
import type { ParameterSet } from "../axes.ts";
import { type CampaignDefinition, parameterNames, planOf } from "../definition.ts";
import type { Estimate } from "../statistics/intervals.ts";
import type { Quantity, SetSummary } from "../summary.ts";
import { pointsOf, type TrialRow } from "../trial_row.ts";
import type { Bands, CampaignPageData } from "./campaign_data.ts";
import { chartSvg, extentOf, type Mark, type Point, shortNumber } from "./chart.ts";
import { campaignPage, figure, legend } from "./style.ts";

/** What the page is made of. */
export interface CampaignPageInput {
  /** The campaign. */
  readonly definition: CampaignDefinition;
  /** What was collected. */
  readonly data: CampaignPageData;
  /** The command that opens a trial. */
  readonly open: (row: TrialRow) => string;
  /** Where the live page of a trial is, beside this page; undefined if there is none. */
  readonly page: (row: TrialRow) => string | undefined;
}

/** Quantities that are plotted. */
const QUANTITIES_MAX = 6;

/** Sets in the table. */
const SETS_MAX = 200;

/** Bins of a histogram. */
const BINS = 30;

/** The page as one text. */
export function renderCampaignPage(input: CampaignPageInput): string {
  const { definition, data } = input;
  const name = escapeText(definition.module.stepId);
  return campaignPage({
    title: `Campaign of ${name}`,
    body: html`
      ${head(input, name)} ${responses(input)} ${bandsOverTime(definition, data)}
      ${firstTimes(definition, data)} ${estimates(definition, data.summary.sets)}
      ${pairs(definition, data.summary.sets)} ${trials(input)}
    `,
  });
}

function head({ definition, data }: CampaignPageInput, name: string): Html {
  const { trials: done, failed, hits, indifferent } = data.summary;
  const { count } = planOf(definition);
  const isWhole = done === count;
  return html`
    <header>
      <h1>Campaign of ${name}</h1>
      <p class="lead">${grouped(done)} of ${counted(count, "trial")}: ${grouped(
        definition.seeds.count,
      )} seeds with ${counted(definition.sets.length, "parameter set")}, ${counted(
        definition.steps,
        "state",
      )} each.${definition.where === undefined
        ? undefined
        : ` The event happened in ${grouped(hits)}.`}</p>
      ${isWhole ? undefined : html`
        <p
          class="warning">${definition.untilCi === undefined
            ? "This campaign is not complete"
            : "Not all seeds were run"}: what is here is right about the trials that are done. The same command goes on.</p>
      `}
      ${failed === 0 ? undefined : html`
        <p class="warning">${counted(failed, "trial")} failed and count in no estimate.</p>
      `}
      ${indifferent.length === 0 ? undefined : html`
        <p class="warning">${escapeText(
          indifferent.join(", "),
        )} made no difference: all results are the same whatever it is.</p>
      `}
      ${factList([
        ["Event", definition.where === undefined ? undefined : code(escapeText(definition.where))],
        [
          "Final value",
          definition.final === undefined ? undefined : code(escapeText(definition.final)),
        ],
        [
          "Ends early",
          definition.until === undefined ? undefined : code(escapeText(definition.until)),
        ],
        ["Seeds", code(`${definition.seeds}`)],
      ])}
      <p class="about">Intervals are at 95%: Wilson's for probabilities, Student's for means over trials. Trials with
        different seeds are independent; parameter sets share their seeds.</p>
    </header>
  `;
}

/** How estimates depend on the parameters: a curve over one of them, a map over two, else one mark for each set. */
function responses({ definition, data }: CampaignPageInput): Html | undefined {
  const { sets } = data.summary;
  if (sets.length < 2) return undefined;
  const names = parameterNames(definition.sets);
  const quantities = quantityNames(sets).slice(0, QUANTITIES_MAX);
  const plots = quantities.map((quantity) =>
    names.length === 2 ? heatMap(sets, names, quantity) : curve(sets, names, quantity)
  );
  return section(
    "responses",
    "Response to the parameters",
    html`<div class="charts">${plots}</div>`,
  );
}

function quantityNames(sets: readonly SetSummary[]): string[] {
  return [...new Set(sets.flatMap(({ quantities }) => quantities.map(({ name }) => name)))];
}

function quantityLabel(name: string): string {
  return name === "where" ? "probability of the event" : `mean of ${escapeText(name)}`;
}

function estimateOf({ quantities }: SetSummary, name: string): Estimate | undefined {
  return quantities.find((quantity) => quantity.name === name)?.estimate;
}

function curve(sets: readonly SetSummary[], names: readonly string[], quantity: string): Html {
  const [name] = names;
  const values = sets.map(({ params }) => params[name!]);
  const isNumeric = names.length === 1 && values.every((value) => typeof value === "number");
  const known = sets.flatMap((set, i) => {
    const estimate = estimateOf(set, quantity);
    return estimate === undefined || Number.isNaN(estimate.value)
      ? []
      : [{ x: isNumeric ? values[i] as number : i, ...estimate }];
  }).sort((a, b) => a.x - b.x);
  const ends = known.flatMap(({ value, low, high }) => [value, low, high]);
  const intervals = known.filter(({ low }) => Number.isFinite(low));
  const line = known.map(({ x, value }): Point => [x, value]);
  const marks: Mark[] = [
    {
      kind: "interval",
      color: 0,
      points: intervals.map(({ x, low, high }) => [x, low, high]),
    },
    ...(isNumeric ? [{ kind: "line", color: 0, points: line } as const] : []),
    { kind: "dots", color: 0, points: line },
  ];
  const label = quantityLabel(quantity);
  const x = isNumeric ? { name: escapeText(name!), extent: extentOf(known.map((one) => one.x)) } : {
    name: "parameter set",
    extent: [0, sets.length - 1] as const,
    names: sets.map(({ set }) => `${set}`),
  };
  return figure(
    `${label} over ${isNumeric ? escapeText(name!) : "the parameter sets"}`,
    chartSvg({ label, x, y: { name: label, extent: yExtent(ends, quantity) }, marks }),
  );
}

function yExtent(values: readonly number[], quantity: string): readonly [number, number] {
  const [low, high] = extentOf(values);
  return quantity === "where" ? [0, Math.max(high, 0.01)] : [low, high];
}

function heatMap(sets: readonly SetSummary[], names: readonly string[], quantity: string): Html {
  const [a, b] = names as [string, string];
  const valuesOf = (name: string) => {
    const all = [...new Set(sets.map(({ params }) => JSON.stringify(params[name])))];
    return all.every((text) => Number.isFinite(Number(text)))
      ? all.sort((x, y) => Number(x) - Number(y))
      : all;
  };
  const [xs, ys] = [valuesOf(a), valuesOf(b)];
  const known = sets.flatMap((set) => {
    const estimate = estimateOf(set, quantity);
    return estimate === undefined || Number.isNaN(estimate.value) ? [] : [{ set, ...estimate }];
  });
  const [low, high] = extentOf(known.map(({ value }) => value));
  const cells = known.map(({ set: { params }, value }) => ({
    x: xs.indexOf(JSON.stringify(params[a])),
    y: ys.indexOf(JSON.stringify(params[b])),
    share: high > low ? (value - low) / (high - low) : 0.5,
    text: xs.length <= 8 ? shortNumber(value) : "",
  }));
  const label = quantityLabel(quantity);
  return figure(
    `${label}, from ${shortNumber(low)} (faint) to ${shortNumber(high)} (strong)`,
    chartSvg({
      label,
      x: { name: escapeText(a), extent: [0, 1], names: xs.map((text) => escapeText(text)) },
      y: { name: escapeText(b), extent: [0, 1], names: ys.map((text) => escapeText(text)) },
      marks: [{ kind: "cells", cells }],
    }),
  );
}

function setName(params: ParameterSet): string {
  const parts = Object.entries(params).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return escapeText(parts.join(", ") || "all trials");
}

/** The middle and the spread of the observables over t. */
function bandsOverTime(
  definition: CampaignDefinition,
  { bands }: CampaignPageData,
): Html | undefined {
  const points = pointsOf(definition.steps, definition.points);
  const names = [...new Set(bands.map(({ name }) => name))];
  const shown = [...new Set(bands.map(({ set }) => set))];
  const plots = names.map((name) => {
    const own = bands.filter((band) => band.name === name);
    const marks = own.flatMap((band) => bandMarks(band, { points, isMany: own.length > 2 }));
    const ends = own.flatMap(({ quantiles }) => quantiles.flatMap((one) => one ?? []));
    return figure(
      escapeText(name),
      chartSvg({
        label: `${escapeText(name)} over t`,
        x: { name: "t", extent: [0, Math.max(1, definition.steps - 1)] },
        y: { name: escapeText(name), extent: extentOf(ends) },
        marks,
      }),
    );
  });
  if (plots.length === 0) return undefined;
  const left = definition.sets.length - shown.length;
  return section(
    "bands",
    "Over t",
    html`
      <p
        class="about">Lines are medians over the trials that got to t; the inner band holds half of them, the outer one 90%${shown
            .length > 2
          ? ", here only the inner one"
          : ""}.${left > 0 ? ` ${grouped(left)} more parameter sets are not drawn.` : undefined}</p>
      <div class="charts">${plots}</div>
      ${legend(shown.map((set) => setName(definition.sets[set]!)))}
    `,
  );
}

function bandMarks(
  { set, quantiles }: Bands,
  { points, isMany }: { points: Float64Array; isMany: boolean },
): Mark[] {
  const known = quantiles.flatMap((one, i) => one === undefined ? [] : [{ t: points[i]!, one }]);
  const band = (low: number, high: number): Mark => ({
    kind: "band",
    color: set,
    points: known.map(({ t, one }) => [t, one[low]!, one[high]!]),
  });
  return [
    ...(isMany ? [] : [band(0, 4)]),
    band(1, 3),
    { kind: "line", color: set, points: known.map(({ t, one }) => [t, one[2]!]) },
  ];
}

function firstTimes(
  definition: CampaignDefinition,
  { firstTimes }: CampaignPageData,
): Html | undefined {
  const all = firstTimes.flat();
  if (all.length === 0) return undefined;
  const [low, high] = extentOf(all);
  const width = Math.max(1, Math.ceil((high - low + 1) / BINS));
  const counts = new Map<number, number>();
  for (const t of all) {
    const bin = Math.floor((t - low) / width);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const bars = [...counts].map(([bin, height]) => ({
    from: low + bin * width,
    to: low + (bin + 1) * width,
    height,
  }));
  return section(
    "first",
    "When it happens first",
    html`<div class="charts">${
      figure(
        `First t of the event in ${counted(all.length, "trial")}${
          definition.sets.length > 1 ? ", all parameter sets" : ""
        }`,
        chartSvg({
          label: "histogram of first times",
          x: { name: "t", extent: [low, high + width] },
          y: { name: "trials", extent: [0, Math.max(...counts.values())] },
          marks: [{ kind: "bars", color: 0, bars }],
        }),
      )
    }</div>`,
  );
}

function estimates(definition: CampaignDefinition, sets: readonly SetSummary[]): Html | undefined {
  const names = parameterNames(definition.sets).map((name) => escapeText(name));
  const quantities = quantityNames(sets);
  return section(
    "estimates",
    "Estimates",
    table(
      sets.length > SETS_MAX
        ? `The first ${SETS_MAX} of ${grouped(sets.length)} parameter sets; all are in results.csv`
        : "With 95% intervals",
      ["Set", ...names, "Trials", "Failed", ...quantities.map(quantityLabel)],
      sets.slice(0, SETS_MAX).map((set): HtmlValue[] => [
        `${set.set}`,
        ...Object.values(set.params).map((value) => escapeText(JSON.stringify(value))),
        grouped(set.trials),
        grouped(set.failed),
        ...quantities.map((name) => estimateText(estimateOf(set, name))),
      ]),
    ),
  );
}

function estimateText(estimate: Estimate | undefined): string {
  if (estimate === undefined || Number.isNaN(estimate.value)) return "";
  const { value, low, high } = estimate;
  return Number.isNaN(low)
    ? shortNumber(value)
    : `${shortNumber(value)} (${shortNumber(low)} to ${shortNumber(high)})`;
}

/** Differences from the first set under the same seeds. */
function pairs(definition: CampaignDefinition, sets: readonly SetSummary[]): Html | undefined {
  const rows = sets.slice(0, SETS_MAX).flatMap((set) =>
    set.quantities.flatMap(({ name, paired }: Quantity): HtmlValue[][] => {
      if (paired === undefined) return [];
      const { difference, varianceRatio } = paired;
      return [[
        setName(set.params),
        quantityLabel(name),
        estimateText(difference),
        Number.isFinite(varianceRatio) ? `${shortNumber(varianceRatio)} times` : "",
      ]];
    })
  );
  if (rows.length === 0) return undefined;
  return section(
    "pairs",
    "Differences under common seeds",
    html`
      <p class="about">Against ${setName(
        definition.sets[0]!,
      )}: means of the differences between trials with the same
        seed. The last column says how many times smaller their variance is than with independent seeds.</p>
      ${table("Paired differences", ["Set", "Quantity", "Difference", "Variance smaller"], rows)}
    `,
  );
}

/** Trials to look at, each with the command that opens it. */
function trials({ data, open, page }: CampaignPageInput): Html {
  const row = (one: TrialRow, what: HtmlValue): HtmlValue[] => {
    const href = page(one);
    return [
      grouped(one.trial),
      `${one.seed}`,
      setName(one.params),
      what,
      href === undefined
        ? code(open(one))
        : html`<a href="${href}">live page</a> ${code(open(one))}`,
    ];
  };
  const { summary: { hits, failed } } = data;
  const caption = (shown: number, all: number) =>
    shown < all ? `The first ${grouped(shown)} of ${grouped(all)}` : counted(all, "trial");
  return html`
    ${section(
      "hits",
      "Trials with the event",
      table(
        caption(data.hits.length, hits),
        ["Trial", "Seed", "Parameters", "First t", "To open it"],
        data.hits.map((one) => row(one, grouped(one.first!))),
      ),
    )}
    ${section(
      "failures",
      "Trials that failed",
      table(
        caption(data.failures.length, failed),
        ["Trial", "Seed", "Parameters", "Why", "To open it"],
        data.failures.map((one) => row(one, escapeText(one.failure!.error))),
      ),
    )}
  `;
}
