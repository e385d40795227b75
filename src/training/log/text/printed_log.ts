/**
 * Reads printed text line by line into rows. A number that stands in the text is a value, a step, a clock
 * or the like, or is counted as missed; a line without a step belongs to the step before it.
 *
 * @module
 */

import {
  LOG_TEXT_HELD_LINES_MAX,
  LOG_TEXT_LINE_BYTES_MAX,
  LOG_TEXT_NAMES_MAX,
} from "../../limits.ts";
import { counted } from "../../../text/quantity.ts";
import { JsonRowReader } from "../json_rows.ts";
import { contentStart, excerpt } from "../line_text.ts";
import type { LogBuilder } from "../log_builder.ts";
import { RowAssembler } from "../row_assembler.ts";
import type { StepContext } from "../step_context.ts";
import type { LogIssueExample } from "../run_log.ts";
import { seedsInText } from "../seeds.ts";
import type { Slot } from "../record_keys.ts";
import { BarTables } from "./bar_table.ts";
import { visibleParts } from "./control_characters.ts";
import { counterOf } from "./line_words.ts";
import { type ParsedLine, ParsedLines, type PlannedLine } from "./parsed_lines.ts";
import { PrintedSteps, toNumber } from "./printed_steps.ts";
import { ResultBlocks } from "./result_block.ts";
import type { TableStep } from "./table_step.ts";

const NO_BYTES = new Uint8Array(0);

/** See the module. */
export class PrintedLog {
  readonly #builder: LogBuilder;
  readonly #rows: RowAssembler;
  readonly #json: JsonRowReader;
  readonly #bars: BarTables;
  readonly #blocks: ResultBlocks;
  readonly #lines: ParsedLines;
  readonly #steps = new PrintedSteps();
  readonly #names = new Set<string>();
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  /** Lines before the first step, as long as one may come; undefined once it has come, or is given up. */
  #held: ParsedLine[] | undefined = [];
  #overwritten = 0;
  /** Lines with values before the first step, and that step. */
  #early: ParsedLine[] = [];
  #firstContext: StepContext | undefined;

  /** Reads into a table. */
  constructor(builder: LogBuilder) {
    this.#builder = builder;
    this.#rows = new RowAssembler(builder);
    this.#json = new JsonRowReader(this.#rows);
    this.#bars = new BarTables(this.#rows, {
      fields: builder.fields,
      onStep: (step) => this.#countTable(step),
    });
    this.#blocks = new ResultBlocks(builder.fields);
    this.#lines = new ParsedLines(builder.fields);
  }

  /** Takes a line. */
  line(bytes: Uint8Array, from: number, to: number, line: number): void {
    from = contentStart(bytes, from, to, line);
    if (to - from > LOG_TEXT_LINE_BYTES_MAX) {
      const detail = `a line of data: ${excerpt(bytes, from, to)}`;
      this.#builder.missed(countNumbers(bytes, from, to), { line, detail });
      return;
    }
    const text = this.#decoder.decode(bytes.subarray(from, to));
    for (const part of visibleParts(text, () => this.#overwritten++)) {
      if (this.#blocks.take(part, line)) continue;
      this.#endBlock();
      const parsed = this.#lines.parse(part, line);
      if (this.#held === undefined) {
        this.#take(parsed);
        continue;
      }
      this.#held.push(parsed);
      if (hasStep(parsed) || this.#held.length >= LOG_TEXT_HELD_LINES_MAX) this.#release();
    }
  }

  /** Ends the log. */
  end(): void {
    this.#endBlock();
    this.#release();
    this.#bars.end();
    this.#settleEarly();
    if (this.#overwritten === 0) return;
    const detail = `${counted(this.#overwritten, "state")} of progress bars, drawn over since`;
    this.#builder.issue("note", { detail });
  }

  /** Hands on the lines that were held back. What stands before the first step belongs to none. */
  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    const isFirst = held.some(hasStep)
      ? hasStep
      : ({ plan }: ParsedLine) => plan.roles.some(({ kind }) => kind === "epoch");
    const first = Math.max(0, held.findIndex(isFirst));
    // Tables of one name and value a row say their step themselves, or list settings.
    const areRows = held.some(({ isBar, text }) =>
      isBar && /step|epoch|iter|update|interact/i.test(text)
    );
    this.#preamble(held.slice(0, first).filter(({ isBar }) => !isBar || !areRows));
    for (const [i, parsed] of held.entries()) {
      if (i >= first || (parsed.isBar && areRows)) this.#take(parsed);
    }
  }

  /** Hands the block over that has ended, if there is one: a record with a step of its own. */
  #endBlock(): void {
    const block = this.#blocks.end();
    if (block === undefined) return;
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#preamble(held);
    const rows = this.#rows;
    rows.context = undefined;
    const bytes = this.#encoder.encode(block.json);
    const { parts } = this.#builder;
    const prepare = () => parts.mark(parts.markOf("line", block.label, "line"));
    const { line, step } = block;
    const isRead = this.#json.read(bytes, { from: 0, to: bytes.length, line, prepare });
    if (step !== undefined) this.#countTable(step);
    if (isRead) this.#firstContext ??= rows.context;
    else this.#builder.issue("damaged", { line, detail: `the result of ${block.label} is cut` });
  }

  /** What follows a table belongs to the step that it names. */
  #countTable({ name, value, weak }: TableStep): void {
    this.#steps.count(weak ? "epoch" : "step", name, value);
    this.#rows.context = this.#steps.context;
  }

  #preamble(lines: readonly ParsedLine[]): void {
    for (const parsed of lines) {
      const { plan, text, line, numbers } = parsed;
      const seeds = plan.mentionsSeed ? this.#seeds(text, line) : 0;
      this.#steps.see(plan, numbers);
      this.#count(plan, parsed, seeds);
      if (plan.hasMetric) this.#early.push(parsed);
    }
  }

  /**
   * Values before the first step: those whose names come again are metrics, and of the first step; the
   * others are settings or what the program counts while it starts.
   */
  #settleEarly(): void {
    let count = 0;
    let example: LogIssueExample | undefined;
    this.#rows.context = this.#firstContext;
    for (const { plan, numbers, line } of this.#early) {
      this.#rows.begin();
      plan.roles.forEach((role, i) => {
        if (role.kind !== "metric") return;
        const name = role.name + plan.unit;
        if (this.#names.has(name)) this.#put(this.#rows.root.metric(name), numbers[i]!);
        else {
          count++;
          example ??= { line, detail: name };
        }
      });
      this.#rows.commit(line);
    }
    if (example === undefined) return;
    this.#builder.understood(count);
    const detail = `${counted(count, "number")} before the first step, which are not compared ` +
      `(first: ${example.detail})`;
    this.#builder.issue("note", { ...example, detail });
  }

  /** Keeps the seeds of a line; how many there are. */
  #seeds(text: string, line: number): number {
    const seeds = seedsInText(text);
    for (const seed of seeds) this.#builder.seed(seed, { line });
    return seeds.length;
  }

  /** Counts the numbers of a line that are no values. Those that nothing else explains are its seeds. */
  #count(
    { asides, unknown, roles }: PlannedLine,
    { text, line, numbers }: { text: string; line: number; numbers: readonly string[] },
    seeds = 0,
  ): void {
    this.#builder.understood(asides);
    if (unknown <= seeds) return this.#builder.understood(unknown);
    const number = numbers[roles.findIndex(({ kind }) => kind === "unknown")];
    const bytes = this.#encoder.encode(text.trim());
    const detail = `${number} in '${excerpt(bytes, 0, bytes.length)}'`;
    this.#builder.missed(unknown, { line, detail });
  }

  #take(parsed: ParsedLine): void {
    const { text, line, plan, numbers } = parsed;
    if (parsed.isBar) {
      this.#bars.take(text, line);
      return;
    }
    this.#bars.end();
    if (numbers.length === 0) return;
    if (parsed.cells !== undefined) return this.#tableRow(parsed.cells, parsed);
    const seeds = plan.mentionsSeed ? this.#seeds(text, line) : 0;
    this.#steps.see(plan, numbers);
    this.#rows.context = this.#steps.context;
    if (plan.hasMetric) this.#firstContext ??= this.#rows.context;
    if (this.#dictionary(parsed)) return;
    this.#count(plan, parsed, seeds);
    if (plan.hasMetric) this.#values(parsed);
  }

  /** Reads a line that holds a dictionary, as Python prints it, and what else stands on it. */
  #dictionary({ text, line, plan }: ParsedLine): boolean {
    const open = text.indexOf("{");
    const close = text.lastIndexOf("}");
    if (open < 0 || close < open) return false;
    const bytes = this.#encoder.encode(text.slice(open, close + 1));
    const prepare = () => this.#marks(plan);
    if (!this.#json.read(bytes, { from: 0, to: bytes.length, line, prepare })) return false;
    const rest = `${text.slice(0, open)} ; ${text.slice(close + 1)}`;
    if (/\d/.test(rest)) {
      const parsed = this.#lines.parse(rest, line);
      this.#count(parsed.plan, parsed);
      if (parsed.plan.hasMetric) this.#values(parsed);
    }
    return true;
  }

  /** Marks the record with what the line says besides its values. */
  #marks(plan: PlannedLine): void {
    const { parts } = this.#builder;
    plan.marks ??= [
      parts.markOf("phase", plan.phase ?? "", "phase"),
      parts.markOf("line", plan.label, "line"),
    ];
    for (const mark of plan.marks) parts.mark(mark);
  }

  #tableRow(cells: ReadonlyMap<string, string>, { line }: ParsedLine): void {
    const rows = this.#rows;
    for (const [head, cell] of cells) {
      const counter = counterOf(HEADS.get(head) ?? head);
      // A step may stand with the number of all: `1/3`.
      const value = Number(cell.replace(/\/.*$/, ""));
      if (counter === "step" || counter === "epoch") this.#steps.count(counter, head, value);
    }
    rows.context = this.#steps.context;
    rows.begin();
    const [first = ""] = cells.values();
    const label = /^[A-Za-z_][^:]*$/.test(first) ? first : [...cells.keys()].slice(0, 2).join(" ");
    const { parts } = this.#builder;
    parts.mark(parts.markOf("line", label, "line"));
    for (const [head, cell] of cells) {
      if (cell.includes(":") || counterOf(HEADS.get(head) ?? head) !== undefined) continue;
      const unit = /(?<=\d)[A-Za-z]+$/.exec(cell)?.[0] ?? "";
      const slot = rows.root.metric(unit === "" ? head : `${head} (${unit})`);
      const bytes = this.#encoder.encode(cell.slice(0, cell.length - unit.length));
      rows.text(slot, bytes, 0, bytes.length);
    }
    rows.commit(line);
  }

  #values({ plan, numbers, line, text }: ParsedLine): void {
    const rows = this.#rows;
    const slots = plan.slots ??= plan.roles.map((role) =>
      role.kind === "metric" || role.kind === "unknown" && role.name !== undefined
        ? this.#slotOf(role.name + plan.unit)
        : undefined
    );
    rows.begin();
    this.#marks(plan);
    slots.forEach((slot, i) => {
      const role = plan.roles[i]!;
      // It is counted as missed.
      if (role.kind === "unknown") {
        if (slot === undefined || role.isEarly && /^\d+$/.test(numbers[i]!)) return;
        this.#builder.understood(-1);
      }
      if (slot === undefined) {
        if (role.kind !== "metric") return;
        const detail = `${numbers[i]} in '${text.trim().slice(0, 60)}': too many names`;
        this.#builder.missed(1, { line, detail });
      } else this.#put(slot, numbers[i]!);
    });
    rows.commit(line);
  }

  #put(slot: Slot, number: string): void {
    const bytes = slot.isMetric ? NO_BYTES : this.#encoder.encode(number);
    this.#rows.number(slot, toNumber(number), bytes, 0, bytes.length);
  }

  /** Where values of a name go; undefined if there are too many names for all to be metrics. */
  #slotOf(name: string): Slot | undefined {
    const { root } = this.#rows;
    const lower = name.toLowerCase();
    const { kind } = this.#builder.fields.role(lower);
    if (kind === "split" || kind === "seed") return root.slot(lower);
    if (!this.#names.has(name)) {
      if (this.#names.size >= LOG_TEXT_NAMES_MAX) return undefined;
      this.#names.add(name);
    }
    // A second step or the like of a line is a value, whatever its name means in other logs.
    return root.metric(name);
  }
}

/** Heads of columns that mean steps. */
const HEADS: ReadonlyMap<string, string> = new Map([["#", "step"], ["E", "epoch"]]);

/** Whether a line says at which step it is. */
function hasStep({ plan, cells }: ParsedLine): boolean {
  if (cells !== undefined) {
    return [...cells.keys()].some((head) => counterOf(HEADS.get(head) ?? head) !== undefined);
  }
  return plan.roles.some(({ kind }) => kind === "step" || kind === "position");
}

/** How many runs of digits there are. */
function countNumbers(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  let inside = false;
  for (let i = from; i < to; i++) {
    const isDigit = bytes[i]! >= 0x30 && bytes[i]! <= 0x39;
    if (isDigit && !inside) count++;
    inside = isDigit || (inside && bytes[i] === 0x2e);
  }
  return count;
}
