/**
 * Makes the live page of a `.replay` file.
 *
 * @module
 */

import { join } from "shlex";
import { openRecord } from "../artifact/open_record.ts";
import { SavedRecord } from "../artifact/saved_record.ts";
import { TOOL } from "../artifact/tool_version.ts";
import { resolveRange } from "../engine/run_bounds.ts";
import type { RunRecord } from "../engine/types.ts";
import { PAGE_ARTIFACT_BYTES_MAX } from "./limits.ts";
import { checkSource } from "../sandbox/host/static_rules.ts";
import { escapeText } from "../text/escape_text.ts";
import type { LivePageData } from "../view/live_data.ts";
import { renderLivePage } from "../view/live_page.ts";
import type { NamedObservable } from "../view/choose_plots.ts";
import { type ObservableText, readObservables, unknownObservable } from "./observable_option.ts";
import { stepModule } from "./sandbox_options.ts";
import { byteText, counted } from "./table.ts";
import { InputError } from "./usage_error.ts";

/** Longest heading of a plot. */
const NAME_UNITS_MAX = 120;

/** A page, and what is told of it. */
export interface MadePage {
  /** The page. */
  readonly text: string;
  /** What it shows, in a few words. */
  readonly about: string;
}

/** What a live page shows. */
export interface LivePageOptions {
  /** What to open for the file; the file itself by default. */
  readonly input?: string | Uint8Array;
  /** The step module, where the file carries none. */
  readonly step?: string | undefined;
  /** Observables to plot; all there are by default. */
  readonly observe?: readonly string[];
  /** First state that is shown. */
  readonly from?: number | undefined;
  /** One past the last state that is shown. */
  readonly to?: number | undefined;
  /** Whether the module may be read from the network. */
  readonly allowNet?: boolean;
  /** Names of files that it may read as data. */
  readonly allowData?: readonly string[];
}

/** Refuses a name that the module cannot export: its text does not have it. @throws {InputError} If it is one. */
function checkName(
  given: ObservableText,
  { observables }: Pick<RunRecord, "observables">,
  source: string,
): ObservableText {
  const { name, expression } = given;
  const isThere = name === undefined || expression !== undefined || source.includes(name);
  if (!isThere) throw unknownObservable(name, observables);
  return given;
}

/** The page that carries the run; no code runs for it now. */
export async function livePage(
  file: string,
  options: LivePageOptions = {},
): Promise<MadePage> {
  const { input = file, step, observe = [], allowNet = false, allowData = [], ...values } = options;
  const { record, info, unfinished, checkAll } = await openRecord(input);
  const range = values.from === undefined && values.to === undefined
    ? undefined
    : resolveRange(values.from, values.to, record.steps);
  if (range !== undefined && range[0] >= range[1]) throw emptyRange(range);
  const module = step === undefined ? undefined : await stepModule(step, { allowNet, allowData });
  const source = module?.source ?? record.source;
  if (source === undefined) {
    throw new InputError("Cannot make a live page: the .replay file carries no step source", {
      hint: "pass the step module with --step FILE",
    });
  }
  checkSource(source);
  const artifact = unfinished === undefined
    ? typeof input === "string" ? Deno.readFileSync(input) : input
    // What is durable of a recording that was not finished, as a file of its own.
    : await new SavedRecord(record, { stretches: info.recordedBy }).toBytes();
  if (artifact.length > PAGE_ARTIFACT_BYTES_MAX) {
    throw new InputError(
      `Cannot make a live page of '${file}': it has ${byteText(artifact.length)}, and browsers ` +
        `take long to open pages with more than ${byteText(PAGE_ARTIFACT_BYTES_MAX)}`,
      { hint: "write --empty and drop the file on that page, or use --static" },
    );
  }
  // What is damaged is told here, and not to whom the page is mailed.
  checkAll();
  const data: LivePageData = {
    file,
    step: module === undefined ? undefined : { source, sourceMap: module.sourceMap },
    observe: observe.length === 0
      ? undefined
      : readObservables(observe).map((given) => named(checkName(given, record, source))),
    range,
    getCommand: shellLine("get", {
      file,
      step: step === undefined ? [] : [step],
      observe: [],
    }),
  };
  const title = `${info.stepId || file}: ${counted(info.steps, "step")}`;
  return {
    text: renderLivePage({ title, artifact, data, tool: TOOL }),
    about: `${counted(info.steps, "state")}, live`,
  };
}

/** An observable as it was given; whether the module exports it shows when the page runs it. */
export function named({ name: given, expression }: ObservableText): NamedObservable {
  const name = given ?? expression!;
  if (expression !== undefined) checkSource(expression, "expression");
  return {
    name: escapeText(name, { maxLength: NAME_UNITS_MAX }),
    choice: expression === undefined ? { name } : { expression },
  };
}

/** The error for a range without states. */
export function emptyRange([from, to]: readonly [number, number]): InputError {
  return new InputError(`Cannot show the states from ${from} to ${to}: there are none`);
}

/** A command line for the same run, as one would type it; t may follow. */
export function shellLine(
  verb: string,
  { file, step, observe }: { file: string; step: readonly string[]; observe: readonly string[] },
): string {
  return join([
    "rewind",
    verb,
    // It would be taken for an option.
    file.startsWith("-") ? `./${file}` : file,
    ...step.flatMap((text) => ["--step", text]),
    ...observe.flatMap((text) => ["--observe", text]),
  ]);
}
