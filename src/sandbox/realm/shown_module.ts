/**
 * A module's text with one more export, which tells what the names of its variables stand for.
 * This module is browser compatible.
 *
 * @module
 */

import { LastingObjects, type Named } from "./lasting_objects.ts";
import { RESERVED_WORDS } from "./reserved_words.ts";

/** What classes and functions are called, and patterns that declare names. */
const DECLARED =
  /\b(?:class|function\s{0,9}\*?)\s{1,9}([^\s(){]{1,999})|\b(?:const|let|var)\s{0,9}[{[]([^=;]{0,4000})=/g;

/** Ends a name that is declared or assigned. */
const ASSIGNED = /=(?![=>])/g;

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/** A module's text with one more export, which tells what its names stand for. */
export class ShownModule {
  /** The text to evaluate. */
  readonly source: string;
  readonly #export: string;

  /** @param source The module's text. */
  constructor(source: string) {
    let own = "rewind";
    while (source.includes(own)) own += "$";
    const entries = [...namesIn(source)]
      .filter((name) => !RESERVED_WORDS.has(name) && !(name in globalThis))
      .map((name) => `["${name}",typeof ${name}==="undefined"?undefined:${name}]`);
    this.source = `${source}\nexport const ${own}=()=>[${entries}];`;
    this.#export = own;
  }

  /** What an instance that evaluated the text made, by what it exports. */
  objectsOf(exports: Readonly<Record<string, unknown>>): LastingObjects {
    const { init, params, [this.#export]: named } = exports;
    // A copy of these is what every run starts from.
    const isOwn = ([, value]: Named) => value !== init && value !== params;
    const all = typeof named === "function" ? named as () => Named[] : () => [];
    return new LastingObjects(() => all().filter(isOwn));
  }
}

/** Names that something is declared or assigned as; those within functions stand for nothing outside of them. */
function namesIn(source: string): Set<string> {
  const names = new Set<string>();
  const take = (text: string) => {
    for (const [name] of text.matchAll(NAME)) names.add(name);
  };
  for (const [, made, pattern] of source.matchAll(DECLARED)) take(made ?? pattern!);
  const assigned = new Set<string>();
  // A pattern that looks for a name first would look at each word of the text, letter by letter.
  for (const { index } of source.matchAll(ASSIGNED)) {
    let end = index;
    while (isBlank(source.charCodeAt(end - 1))) end--;
    let start = end;
    while (isOfName(source.charCodeAt(start - 1)) && end - start < NAME_UNITS_MAX) start--;
    if (start < end) assigned.add(source.slice(start, end));
  }
  take([...assigned].join(" "));
  return names;
}

/** No variable has a longer name. */
const NAME_UNITS_MAX = 1000;

function isBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}

/** Letters, digits, `$`, `_` and all beyond ASCII. */
function isOfName(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x24 ||
    unit === 0x5f || (unit >= 0x30 && unit <= 0x39) || unit >= 0x80;
}
