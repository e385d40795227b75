/**
 * Works out what the numbers of a printed line mean from the text around them: which is the step, what
 * the others are called, and which only tell how far or how fast it goes.
 * This module is browser compatible.
 *
 * @module
 */

import { isAfterHead, isBarHead, isKey, isLeading, isPair, isTuneHead } from "./line_head.ts";
import { nameAfter, type NameBefore, nameBefore, nameOfSubject } from "./line_names.ts";
import {
  type Mark,
  marksOf,
  metric,
  type MetricRole,
  nearStart,
  type NumberRole,
} from "./line_marks.ts";
import { CLOCK, WORD_NUMBER } from "./line_tokens.ts";
import { isUnit } from "./line_units.ts";
import { counterOf, isLevel, phaseIn } from "./line_words.ts";

/** What all numbers of a line are. */
export interface LinePlan {
  /** In the order of the numbers. */
  readonly roles: readonly NumberRole[];
  /** Which of them say at which step the line is. */
  readonly counters: readonly number[];
  /** The phase that the line names. */
  readonly phase: string | undefined;
  /** What else the line says, in short: lines that say something else may be about something else. */
  readonly label: string;
  /** Whether it has a value. */
  readonly hasMetric: boolean;
}

const LABEL_LENGTH_MAX = 40;

/** Longest name from which that of the next number is made. */
const RELATED_NAME_MAX = 200;

/** Between a value and a better one. */
const BEFORE_BETTER = /^\s*(?:to|[-=]+>|\u2192)\s*$/;

/** A progress bar after a percentage, `50%|###  | 5/10`; in `acc 50% | time 2s` a bar only parts values. */
const BAR = /^(?:\|(?!\s?[A-Za-z_'"(|])|\s*\|[^\w|]+\|)/;

const COUNTER_KINDS: ReadonlySet<string> = new Set(["step", "epoch", "position", "total"]);

/** What shortened counts are rounded to, by their units. */
const ROUNDING: Readonly<Record<string, number>> = { K: 1e3, k: 1e3, M: 1e6, B: 1e9 };

const UNKNOWN: NumberRole = { kind: "unknown" };
const ASIDE: NumberRole = { kind: "aside" };

/** See the module. `isStep` says which names the user calls a step. */
export function planLine(skeleton: string, isStep: (name: string) => boolean): LinePlan {
  return new Planner(skeleton, isStep).plan();
}

class Planner {
  readonly #marks: Mark[];
  readonly #words: (Mark | undefined)[];
  readonly #isStep: (name: string) => boolean;
  readonly #rest: string[] = [];
  #phase: string | undefined;
  /** Whether the line has a step of its own. */
  #hasStep = false;
  /** How many metrics have a name, and what else there is, so far. */
  readonly #namesakes = new Map<string, number>();
  readonly #kinds = new Set<string>();

  constructor(skeleton: string, isStep: (name: string) => boolean) {
    this.#isStep = isStep;
    ({ marks: this.#marks, words: this.#words } = marksOf(skeleton));
  }

  plan(): LinePlan {
    const marks = this.#marks;
    marks.forEach((mark, i) => this.#read(mark, i));
    const hasMetric = marks.some(({ role }) => role?.kind === "metric");
    const at = this.#firstNumber();
    const first = marks[at];
    const second = marks[at + 1];
    if (
      first?.role === UNKNOWN && second?.role === UNKNOWN && hasMetric &&
      (isTuneHead(first, second) || isBarHead(first, second))
    ) {
      first.role = { kind: "epoch", name: "epoch", passing: false };
      second.role = { kind: "step", name: "step", passing: false };
      this.#hasStep = true;
    }
    if (
      first?.role === UNKNOWN && second?.role === UNKNOWN && hasMetric && !this.#hasStep &&
      isPair(first, second)
    ) {
      first.role = { kind: "epoch", name: "epoch", passing: false };
      second.role = { kind: "position" };
    }
    if (first?.role === UNKNOWN && isKey(first, hasMetric)) first.role = ASIDE;
    if (first !== undefined && at === 0 && hasMetric && this.#isRank(first)) {
      first.role = metric("rank", first);
    }
    const isLead = first?.role === UNKNOWN && hasMetric &&
      (at === 0 ? isLeading(first) : isAfterHead(first));
    // A number at the very beginning is the step of what follows: `[10] loss: 0.5`, `12: loss 0.5`.
    if (isLead && !this.#hasStep) {
      first.role = second?.role?.kind !== "total"
        ? { kind: "step", name: "step", passing: false }
        : marks.slice(at + 2).some(({ role }) => role?.kind === "position")
        ? { kind: "epoch", name: "epoch", passing: false }
        : { kind: "position" };
    }
    this.#ofTotals();
    // The best value before there was any: `val_loss improved from inf to 0.8`, `loss decreased (inf --> 0.8)`.
    for (const mark of marks) {
      if (mark.sign === WORD_NUMBER && BEFORE_BETTER.test(mark.after)) mark.role = ASIDE;
    }
    if (hasMetric) this.#keepUnnamed();
    this.#rest.push(marks.at(-1)?.after ?? "");
    this.#phase ??= this.#phaseOfNames();
    // Steps that are only spoken of, as in `saved step 5`, and bars without values give no step.
    for (const mark of hasMetric ? [] : marks) {
      const { role } = mark;
      const isPassing = role !== undefined && "passing" in role && role.passing;
      // `Results of epoch 5:` announces what follows.
      if (isPassing && mark === marks.at(-1) && /^\s*:\s*$/.test(mark.after)) {
        mark.role = { ...role, passing: false };
      } else if (isPassing || role?.kind === "position") mark.role = ASIDE;
    }
    const label = nearStart(this.#rest.join(" ")).replace(/[^\w*'.@/\u0080-\uffff-]+/g, " ")
      .replace(/[.'/-]+(?= |$)/g, "").replace(/ {2,}/g, " ").trim();
    const roles = this.#words.map((mark): NumberRole => mark?.role ?? { kind: "word" });
    return {
      roles,
      counters: roles.flatMap(({ kind }, i) => COUNTER_KINDS.has(kind) ? [i] : []),
      phase: this.#phase ?? phaseIn(label),
      label: label.slice(0, LABEL_LENGTH_MAX),
      hasMetric,
    };
  }

  /** Whether a number at the beginning is that of a process, as srun puts it before a line: `3: step 10 loss 0.5`. */
  #isRank({ role, before, after }: Mark): boolean {
    return (role === UNKNOWN || role === ASIDE) && before.trim() === "" && /^:\s/.test(after) &&
      this.#marks.some((mark) => mark.role?.kind === "step" || mark.role?.kind === "epoch");
  }

  /** Numbers beside values are compared by their place, though nobody can say what they are. */
  #keepUnnamed(): void {
    const firstValue = this.#marks.findIndex(({ role }) => role?.kind === "metric");
    let count = 0;
    this.#marks.forEach((mark, i) => {
      if (mark.role !== UNKNOWN) return;
      const name = count++ === 0 ? "unnamed" : `unnamed (${count})`;
      mark.role = { kind: "unknown", name, isEarly: i < firstValue };
    });
  }

  /** Numbers that the name after their total explains: `| 200/ 2928 batches |`. */
  #ofTotals(): void {
    this.#marks.forEach((mark, i) => {
      const total = this.#marks[i + 1];
      if (mark.role !== UNKNOWN || total?.role?.kind !== "total") return;
      const counter = counterOf(nameAfter(total.after) ?? "") ?? counterOf(total.unit);
      if (counter === "position" || counter === "step") mark.role = { kind: "position" };
      // `3/30epoch started`
      if (counter === "epoch" && total.unit !== "" && i === this.#firstNumber()) {
        mark.role = { kind: "epoch", name: total.unit, passing: false };
      }
    });
  }

  /** Index of the first mark that is no clock. */
  #firstNumber(): number {
    return this.#marks.findIndex(({ sign }) => sign !== CLOCK);
  }

  /** The phase of a line one name of which says it for all: `train Loss: 0.5 Acc: 0.7`. */
  #phaseOfNames(): string | undefined {
    const phases = this.#marks.flatMap(({ role }) =>
      role?.kind === "metric" ? [/^[A-Za-z]+/.exec(role.name)?.[0] ?? ""] : []
    ).map((word) => phaseIn(word)?.length === word.length ? phaseIn(word) : undefined);
    const [first, ...others] = phases;
    return others.length > 0 && others.every((phase) => phase === undefined) ? first : undefined;
  }

  #read(mark: Mark, i: number): void {
    if (mark.sign === CLOCK) {
      this.#rest.push(nameBefore(mark.before, false).rest);
      mark.role = ASIDE;
    } else {
      const role = this.#relative(mark, i) ?? this.#named(mark, i) ??
        this.#unnamed(mark, i);
      mark.role = role;
      this.#kinds.add(role.kind);
      if (role.kind !== "metric") return;
      const name = role.name.replace(/ \(\d+\)$/, "");
      this.#namesakes.set(name, (this.#namesakes.get(name) ?? 0) + 1);
    }
  }

  /** What a number is by what stands before it: a total, a mean in brackets, an element of a list. */
  #relative(mark: Mark, i: number): NumberRole | undefined {
    const previous = this.#marks[i - 1];
    const next = this.#marks[i + 1];
    // Names that each go on from the one before, `@1@2@3`, are data.
    if (previous?.role === undefined || previous.name.length > RELATED_NAME_MAX) return undefined;
    const { kind } = previous.role;
    if (/^\s*(?:\/|of|out of)\s*$/.test(mark.before)) {
      if (kind !== "metric") return { kind: "total" };
      mark.base = previous.name;
      return metric(`${previous.name} total`, mark);
    }
    // `test_reward: 200.0 ± 1.5`, and XGBoost's and LightGBM's `rmse:0.5+0.01`
    if (kind === "metric" && /^\s*\(?\s*(?:\u00b1|\+\/?-|\+)\s*$/.test(mark.before)) {
      return metric(`${previous.base ?? previous.name} +/-`, mark);
    }
    // `val_loss improved from 0.5 to 0.4`, `loss decreased (0.5 --> 0.4)`, Marian's `Cost 7.5 * 2,000 after 4,000`
    const relation = /^\s*(to|\*|after|[-=]+>|\u2192)\s*$/.exec(mark.before)?.[1];
    if (kind === "metric" && relation !== undefined) {
      const base = (previous.base ?? previous.name).replace(/ \*$/, "");
      return metric(`${base} ${relation.replace(/^(?:[-=]+>|\u2192)$/, "to")}`, mark);
    }
    // The range of a mean: `mean reward: -4.5 [-100.0, 3.7]`.
    if (
      kind === "metric" && /^\s+\[\s*$/.test(mark.before) && /^\s*,\s*$/.test(mark.after) &&
      /^\s*\]/.test(next?.after ?? "")
    ) return metric(`${previous.base ?? previous.name}[0]`, mark);
    // The further columns of a table whose rows have names: `accuracy | 0.71 | 0.84`.
    if (kind === "metric" && /^\s*\|\s*$/.test(mark.before) && /\|\s*$/.test(previous.before)) {
      mark.base = previous.base ?? previous.name;
      return this.#apart(metric(mark.base, mark));
    }
    // What a share was counted from: `SAFE: 0.82 (412/500)`.
    if (
      kind === "metric" && /^\s*\(\s*$/.test(mark.before) && mark.after === "/" &&
      /^\s*\)/.test(next?.after ?? "")
    ) return metric(`${previous.base ?? previous.name} (count)`, mark);
    if (/^\s*\(\s*$/.test(mark.before) && /^\s*\)/.test(mark.after)) {
      if (kind !== "metric") return mark.unit === "%" ? ASIDE : undefined;
      const base = previous.base ?? previous.name;
      return metric(mark.unit === "%" ? `${base} (%)` : `${base} (avg)`, mark);
    }
    if (/^[\s()[\]]*,[\s()[\]]*$/.test(mark.before) && kind === "metric") {
      const element = /^(.*)\[(\d+)\]$/s.exec(previous.name);
      if (element === null) return undefined;
      return metric(`${element[1]}[${Number(element[2]) + 1}]`, mark);
    }
    // What a value was found with: `dice: 0.85 @ (0.6, 3000)`.
    if (kind === "metric" && /^\s*@\s*[[(]?\s*$/.test(mark.before)) {
      return metric(`${previous.name} @${/[[(]/.test(mark.before) ? "[0]" : ""}`, mark);
    }
    if (
      mark.unit !== "%" && /^[\s:[\]]*$/.test(mark.before) && mark.before !== "" &&
      (kind === "epoch" || kind === "total")
    ) {
      // `Epoch: [0][ 10/5005]`, `epoch 001: 100 / 1000`, `Epoch: 1 [640/60000 (1%)]`.
      return { kind: "position" };
    }
    // `Epoch  1, 12850/37527; acc: 3.99`
    if (kind === "epoch" && /^\s*,\s*$/.test(mark.before) && /^\s*\/\s*$/.test(mark.after)) {
      return { kind: "position" };
    }
    return undefined;
  }

  #named(mark: Mark, i: number): NumberRole | undefined {
    const found = nameBefore(mark.before, mark.unit === "");
    this.#rest.push(found.rest);
    if (found.name === undefined) return undefined;
    if (mark.unit === "%" && BAR.test(mark.after)) return ASIDE;
    const { name } = found;
    if (
      phaseIn(name)?.length === name.length && (found.opener.includes("[") || this.#isInEpoch(i))
    ) {
      // `Test: [ 10/196]`, and timm's `Train: 0 [  50/1251 (  4%)]`.
      this.#phase ??= phaseIn(name);
      return found.opener.includes("[")
        ? { kind: "position" }
        : { kind: "epoch", name: "epoch", passing: false };
    }
    const unitCounter = /^\s*:/.test(mark.after) ? counterOf(mark.unit) : undefined;
    if (unitCounter === "step" || unitCounter === "epoch") {
      return { kind: unitCounter, name: mark.unit, passing: false };
    }
    if (unitCounter === "position") {
      // ESPnet's `1epoch:train:683-1364batch: loss=0.5`.
      this.#phase ??= phaseIn(name);
      return { kind: "position" };
    }
    if (isLevel(name)) return undefined;
    if (found.unit !== "" && mark.unit === "") mark.unit = found.unit;
    const isShortened = found.isSigned && mark.unit in ROUNDING;
    const counter = mark.unit === "" || mark.unit === "%" || isShortened
      ? this.#counter(found, { mark, i })
      : undefined;
    if (counter !== undefined) return counter;
    // `Loss after 100 iterations: 0.5`
    const last = this.#marks[i - 1];
    if (last?.role !== undefined && "passing" in last.role && last.role.name === name) {
      const of = nameOfSubject(last.before + name);
      if (of !== undefined) return this.#apart(metric(of, mark));
    }
    const next = this.#marks[i + 1];
    const isList = /[[(]$/.test(found.opener) && next !== undefined &&
      /^[\s()[\]]*,[\s()[\]]*$/.test(next.before);
    return this.#apart(metric(isList ? `${name}[0]` : name, mark));
  }

  /** Whether the place in an epoch follows in brackets: ` [  50/1251`. */
  #isInEpoch(i: number): boolean {
    const { after } = this.#marks[i]!;
    return /^\s*\[\s*$/.test(after) && this.#marks[i + 1]?.after === "/";
  }

  /** Values of one line with the same name, `acc 0.5, acc 0.6`, are different metrics: the second is `acc (2)`. */
  #apart(role: MetricRole): MetricRole {
    const { name } = role;
    const others = this.#namesakes.get(name);
    return others === undefined ? role : { ...role, name: `${name} (${others + 1})` };
  }

  /** The role of a name that counts steps or epochs; only the first of each in a line does. */
  #counter(found: NameBefore, { mark, i }: { mark: Mark; i: number }): NumberRole | undefined {
    const name = found.name!;
    const isShort = name === "s" && i === 0 && /^\s/.test(mark.after);
    const whole = this.#isStep(name) || isShort ? "step" : counterOf(name);
    // In a sentence, `end of epoch 1`, the last word counts.
    const lastWord = name.slice(name.lastIndexOf(" ") + 1);
    const counter = whole ?? (found.isSigned ? undefined : counterOf(lastWord));
    if (counter === undefined) return undefined;
    this.#phase ??= phaseIn(name);
    if (this.#kinds.has(counter)) {
      // `STEP: 24/155 -- GLOBAL_STEP: 500`: the first is a place in the epoch.
      const local = /^global[\s_]/i.test(name)
        ? this.#marks.find(({ role }) => role?.kind === counter)
        : undefined;
      if (local === undefined) return undefined;
      local.role = { kind: "position" };
    }
    if (counter === "position") return { kind: "position" };
    const passing = whole === undefined || found.isPart;
    if (counter === "step") this.#hasStep = true;
    const shown = (passing ? lastWord : name).replace(/[-_]$/, "");
    const role = { kind: counter, name: shown, passing };
    const roundedTo = ROUNDING[mark.unit];
    return roundedTo === undefined ? role : { ...role, roundedTo };
  }

  #unnamed(mark: Mark, i: number): NumberRole {
    const previous = this.#marks[i - 1];
    // A time or a speed that nothing names; a number with another unit is a value, even so.
    if (mark.unit !== "" && mark.unit !== "%") {
      return isUnit(mark.unit) || mark.unit.startsWith("/") ? ASIDE : UNKNOWN;
    }
    // The weight of a loss: `(* 1 = 0.5 loss)`.
    if (/\*\s*$/.test(mark.before) && /^\s*=/.test(mark.after)) return ASIDE;
    // Progress: `50%|====  | 5/10`, ` 5/10 [==>..]`, `97% 1651/1702 [`.
    if (mark.unit === "%" && /^\s*\|/.test(mark.after)) return ASIDE;
    const next = this.#marks[i + 1];
    if (mark.unit === "%" && /^\s+$/.test(mark.after) && next?.after === "/") return ASIDE;
    if (previous?.unit === "%" && previous.role === ASIDE && mark.after === "/") {
      return { kind: "position" };
    }
    if (
      previous?.unit === "%" && previous.role === ASIDE && /^\|[#\s]*$/.test(mark.before) &&
      /^\s*\|/.test(mark.after)
    ) {
      // The last place of a bar in ASCII: `3%|3    | 3/100`, `13%|#3   |`.
      mark.unit = "%";
      return ASIDE;
    }
    if (previous?.unit === "%" && previous.role === ASIDE && /\|\s*$/.test(mark.before)) {
      return { kind: "position" };
    }
    // `Score at iteration 10 is 0.5`, `Cost after epoch 3: 0.2`
    const subject = /^\s*(?:is|was|[:=]|->)\s*$/.test(mark.before) && previous !== undefined &&
        (previous.role?.kind === "step" || previous.role?.kind === "epoch")
      ? nameOfSubject(previous.before)
      : undefined;
    if (subject !== undefined) return this.#apart(metric(subject, mark));
    // `0.5 ETA 0:10:00`: the name is the clock's.
    const isOfClock = next?.sign === CLOCK && /^\s+\w+:?\s*$/.test(mark.after);
    const name = isOfClock ? undefined : nameAfter(mark.after);
    // `After 100 steps: loss 0.5`
    const word = /(?:^|\s)(?:after|at)\s+$/i.test(mark.before)
      ? /^ ([a-z]+)\b/i.exec(mark.after)?.[1] ?? ""
      : "";
    const passed = counterOf(word);
    if ((passed === "step" || passed === "epoch") && !this.#kinds.has(passed)) {
      if (passed === "step") this.#hasStep = true;
      return { kind: passed, name: word, passing: true };
    }
    if (name !== undefined && counterOf(name) !== undefined) return ASIDE;
    return name === undefined || /^\s*$/.test(mark.before) && previous === undefined
      ? UNKNOWN
      : this.#apart(metric(name, mark));
  }
}
