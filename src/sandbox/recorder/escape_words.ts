/**
 * Writes the words that the sandbox refuses in any source so that ordinary code passes: `import` and
 * `from` in strings, templates, regular expressions and property names with an escape, which changes no
 * value. Where the program could see the spelling, and where the word really is an import, it stays, and
 * the sandbox's rule over the raw text refuses it.
 *
 * @module
 */

import { forbiddenWords } from "../host/static_rules.ts";
import type { Edits } from "./edits.ts";
import { functionsAround, TextReaders } from "./readable_text.ts";
import { around, type Syntax, type Visit, visitAt } from "./syntax.ts";

/** Something that the sandbox refuses and that cannot be written otherwise. */
export interface Refusal {
  /** Its offset in the text. */
  readonly offset: number;
  /** What it does, as what follows its place: `imports "node:fs"`. */
  readonly what: string;
  /** What to do about it. */
  readonly hint: string;
  /** Whether it imports a module of the runtime, such as `node:fs`. */
  readonly isOfRuntime?: boolean;
}

const REWORD = "write the word in two parts there, such as 'im' + 'port', or use another one";

/** What to do about code that needs other modules when it runs. */
export const NO_MODULES: string =
  "a step does no I/O and loads nothing while it runs: pass what it needs in params or in the " +
  "initial state";

/**
 * Collects the changes that let a module pass the static rules, as far as there are any: comments that
 * contain a word are dropped, others stay.
 *
 * @returns What stays and will be refused, in order.
 */
export function escapeWords(syntax: Syntax, edits: Edits): Refusal[] {
  const { text, program, comments } = syntax;
  const readers = new TextReaders(syntax);
  const refusals: Refusal[] = [];
  const dropped = new Set<number>();
  for (const { index, end, word } of forbiddenWords(text)) {
    if (edits.covers(index)) continue;
    // A rule may also match up to where a comment starts.
    const comment = comments.find(({ start, end: after }) =>
      (start <= index && index < after) || (start >= index && start < end)
    );
    if (comment !== undefined) {
      if (!dropped.has(comment.start)) dropComment(comment, text, edits);
      dropped.add(comment.start);
      continue;
    }
    const visit = visitAt(program, index);
    if (replaceMeta(visit, edits)) continue;
    const refusal = moduleRefusal(visit) ?? textRefusal(visit, { index, word }, readers);
    if (refusal === undefined) escapeWord(text, index, edits);
    // A statement is told once, not for each of its words.
    else if (refusals.at(-1)?.offset !== refusal.offset) refusals.push(refusal);
  }
  return refusals;
}

/** In a step module, which is never the program's entry, `import.meta.main` is false. */
function replaceMeta({ node, parent }: Visit, edits: Edits): boolean {
  const meta = node.type === "MetaProperty"
    ? parent
    : parent?.node.type === "MetaProperty"
    ? parent.parent
    : undefined;
  const member = meta?.node;
  if (member?.type !== "MemberExpression" || member.property.type !== "Identifier") return false;
  if (member.property.name !== "main" || member.computed) return false;
  edits.replace(member.start, member.end, "false");
  return true;
}

/** Why a word is refused that really loads a module or asks where it lies. */
function moduleRefusal(visit: Visit): Refusal | undefined {
  for (const { node } of [visit, ...around(visit)]) {
    const { start: offset } = node;
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "ExportNamedDeclaration": {
        if (!node.source) return undefined;
        const verb = node.type === "ImportDeclaration" ? "imports" : "exports from";
        const what = `${verb} ${JSON.stringify(node.source.value)}`;
        const isOfRuntime = `${node.source.value}`.startsWith("node:");
        return { offset, what, hint: NO_MODULES, isOfRuntime };
      }
      case "ImportExpression":
        return { offset, what: "loads a module with import()", hint: NO_MODULES };
      case "MetaProperty":
        return { offset, what: "asks with import.meta where it lies", hint: NO_MODULES };
      case "TemplateElement":
      case "Literal":
      case "Identifier":
      case "PrivateIdentifier":
      case "ImportSpecifier":
      case "ExportSpecifier":
        continue;
      default:
        return undefined;
    }
  }
  return undefined;
}

/** Why a word is refused whose spelling the program could see; undefined where an escape changes nothing. */
function textRefusal(
  visit: Visit,
  { index: offset, word }: { index: number; word: string },
  readers: TextReaders,
): Refusal | undefined {
  const { node, parent } = visit;
  const refuse = (where: string): Refusal => ({
    offset,
    what: `has the word \`${word}\` in ${where}`,
    hint: REWORD,
  });
  if (
    node.type === "TemplateElement" && parent?.parent?.node.type === "TaggedTemplateExpression"
  ) {
    return refuse("a tagged template, whose tag reads how it is spelled");
  }
  if (node.type === "Literal" && "regex" in node && readers.readsPattern(visit)) {
    return refuse("a regular expression whose pattern the program reads");
  }
  for (const outer of functionsAround(visit)) {
    if (readers.readsFunction(outer)) return refuse("a function whose text the program reads");
  }
  return undefined;
}

/** Writes one letter of a word as an escape, which all that has words in it knows. */
function escapeWord(text: string, index: number, edits: Edits): void {
  let slashes = 0;
  while (text[index - 1 - slashes] === "\\") slashes++;
  // After an odd number of backslashes the first letter belongs to an escape itself.
  const at = index + slashes % 2;
  edits.replace(at, at + 1, `\\u00${text.charCodeAt(at).toString(16)}`);
}

/** Takes a comment out, with its line if nothing else is on it. */
function dropComment(
  { type, start, end }: { type: string; start: number; end: number },
  text: string,
  edits: Edits,
): void {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const isAlone = text.slice(lineStart, start).trim() === "" &&
    /^[ \t\r]*(?:\n|$)/.test(text.slice(end));
  if (isAlone) {
    const lineEnd = text.indexOf("\n", end);
    edits.replace(lineStart, lineEnd < 0 ? text.length : lineEnd + 1, "");
  } else if (type === "Line") {
    edits.replace(start, end, "");
  } else {
    // A line break in a comment ends a statement as any other does.
    edits.replace(start, end, text.slice(start, end).includes("\n") ? "\n" : " ");
  }
}
