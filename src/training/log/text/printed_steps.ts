/**
 * The step to which a line of printed text belongs: it stands on the line, or on one before it.
 * This module is browser compatible.
 *
 * @module
 */

import type { StepContext } from "../step_context.ts";
import type { NumberRole } from "./line_marks.ts";
import type { LinePlan } from "./line_plan.ts";

/** A counter and where it is. */
interface Counted {
  readonly name: string;
  readonly value: number;
}

type CounterRole = Extract<NumberRole, { readonly passing: boolean }>;

const NO_EPOCH: Counted = { name: "", value: NaN };

/** See the module. Give it each line's plan, in order. */
export class PrintedSteps {
  #step: Counted | undefined;
  /** By how much steps went on last. */
  #stride = NaN;
  #epoch: Counted | undefined;
  /** Step and epoch of the line seen last alone. */
  #passingStep: Counted | undefined;
  #passingEpoch: Counted | undefined;
  /** The last step that was only spoken of, which is all that some logs have: `loss at step 5: 0.5`. */
  #spokenStep: Counted | undefined;
  #position: number | undefined;
  /** The place in the epoch before. */
  #lastPosition: number | undefined;
  #epochSteps = 0;

  /** Takes a line's step, epoch and place in it. */
  see({ roles, counters }: LinePlan, numbers: readonly string[]): void {
    let last = "";
    let position: number | undefined;
    this.#passingStep = this.#passingEpoch = undefined;
    for (const i of counters) {
      const role = roles[i]!;
      if (role.kind === "step" || role.kind === "epoch") {
        const { name, roundedTo } = role;
        const value = toNumber(numbers[i]!) * (roundedTo ?? 1);
        this.#count(role, { name, value: this.#unrounded(value, role) });
      } else if (role.kind === "position") position = toNumber(numbers[i]!);
      else if (role.kind === "total" && last !== "epoch") this.#epochSteps = toNumber(numbers[i]!);
      last = role.kind;
    }
    if (position !== undefined) this.#position = position;
  }

  /** Takes a step or epoch that stands in a table. */
  count(kind: "step" | "epoch", name: string, value: number): void {
    this.#passingStep = this.#passingEpoch = undefined;
    this.#count({ kind, name, passing: false }, { name, value });
  }

  /** A step that is printed in thousands goes on from the step before, as the exact ones did. */
  #unrounded(value: number, { kind, name, roundedTo }: CounterRole): number {
    const last = this.#step;
    if (roundedTo === undefined || kind !== "step" || last?.name !== name) return value;
    const next = last.value + this.#stride;
    return this.#stride > 0 && Math.abs(next - value) <= roundedTo / 2 ? next : value;
  }

  #count({ kind, passing, roundedTo }: CounterRole, counted: Counted): void {
    if (kind === "step") {
      if (passing) this.#passingStep = this.#spokenStep = counted;
      else {
        const stride = counted.value - (this.#step?.value ?? NaN);
        if (stride > 0 && roundedTo === undefined) this.#stride = stride;
        this.#step = counted;
      }
    } else if (passing) this.#passingEpoch = counted;
    else {
      if (this.#epoch?.value !== counted.value) {
        this.#lastPosition = this.#position ?? this.#lastPosition;
        this.#position = undefined;
      }
      this.#epoch = counted;
    }
  }

  /** Where the line seen last belongs; undefined if no line has said it yet. */
  get context(): StepContext | undefined {
    const { name: epochName, value: epoch } = this.#passingEpoch ?? this.#epoch ?? NO_EPOCH;
    const spoken = this.#epoch === undefined ? this.#spokenStep : undefined;
    const step = this.#passingStep ?? this.#step ?? spoken;
    if (step !== undefined) {
      const { name, value } = step;
      const epochSteps = this.#epochSteps;
      return { key: name, step: value, epoch, epochSteps, source: "step" };
    }
    // What a line says about a whole epoch, after its bar, belongs to the bar's end.
    const position = this.#position ?? this.#lastPosition;
    if (position !== undefined) {
      const key = epochName === "" ? "position" : `position in ${epochName}`;
      return { key, step: position, epoch, epochSteps: this.#epochSteps, source: "step" };
    }
    if (epochName === "") return undefined;
    return { key: epochName, step: epoch, epoch, epochSteps: 0, source: "weak" };
  }
}

/** The number that a token of printed text stands for. */
export function toNumber(text: string): number {
  const value = Number(text);
  if (!Number.isNaN(value)) return value;
  if (/inf|\u221e/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/nan/i.test(text)) return NaN;
  if (/[df]/i.test(text)) return Number(text.replace(/[df]/i, "e"));
  if (text.includes("_")) return Number(text.replaceAll("_", ""));
  if (!text.includes(",")) return NaN;
  const isGrouped = /^[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(text);
  return Number(isGrouped ? text.replaceAll(",", "") : text.replace(",", "."));
}
