/**
 * The name of a number in printed text: the words before it or after it.
 * This module is browser compatible.
 *
 * @module
 */

import { isUnit } from "./line_units.ts";
import { isName, plainName } from "./line_words.ts";

/** What parts names from one another. */
const SEPARATORS = /[,;|\t()[\]{}\u00b7]| {2}|\. | (?:--?|&|\u2014) |: /g;

/** How Python's logging begins a line: `INFO:root:`. */
const LOGGING_PREFIX = /^(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[\w.]+:/;

/** The end of a quoted message, before the name of a field: `msg="epoch 3 done" step=5`. */
const END_OF_QUOTE = /^[^"=]*" (?=[\w./-]+$)/;

/** What Python prints around a number. */
const WRAPPER = /(?:\b(?:np|numpy|torch|jnp|jax)\.\w+|\b(?:tensor|array|Array))\(\[?$/;

/** The quote before a number that was printed as text: `'loss': '0.5'`. */
const OPEN_QUOTE = /(?<=[:=] ?|\s(?:is|was|->)\s)['"]$/;

/** A name in the text before a number. */
export interface NameBefore {
  name: string | undefined;
  /** Unit that stands with the name, as in `iter time (s): 0.5`. */
  unit: string;
  /** Brackets between the name and the number. */
  opener: string;
  /** What the text says besides. */
  rest: string;
  /** Whether a colon or the like stands after the name. */
  isSigned: boolean;
  /** Whether the name is the end of a sentence. */
  isPart: boolean;
}

/** The name before a number; `mayBeInCell` where it may be that of a table's cell. */
export function nameBefore(before: string, mayBeInCell: boolean): NameBefore {
  let text = before.replace(WRAPPER, "").replace(OPEN_QUOTE, "");
  const opener = /(?:[[({\s#<`\u2191\u2193]|\*\*)*$/.exec(text)![0];
  text = text.slice(0, text.length - opener.length);
  const sign =
    /\s*(?:\.{2,}\s*:?|:=|==|[:=]|->|(?<=[\w'")\]%\u0080-\uffff]\s)(?:is|are|was|were|equals))\s*$/
      .exec(
        text,
      )?.[0];
  if (sign !== undefined) text = text.slice(0, text.length - sign.length);
  text = text.trimEnd();
  // `'train loss': 0.5`
  const quoted = /(?:^|[\s,;|{([])(['"`])([^'"`]+)\1$/.exec(text)?.[2];
  if (quoted !== undefined) {
    const found = nameBefore(quoted + (sign === undefined ? " " : ": "), false);
    const rest = text.slice(0, text.length - quoted.length - 2) + found.rest;
    return { ...found, opener, rest };
  }
  // What the brackets say belongs to the name: `Average Precision  (AP) @[ IoU=0.50 | area=   all ]`.
  const measure = sign === undefined ? null : /(?:^|\t)\s*([^[\]\t]+@\[[^[\]]+\])$/.exec(text);
  if (measure !== null) {
    const name = measure[1]!.replace(/\s+/g, " ");
    return { name, unit: "", opener, rest: "", isSigned: true, isPart: false };
  }
  // `|proj g|=  1.4`
  const norm = sign === undefined ? undefined : /\|([^|\s][^|]*)\|$/.exec(text)?.[1];
  if (norm !== undefined) {
    const rest = text.slice(0, text.length - norm.length - 2);
    return { name: norm, unit: "", opener, rest, isSigned: true, isPart: false };
  }
  // A value of a function: `D(G(z)): 0.5`.
  const call = sign === undefined
    ? null
    : /(?:^|[\s,;|])([A-Za-z_]\w*\([\w(). ]{1,20}\))$/.exec(text);
  if (call !== null && unitIn(call[1]!) === "" && !/\((?:train|val|test)\)$/.test(text)) {
    const rest = text.slice(0, text.length - call[1]!.length);
    return { name: call[1]!, unit: "", opener, rest, isSigned: true, isPart: false };
  }
  // In a table the name stands in the cell before.
  if (mayBeInCell && sign === undefined && text.endsWith("|")) text = text.slice(0, -1).trimEnd();
  const isTabular = sign === undefined && TABULAR.test(before);
  const unit = sign === undefined && !isTabular ? "" : unitIn(text);
  if (unit !== "") text = text.replace(GROUP, "");
  // A counter may name its phase in brackets: `Epoch(train) [1]`.
  const counted = /(?<!\w)\w+\((?:train|val|test)\)$/.exec(text);
  const qualified = sign === undefined && !isTabular || unit !== "" ? null : QUALIFIED.exec(text);
  let from = counted?.index ??
    lastSeparatorEnd(qualified === null ? text : text.slice(0, qualified.index));
  from += LEVEL_BEFORE.exec(text.slice(from))?.[0].length ?? 0;
  from += FIELDS_BEFORE.exec(text.slice(from))?.[0].length ?? 0;
  const words = text.slice(from).replace(/\s+/g, " ").replace(/^[\s*>#:=/'"`-]+/, "")
    .replace(LOGGING_PREFIX, "")
    .replace(END_OF_QUOTE, "")
    .replace(/(?<=^\S*)['"`]$/, "");
  const rest = text.slice(0, from);
  const found = { unit, opener, isSigned: sign !== undefined, isPart: false };
  if (words === "") return { ...found, name: undefined, rest };
  const isExplicit = found.isSigned || qualified !== null;
  const name = isExplicit && isName(words) ? words : plainName(withoutVerb(words));
  const isPart = name !== words;
  return { ...found, name, isPart, rest: isPart ? text : rest };
}

/** What a name says of itself in brackets before the colon: `Accuracy (top-1): 0.5`, `loss train (curr): 1.6`. */
const QUALIFIED = /(?<=[\w'"`]) ?\((?=[^()]*[A-Za-z])[^()]{1,24}\)$/;

/** The level of a message before its first name, and where it comes from: `INFO step: 4`, `root INFO train.py step: 4`. */
const LEVEL_BEFORE =
  /^(?:[^=]*\s)?(?:DEBUG|INFO|SUCCESS|WARN|WARNING|ERROR|CRITICAL):?\s+(?:[\w./-]+\.py:?\s+)?(?=\S)/;

/** Texts in fields before the name: `collection=train accuracy=0.5`. */
const FIELDS_BEFORE =
  /^["']?\s*(?:[\w.-]+=(?:"[^"]*"|'[^']*'|[^\s="']+) )+(?:[\w.-]+="(?=[A-Za-z]))?(?=\S)/;

/** A name that ends with brackets and needs no sign: `CumTime (s)   412.2`, `| Time(s) 0.05 |`, `Loss (val) 0.5`. */
const TABULAR =
  /\)\s{2,}$|(?:^|[|\t]) ?[A-Za-z]\w*\(\w+\) $|[A-Za-z] \((?:train|training|val|valid|validation|eval|test|dev)\) $/;

const GROUP = /\s*\(([^()]{1,16})\)$/;

/** The unit in brackets with which a name ends, as in `iter time (s)`; empty for none. */
function unitIn(text: string): string {
  const group = GROUP.exec(text)?.[1] ?? "";
  return isUnit(group) ? group : "";
}

function lastSeparatorEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(SEPARATORS)) end = match.index + match[0].length;
  return end;
}

/** Longest words that are looked through for a verb. */
const VERB_LENGTH_MAX = 200;

function withoutVerb(words: string): string {
  return words.length > VERB_LENGTH_MAX ? words : words.replace(IMPROVED, "$1 best");
}

/** What callbacks say before the best value so far: `val_loss improved from`, `val_loss did not improve from`. */
const IMPROVED = /(\S+) (?:improved|did not improve|didn't improve|has not improved) from$/;

/** What a step is told of, in `Score at iteration 10 is 0.5`; undefined where it is none. */
export function nameOfSubject(before: string): string | undefined {
  const text = /^(.*\S)\s+(?:at|for|in|after|on)\s+(?:the\s+)?\w+\s*[#:=]?\s*$/s.exec(before)?.[1];
  return text === undefined ? undefined : nameBefore(`${text}: `, false).name;
}

/** A name after a number, as in `45.2% bf16 MFU |`; undefined for none. */
export function nameAfter(after: string): string | undefined {
  // What stands after a sign belongs to the next number: `20: loss 0.4`.
  if (/^\s*(?:[:=/]|- )/.test(after)) return undefined;
  const text = /^ {0,2}([^,;|\t()[\]{}]{1,40}?)\s*(?:$|[,;|\t()[\]{}]| {2}|\. |\.$)/.exec(
    after,
  )
    ?.[1];
  return text === undefined ? undefined : plainName(text.trim());
}
