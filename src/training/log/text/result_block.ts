/**
 * Results as Ray Tune prints them: a line `Result for NAME:`, and below it the record as YAML, indented. Its step
 * stands near its end, and its names are unique only with those that they stand under.
 * This module is browser compatible.
 *
 * @module
 */

import { LOG_TEXT_HELD_LINES_MAX } from "../../limits.ts";
import type { FieldResolver } from "../field_roles.ts";
import { stepOfEntry, type TableStep } from "./table_step.ts";

const HEAD = /^(?:\(\w[^()]*\) )?Result for ([^\s:]+):\s*$/;
const ENTRY = /^( +)([^\s:#-][^:]*|'[^']*'|"[^"]*"): ?(.*)$/;
const ITEM = /^( +)- (.*)$/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
/** What Ray numbers a trial with anew in each run: `PPO_CartPole-v0_120b5_00000`. */
const RUN_ID = /_[0-9a-f]{5}(?=_\d{5}$)/;

/** A record that was printed as a block. */
export interface ResultBlock {
  /** The record as JSON, as its readers take it: with bare NaN and Infinity. */
  readonly json: string;
  /** Whose it is, without what changes from run to run. */
  readonly label: string;
  /** Line of its head. */
  readonly line: number;
  /** The step that it names. */
  readonly step: TableStep | undefined;
}

interface Level {
  readonly indent: number;
  readonly close: "}" | "]";
  isEmpty: boolean;
}

/** Gathers the lines of a block. */
export class ResultBlocks {
  readonly #fields: FieldResolver;
  #open: { label: string; line: number; json: string; lines: number } | undefined;
  #step: TableStep | undefined;
  #levels: Level[] = [];
  /** Whether the last line was a key without a value. */
  #isAwaiting = false;

  /** `fields` says which names are steps. */
  constructor(fields: FieldResolver) {
    this.#fields = fields;
  }

  /** Takes a line if it is one of a block; a line that is none ends the block: see {@linkcode ResultBlocks.end}. */
  take(text: string, line: number): boolean {
    const open = this.#open;
    if (open === undefined) {
      const head = text.startsWith("(") || text.startsWith("R") ? HEAD.exec(text) : null;
      if (head === null) return false;
      this.#open = { label: head[1]!.replace(RUN_ID, ""), line, json: "{", lines: 0 };
      this.#levels = [{ indent: 0, close: "}", isEmpty: true }];
      this.#step = undefined;
      return true;
    }
    if (++open.lines > LOG_TEXT_HELD_LINES_MAX) return false;
    const item = ITEM.exec(text);
    if (item !== null) return this.#item(item[1]!.length, item[2]!);
    const entry = ENTRY.exec(text);
    if (entry === null) return false;
    this.#entry(entry[1]!.length, { key: entry[2]!, value: entry[3]!.trim() });
    return true;
  }

  #entry(indent: number, { key, value }: { key: string; value: string }): void {
    const open = this.#open!;
    if (this.#levels.length === 1 && this.#levels[0]!.isEmpty) {
      this.#levels[0] = { indent, close: "}", isEmpty: true };
    } else if (this.#isAwaiting && indent > this.#levels.at(-1)!.indent) this.#push(indent, "}");
    this.#closeTo(indent);
    this.#comma();
    const name = /^(['"])(.*)\1$/.exec(key)?.[2] ?? key;
    open.json += `${JSON.stringify(name)}:`;
    this.#isAwaiting = value === "";
    if (this.#levels.length === 1) {
      this.#step = stepOfEntry(this.#step, { name, text: value, fields: this.#fields });
    }
    if (!this.#isAwaiting) open.json += scalar(value);
  }

  /** An element of a list, which may stand as far in as the name of the list. */
  #item(indent: number, value: string): boolean {
    if (this.#isAwaiting) this.#push(indent, "]");
    const level = this.#levels.at(-1)!;
    if (level.close !== "]" || level.indent !== indent) return false;
    this.#comma();
    this.#open!.json += scalar(value);
    return true;
  }

  #push(indent: number, close: Level["close"]): void {
    this.#open!.json += close === "}" ? "{" : "[";
    this.#levels.push({ indent, close, isEmpty: true });
    this.#isAwaiting = false;
  }

  /** Closes what lies deeper than an entry, and a list before it. */
  #closeTo(indent: number): void {
    this.#fill();
    while (this.#levels.length > 1) {
      const { indent: own, close } = this.#levels.at(-1)!;
      if (own < indent || own === indent && close === "}") return;
      this.#open!.json += close;
      this.#levels.pop();
    }
  }

  /** A name without a value has none. */
  #fill(): void {
    if (this.#isAwaiting) this.#open!.json += "null";
    this.#isAwaiting = false;
  }

  #comma(): void {
    const level = this.#levels.at(-1)!;
    if (!level.isEmpty) this.#open!.json += ",";
    level.isEmpty = false;
  }

  /** Ends the block, if there is one. */
  end(): ResultBlock | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    this.#closeTo(-1);
    this.#open = undefined;
    return { json: `${open.json}}`, label: open.label, line: open.line, step: this.#step };
  }
}

function scalar(value: string): string {
  if (NUMBER.test(value) || /^(?:true|false|null|\{\}|\[\])$/.test(value)) return value;
  const special = /^([-+]?)\.?(nan|inf)$/i.exec(value);
  if (special === null) return JSON.stringify(value.replace(/^(['"])(.*)\1$/, "$2"));
  if (/nan/i.test(value)) return "NaN";
  return special[1] === "-" ? "-Infinity" : "Infinity";
}
