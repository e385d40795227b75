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

/** The epoch and the step before values that bars part: `[  0]     520 || B: 3.45`. */
export function isBarHead(first: HeadNumber, second: HeadNumber): boolean {
  return /^\s*\[\s*$/.test(first.before) && /^\s*\]\s+$/.test(second.before) &&
    /^\s*\|/.test(second.after);
}

/** The epoch and the place in it: `[1,  2000] loss: 2.236`, `[0 :   100] loss G : 0.5`, `333 160 Loss=0.5`. */
export function isPair(first: HeadNumber, second: HeadNumber): boolean {
  if (/^\s*$/.test(first.before) && /^ {1,4}$/.test(second.before)) {
    return /^ +[A-Za-z_]/.test(second.after);
  }
  return /^\s*[[(]\s*$/.test(first.before) && /^\s*[,:]\s*$/.test(second.before) &&
    /^\s*[\])]/.test(second.after);
}

/**
 * The key of an entry of a configuration as Python prints it: `17: dict(name='left_eye', id=17, ...),`. A number
 * directly after it is no configuration's where others in the line have names.
 */
export function isKey({ before, after }: HeadNumber, hasNames: boolean): boolean {
  return before.trim() === "" &&
    (/^:\s*[A-Za-z_][\w.]*\(/.test(after) || !hasNames && /^:\s*$/.test(after));
}

/** Longest text before a step without a name. */
const HEAD_LENGTH_MAX = 200;

/** The step: `[10] loss: 0.5`, `12: loss 0.5`. */
export function isLeading({ before, after }: HeadNumber): boolean {
  if (before.length > HEAD_LENGTH_MAX) return false;
  return /^\s*(?:\[[A-Za-z_]\w*\]:?\s+|[>*#+-]{1,3}\s+)?\[?\s*$/.test(before) &&
    /^\s*(?:\]|:|\/|-|\||\s)/.test(after);
}

/** The step after the head of a logger: `10:00:00 INFO [100] loss=0.5`, `0:11:11 -    1135 -  MLM-en:  7.7`. */
export function isAfterHead({ before, after }: HeadNumber): boolean {
  if (before.length > HEAD_LENGTH_MAX) return false;
  const bracket = HEAD_END.exec(before)?.[1];
  return bracket === "["
    ? /^\s*(?:\]|\/)/.test(after)
    : bracket === "" && /^\s*[:|-][\s,;]/.test(after);
}

/** What may stand between the time and the message: a level, and the name of the logger beside it. */
const HEAD_END =
  /^[\])]?[\s:|-]*(?:(?:[A-Za-z][\w.]*[\s:|-]+)?[[(]?(?:DEBUG|INFO|SUCCESS|WARN|WARNING|ERROR|CRITICAL)[\])]?[\s:|-]*(?:[A-Za-z][\w.]*:\s+|[A-Za-z][\w.]*\s+-\s+)?)?(\[?)\s*$/;
