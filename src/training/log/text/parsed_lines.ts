/**
 * Takes printed lines apart, working out each print statement once.
 * This module is browser compatible.
 *
 * @module
 */

import type { FieldResolver } from "../field_roles.ts";
import type { RecordMark } from "../split_keys.ts";
import type { Slot } from "../record_keys.ts";
import { BarTables } from "./bar_table.ts";
import { BlankTable } from "./blank_table.ts";
import { DecimalCommas } from "./decimal_commas.ts";
import type { NumberRole } from "./line_marks.ts";
import { type LinePlan, planLine } from "./line_plan.ts";
import { type LineTokens, shortened, tokenize } from "./line_tokens.ts";

/** Plans that are kept: a log has few print statements. */
const PLANS_MAX = 10_000;

/** A plan with what its reader found out about it. */
export interface PlannedLine extends LinePlan {
  /** Unit of the numbers that have none, with a blank and in brackets. */
  readonly unit: string;
  /** Numbers that are understood and no values. */
  readonly asides: number;
  /** Numbers that nothing explains. */
  readonly unknown: number;
  /** Whether the line may be of a table: no number in it has a name. */
  readonly mayBeCells: boolean;
  /** Whether it speaks of a seed. */
  readonly mentionsSeed: boolean;
  /** Slot of each number that is a value, once it is needed. */
  slots: (Slot | undefined)[] | undefined;
  /** What its records are marked with, once it is needed. */
  marks: readonly (RecordMark | undefined)[] | undefined;
}

/** A line that is taken apart. */
export interface ParsedLine extends LineTokens {
  /** The line. */
  readonly text: string;
  /** Its number in the file. */
  readonly line: number;
  /** What its numbers mean. */
  readonly plan: PlannedLine;
  /** Whether it is a row of a table with one name and value each. */
  readonly isBar: boolean;
  /** Its cells by column, if it is a row of a table. */
  readonly cells: ReadonlyMap<string, string> | undefined;
}

/** Those of a header. */
const NO_CELLS: ReadonlyMap<string, string> = new Map();

/** See the module. Give it each line, in order. */
export class ParsedLines {
  readonly #fields: FieldResolver;
  readonly #table = new BlankTable();
  readonly #commas = new DecimalCommas();
  readonly #plans = new Map<string, PlannedLine>();
  /** Unit that a line above gave for the lines below it: `time across ranks (ms):`. */
  #blockUnit = "";

  /** Takes the user's field map into account. */
  constructor(fields: FieldResolver) {
    this.#fields = fields;
  }

  /** Takes a line apart. */
  parse(text: string, line: number): ParsedLine {
    const tokens = tokenize(text, this.#commas.in(text));
    if (!text.startsWith("    ")) this.#blockUnit = text.includes(" (") ? unitOfBlock(text) : "";
    const plan = this.#planOf(tokens.skeleton, UNIT_OF_LINE.exec(text)?.[1] ?? this.#blockUnit);
    const isBar = BarTables.isRow(text);
    const cells = isBar
      ? undefined
      : !plan.mayBeCells && this.#table.isHeader(text)
      ? NO_CELLS
      : this.#table.labelled(text) ?? (plan.mayBeCells ? this.#table.row(text) : undefined);
    return { skeleton: tokens.skeleton, numbers: tokens.numbers, text, line, plan, isBar, cells };
  }

  #planOf(skeleton: string, unit: string): PlannedLine {
    const known = this.#plans.get(unit + skeleton);
    if (known !== undefined) return known;
    const short = shortened(skeleton);
    const plan = this.#plans.get(unit + short) ?? this.#newPlan(short, unit);
    if (this.#plans.size < PLANS_MAX) {
      this.#plans.set(unit + short, plan);
      this.#plans.set(unit + skeleton, plan);
    }
    return plan;
  }

  #newPlan(skeleton: string, unit: string): PlannedLine {
    const isStep = (name: string) => {
      const role = this.#fields.role(name);
      return role.kind === "step" && role.rank < 0;
    };
    const plan = unit === "" ? planLine(skeleton, isStep) : ofTimes(planLine(skeleton, isStep));
    const count = (...kinds: string[]) =>
      plan.roles.filter(({ kind }) => kinds.includes(kind)).length;
    const unknown = count("unknown");
    return {
      ...plan,
      unit,
      unknown,
      asides: plan.roles.length - unknown - count("metric", "word"),
      mayBeCells: count("metric", "step", "epoch") === 0,
      mentionsSeed: /seed/i.test(skeleton),
      slots: undefined,
      marks: undefined,
    };
  }
}

/** The plan of a line of times: DeepSpeed's `rank=0 time (ms) | fwd: 12.3 | step: 5.1` counts no steps. */
function ofTimes(plan: LinePlan): LinePlan {
  const roles = plan.roles.map((role): NumberRole =>
    role.kind === "step" || role.kind === "epoch" ? { kind: "metric", name: role.name } : role
  );
  return { ...plan, roles, counters: [] };
}

/** The unit that a line gives for all its numbers: `time (ms) | forward: 400.1 | backward: 800.2`. */
const UNIT_OF_LINE = /(?:^|[\s\]])times?(?: \w+){0,3}( \((?:[mun]?s|sec(?:onds)?)\)) ?\|/;

/** The unit that a line gives for those below it, with a blank and in brackets; empty for none. */
function unitOfBlock(text: string): string {
  return / \((?:[mun]?s|sec(?:onds)?|[KMGT]i?B)\):?\s*$/.exec(text)?.[0].replace(/:?\s*$/, "") ??
    "";
}
