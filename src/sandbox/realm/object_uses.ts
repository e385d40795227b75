/**
 * What a module's text may do with an object that it did not make in a call: tell it from its copies, or change it. By
 * words alone, as loading a parser takes longer than most recordings; where they do not tell, it may.
 * This module is browser compatible.
 *
 * @module
 */

import { hasOnlyProperties } from "./lasting_objects.ts";

/** Of two things of which neither is known to be a number, a text or the like; and what looks something up. */
const COMPARES =
  /(?:[=!]==?(?!=)|\bcase\b)(?!\s*(?:["'`\d]|-\s*[\d.]|(?:true|false|null|undefined|NaN|Infinity)\b|typeof\b))|\.\s*(?:includes|indexOf|lastIndexOf|has|get|delete|is|groupBy)\s*\(|\bnew\s+(?:Weak)?(?:Map|Set|Ref)\b/;

/** Behind what is assigned to. */
const WRITE = String.raw`\s*(?:(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=(?![=>])|\+\+|--)`;

/** A property that is assigned to by its name. */
const WRITTEN = new RegExp(
  String
    .raw`\.\s*([\p{ID_Continue}$]+)${WRITE}|(?:\+\+|--|\bdelete\s)[\s\p{ID_Continue}$.?[\]]{0,200}?\.\s*([\p{ID_Continue}$]+)(?![\p{ID_Continue}$.?[])`,
  "gu",
);

/** A declaration that only looks like a write: `const [a, b] = pair`. */
const PATTERN = /\b(?:const|let|var)\s*\[[^\]]*\]\s*=/g;

/** Writes to properties whose names the text does not tell. */
const UNNAMED = new RegExp(
  String.raw`[\]}]${WRITE}|\b(?:assign|definePropert(?:y|ies)|setPrototypeOf|Reflect)\b`,
);

/** What one module's text may do. */
export class ObjectUses {
  /** Whether it may ask whether two objects are one. */
  readonly compares: boolean;
  readonly #isUnnamed: boolean;
  readonly #written: ReadonlySet<string>;

  /** @param source The module's text. */
  constructor(source: string) {
    this.compares = COMPARES.test(source);
    this.#isUnnamed = UNNAMED.test(source.replace(PATTERN, ""));
    this.#written = new Set(
      [...source.matchAll(WRITTEN)].map(([, behind, before]) => behind ?? before!),
    );
  }

  /** Whether it is another thing for the module to have an object than to have a copy of it. */
  matter(object: object): boolean {
    if (this.compares || this.#isUnnamed || !hasOnlyProperties(object)) return true;
    return Object.keys(object).some((key) => this.#written.has(key));
  }
}
