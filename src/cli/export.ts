/**
 * `rewind export`: states as JSON Lines, CSV, or the run as the Python package's artifact.
 *
 * @module
 */

import { systemDisk } from "../disk/system_disk.ts";
import { NewFile } from "../disk/new_file.ts";
import { openRecord } from "../artifact/open_record.ts";
import { writePeerArtifact } from "../artifact/peer/write_peer.ts";
import { decodeState } from "../codec/decode_state.ts";
import { plainToJson } from "../codec/state_to_json.ts";
import { resolveRange } from "../engine/run_bounds.ts";
import { grouped } from "../text/quantity.ts";
import { jsonPieces } from "../text/json_pieces.ts";
import { jsonText, printableLine } from "../text/printable.ts";
import { type CommandContext, defineCommand, type Values } from "./command.ts";
import { CsvColumns } from "./csv_columns.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { observables } from "./observable_option.ts";
import type { ObservableChoice } from "../sandbox/host/session_options.ts";
import { noteMissing } from "./missing_note.ts";
import { choice, flag, integer, operand, path, texts } from "./options.ts";
import type { Output } from "./output.ts";
import { artifactInput } from "./pipe_input.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { checkOutput, FORCE_OPTION, orInputError, STDOUT, writeOutput } from "./output_path.ts";
import { byteText, counted } from "./table.ts";
import { UsageError } from "./usage_error.ts";

/** What of a run to write, and in which format. */
const EXPORT_OPTIONS = {
  format: choice(["jsonl", "csv", "python"], "Format of the output", { default: "jsonl" }),
  from: integer("T", "First state", { fallback: "0" }),
  to: integer("T", "One past the last state", { fallback: "the end of the run" }),
  every: integer("N", "Distance between two states", { min: 1, fallback: "1" }),
  observe: texts(
    "NAME",
    "Values of an observable, or of NAME=FUNCTION, in the place of the states: a time series",
  ),
  inputs: flag("Write the run's inputs in the place of its states: a line of JSON per transition"),
  keepFormulas: flag("Write texts that a spreadsheet would run as formulas as they are, in CSV"),
  output: path("FILE", "File to write, - for stdout", { short: "o", fallback: "stdout" }),
  force: FORCE_OPTION,
  ...REPLAY_OPTIONS,
};

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay") },
  options: EXPORT_OPTIONS,
  details: [
    'A line of JSON Lines is {"t": ..., "state": ...}; what JSON cannot hold is written as in --json, ' +
    'such as {"$number": "NaN"}. CSV has a column for each number, text, boolean or date that any of the states ' +
    "has, so it reads them twice; a text that begins like a formula gets ' in front.",
    'With --observe a line is {"t": ..., "NAME": ...}, and CSV has a column for each: the series that a plot or an ' +
    "MCMC diagnostic reads.",
    "--format python writes a .replay file that rewind-engine loads: whole runs only, and states that " +
    "Python has too.",
    "The content hash does not cover exported states. Check them for private data before you share them.",
  ],
  examples: [
    {
      command: "rewind export walk.replay --every 1000 --format csv",
      note: "Print every thousandth state as CSV",
    },
    {
      command: "rewind export sir.replay --observe infected --every 10 --format csv",
      note: "Write an observable as a time series",
    },
    {
      command: "rewind export walk.replay --from -10 -o tail.jsonl",
      note: "Write the end to a file",
    },
  ],
  async run({ file, ...given }, context) {
    const target = given.output === STDOUT ? undefined : given.output;
    const values = { ...given, output: target };
    const { format, force } = values;
    if (target !== undefined) checkOutput(target, { force, reads: [file, values.step] });
    if (format === "python") return await exportPython(file, values, context);
    if (values.inputs) return await exportInputs(file, values, context);
    using sink = openSink(target, { force, output: context.output });
    const count = await writeStates(file, {
      values,
      sink,
      output: context.output,
      signal: context.signal,
    });
    sink.finish();
    if (target !== undefined) context.output.note(`wrote ${counted(count, "state")} to ${target}`);
    return EXIT_OK;
  },
});

type ExportValues = Values<typeof EXPORT_OPTIONS>;

/** Where lines of an export go. */
interface Sink extends Disposable {
  /** Whether nobody reads on. */
  readonly isClosed: boolean;
  write(text: string): void;
  /** Gives a file its name. */
  finish(): void;
}

function openSink(target: string | undefined, { force, output }: Sinking): Sink {
  if (target !== undefined) return new FileSink(target, { overwrite: force });
  return {
    get isClosed(): boolean {
      return output.isClosed;
    },
    write: (text) => output.write(text),
    finish: () => {},
    [Symbol.dispose]: () => {},
  };
}

interface Sinking {
  readonly force: boolean;
  readonly output: Output;
}

/** Characters that are gathered before they are written. */
const SINK_UNITS = 1 << 16;

/** A file beside the target, which appears under its name only when it is whole. */
class FileSink implements Sink {
  readonly isClosed = false;
  readonly #target: string;
  readonly #file: NewFile;
  #pending = "";

  constructor(target: string, options: { overwrite: boolean }) {
    this.#target = target;
    this.#file = orInputError(target, () => new NewFile(systemDisk(), target, options));
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length > SINK_UNITS) this.#flush();
  }

  finish(): void {
    this.#flush();
    orInputError(this.#target, () => this.#file.finish());
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #flush(): void {
    const bytes = new TextEncoder().encode(this.#pending);
    this.#pending = "";
    orInputError(this.#target, () => this.#file.write(bytes));
  }
}

async function writeStates(
  file: string,
  { values, sink, output, signal }: {
    values: ExportValues;
    sink: Sink;
    output: Output;
    signal: AbortSignal;
  },
): Promise<number> {
  const { format, every = 1 } = values;
  await using recorded = await openRun(file, { ...values, signal, output });
  const [from, to] = resolveRange(values.from, values.to, recorded.steps);
  const named = namedObservables(values.observe);
  const states = (): AsyncGenerator<unknown> =>
    named === undefined
      ? recorded.states(from, to, { every, isShown: true })
      : seriesOf(recorded.states(from, to, { every, observe: [...named.values()] }), [
        ...named.keys(),
      ]);
  const columns = format === "csv" ? await columnsOf(states, values) : undefined;
  if (columns !== undefined) sink.write(`${columns.header()}\n`);
  const empty = new Set(named?.keys());
  let count = 0;
  for await (const state of states()) {
    for (const name of empty) {
      if (!isNothing((state as Record<string, unknown>)[name])) empty.delete(name);
    }
    const t = from + every * count++;
    if (columns === undefined) {
      const line = named === undefined
        ? { t, state: plainToJson(state) }
        : { t, ...seriesJson(state) };
      for (const piece of jsonPieces(line)) sink.write(piece);
    } else {
      sink.write(columns.row(t, state));
    }
    sink.write("\n");
    if (sink.isClosed) break;
  }
  for (const note of notesOf(columns)) output.note(`note: ${note}`);
  for (const name of empty) {
    const observable = named!.get(name)!;
    if ("expression" in observable) await noteMissing(output, observable.expression, recorded);
  }
  return count;
}

/** Whether a value is what comes of a name that states do not have. */
function isNothing(value: unknown): boolean {
  return value === undefined || Number.isNaN(value);
}

/** The observables to export, by name; undefined for the states. */
function namedObservables(
  given: readonly string[],
): ReadonlyMap<string, ObservableChoice> | undefined {
  const chosen = observables(given);
  if (chosen === undefined) return undefined;
  if (Object.hasOwn(chosen, "t")) {
    throw new UsageError("Invalid name 't' for --observe: it is that of the index", {
      hint: "write another one, such as 'time=s => s.t'",
    });
  }
  return new Map(
    Object.entries(chosen).map(([name, expression]) =>
      [name, expression === undefined ? { name } : { expression }] as const
    ),
  );
}

/** Values by name, state by state. */
async function* seriesOf(
  lists: AsyncGenerator<unknown>,
  names: readonly string[],
): AsyncGenerator<Record<string, unknown>, void, void> {
  for await (const values of lists) {
    yield Object.fromEntries(names.map((name, i) => [name, (values as unknown[])[i]]));
  }
}

function seriesJson(values: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values as object).map(([name, value]) => [name, plainToJson(value)]),
  );
}

/** The columns that states have, of one pass over them; a second one where objects have too many places. */
async function columnsOf(
  states: () => AsyncGenerator<unknown>,
  { keepFormulas }: ExportValues,
): Promise<CsvColumns> {
  const columns = new CsvColumns({ keepFormulas });
  for (let isAgain = true; isAgain;) {
    isAgain = false;
    for await (const state of states()) {
      isAgain = columns.collect(state);
      if (isAgain) break;
    }
  }
  return columns;
}

/** Most places that a note names. */
const PLACES_MAX = 5;

function notesOf(columns: CsvColumns | undefined): string[] {
  if (columns === undefined) return [];
  const notes = [...columns.leftOut()].map(([reason, places]) => {
    const named = places.slice(0, PLACES_MAX).map((place) => printableLine(place)).join(", ");
    const more = places.length > PLACES_MAX ? `, ... (${grouped(places.length)} places)` : "";
    return `no column for ${reason}: ${named}${more}; --format jsonl has them`;
  });
  if (columns.formulas > 0) {
    notes.push(
      `${
        counted(columns.formulas, "text")
      } would run as a formula in a spreadsheet and got ' in front: ` +
        "--keep-formulas writes them as they are",
    );
  }
  return notes;
}

/** Writes inputs as `record --inputs` reads them. */
async function exportInputs(
  file: string,
  { output: target, format, from, to, every, observe, force }: ExportValues,
  { output, signal }: CommandContext,
): Promise<number> {
  if (format !== "jsonl" || every !== undefined) {
    throw new UsageError(
      "Invalid option --format or --every with --inputs: it writes a line for each",
    );
  }
  if (observe.length > 0) {
    throw new UsageError("Invalid option --observe with --inputs: inputs are not observed");
  }
  const { inputs, steps } = (await openRecord(await artifactInput(file, signal))).record;
  if (inputs === undefined) {
    output.note("the run has no inputs");
    return EXIT_NO;
  }
  const [first, end] = resolveRange(from, to, Math.min(inputs.length, steps - 1));
  using sink = openSink(target, { force, output });
  for (let t = first; t < end;) {
    const row = inputs.chunkAt(t).rowAt(t);
    const text = `${jsonText(plainToJson(decodeState(row.bytes)))}\n`;
    for (const until = Math.min(row.to, end); t < until; t++) sink.write(text);
  }
  sink.finish();
  if (target !== undefined) output.note(`wrote ${counted(end - first, "input")} to ${target}`);
  return EXIT_OK;
}

async function exportPython(
  file: string,
  { output: target, force, from, to, every, observe, inputs }: ExportValues,
  { output, signal }: CommandContext,
): Promise<number> {
  if (target === undefined) {
    throw new UsageError("Missing option --output FILE for --format python");
  }
  if (from !== undefined || to !== undefined || every !== undefined) {
    throw new UsageError(
      "Invalid option --from, --to or --every with --format python: it writes whole runs",
    );
  }
  if (observe.length > 0 || inputs) {
    throw new UsageError(
      "Invalid option --observe or --inputs with --format python: it writes the run itself",
    );
  }
  const { record } = await openRecord(await artifactInput(file, signal));
  const bytes = writePeerArtifact(record);
  writeOutput(target, bytes, { force });
  output.note(`wrote ${counted(record.steps, "step")} to ${target}, ${byteText(bytes.length)}`);
  return EXIT_OK;
}
