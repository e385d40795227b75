/**
 * Numbers without a name at the beginning of a printed line, which say where the training is.
 * This module is browser compatible.
 *
 * @module
 */

/** A number, by the text on both sides of it. */
export interface HeadNumber {
  /** Text before it, from the number before that. */
  readonly before: string;
  /** Text after it, up to the next number. */
  readonly after: string;
}

/** The epoch and the step before torchtune's loss: `1|3|Loss: 2.01`, perhaps after `[rank0]:`. */
export function isTuneHead(first: HeadNumber, second: HeadNumber): boolean {
  return /^\s*(?:\[\w+\]:\s*)?$/.test(first.before) && second.before === "|" &&
    second.after.startsWith("|");
}

/** The epoch and the place in it, in brackets: `[1,  2000] loss: 2.236`, `[0 :   100] loss G : 0.5`. */
export function isPair(first: HeadNumber, second: HeadNumber): boolean {
  return /^\s*[[(]\s*$/.test(first.before) && /^\s*[,:]\s*$/.test(second.before) &&
    /^\s*[\])]/.test(second.after);
}

/** The key of an entry of a configuration as Python prints it: `17: dict(name='left_eye', id=17, ...),`. */
export function isKey({ before, after }: HeadNumber): boolean {
  return before.trim() === "" && /^:\s*(?:$|[A-Za-z_][\w.]*\()/.test(after);
}

/** The step: `[10] loss: 0.5`, `12: loss 0.5`. */
export function isLeading({ before, after }: HeadNumber): boolean {
  return /^\s*\[?\s*$/.test(before) && /^\s*(?:\]|:|\/|-|\||\s)/.test(after);
}
