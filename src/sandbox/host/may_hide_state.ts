/**
 * Whether a module may change what outlives a call, by its words alone: the parser that knows takes longer to load than
 * most modules take to record. Says no only of the plainest modules: functions, classes without static parts, and
 * constants that no function writes to.
 *
 * @module
 */

import { CHANGING_FUNCTIONS, CHANGING_METHODS } from "./changing_calls.ts";

/** Comments, white space, strings, numbers, words, operators that write, and any other character. */
const WORDS =
  /\/\*[^]*?\*\/|\/\/.*|\s+|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`(?:[^`\\$]|\$(?!\{)|\$\{[\w$.]*\})*`|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d+)(?:e[-+]?\d+)?n?|[\w$#]+|\.\.\.|=>|[=!]==?|[<>]=|\?\.(?!\d)|\+\+|--|(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=|[^]/gy;

/** What only a parser understands: templates with more than names in them, escapes in names, decorators. */
const UNCLEAR = /^(?:[^\x20-\x7e]|["'`\\@])$/;

/** Words that a plain module can do without. What is caught may be the sandbox's answer to a change of a built-in object. */
const UNUSUAL: ReadonlySet<string> = new Set(
  ["static", "import", "arguments", "eval", "with", "catch"],
);

/** Words after which a slash begins a regular expression. */
const BEFORE_EXPRESSION: ReadonlySet<string> = new Set(
  "return typeof case in of do else void delete throw new instanceof yield await".split(" "),
);

/** Words whose brackets a regular expression may follow. */
const CONDITIONS: ReadonlySet<string> = new Set(["if", "while", "for"]);

/** Statements of a module, in which each bracket is emptied. */
const FUNCTION = /(?:export )?(?:default )?(?:async )?function ?\*? ?([\w$]+) \( \) \{ \} ?;? ?/y;
const CLASS = /(?:export )?class ([\w$]+) (?:extends [\w$]+ )?\{ \} ?;? ?/y;
const BLOCK_ARROW = /(?:export )?const ([\w$]+) = (?:async )?(?:\( \)|[\w$]+) => \{ \} (?:; |$)/y;
const ARROW = /(?:export )?const ([\w$]+) = (?:async )?(?:\( \)|[\w$]+) => [^;,{]*(?:; |$)/y;
const CONSTANT =
  /(?:export )?const ([\w$]+) = (?:- )?(?:Math \. \w+(?: \( \))?|[\w$.-]+|"")(?: [-+*/] (?:Math \. \w+(?: \( \))?|[\w$.-]+|""))* (?:; |$)/y;
const LITERAL = /(?:export )?const ([\w$]+) = (?:\{ \}|\[ \]|Object \. freeze \( \)) ?(?:; |$)/y;
const NAMES = /export \{ \} ?;? ?/y;
const KINDS = [FUNCTION, CLASS, BLOCK_ARROW, ARROW, CONSTANT, LITERAL, NAMES];

/** Words that would begin another statement where a semicolon was left out. */
const KEYWORDS = /\b(?:const|let|var|function|class|export)\b/;

const OPENING = "([{";
const CLOSING = ")]}";

/**
 * Whether functions of a module may change variables of it, or objects that it made when it loaded.
 *
 * @param text Text of the module, without imports.
 */
export function mayHideState(text: string): boolean {
  const words = wordsOf(text);
  const pairs = words && pairsOf(words);
  if (words === undefined || pairs === undefined) return true;
  const names = declaredNames(words, pairs);
  return names === undefined || writesTo(words, pairs, names);
}

/** The words of a text, each string as `""`; undefined where only a parser can tell what they are. */
function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  /** What stands before each bracket that is open, and before that which was closed last. */
  const open: string[] = [];
  let closed: string | undefined;
  for (const [word] of text.matchAll(WORDS)) {
    if (/^(?:\s|\/[/*])/.test(word)) continue;
    if (UNCLEAR.test(word) || UNUSUAL.has(word)) return undefined;
    const before = words.at(-1) ?? "";
    if (word === "/" || word === "/=") {
      const isValue = /[\w$)\]]$/.test(before) && !BEFORE_EXPRESSION.has(before);
      // `if (x) /a/.test(x)`
      if (!isValue || (before === ")" && CONDITIONS.has(closed!))) return undefined;
    }
    // A function that is called with a template.
    if (word.startsWith("`") && /[\w$)\]]$/.test(before) && !BEFORE_EXPRESSION.has(before)) {
      return undefined;
    }
    if (OPENING.includes(word)) open.push(before);
    if (CLOSING.includes(word)) closed = open.pop();
    words.push(/^["'`]/.test(word) ? '""' : word);
  }
  return words;
}

/** For each bracket where the other of its pair is; undefined if one has none. */
function pairsOf(words: readonly string[]): ReadonlyMap<number, number> | undefined {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (const [i, word] of words.entries()) {
    if (OPENING.includes(word)) open.push(i);
    if (!CLOSING.includes(word)) continue;
    const from = open.pop();
    if (from === undefined || OPENING.indexOf(words[from]!) !== CLOSING.indexOf(word)) {
      return undefined;
    }
    pairs.set(from, i).set(i, from);
  }
  return open.length === 0 ? pairs : undefined;
}

/** Names of the module's variables; undefined where it is made of more than plain declarations. */
function declaredNames(
  words: readonly string[],
  pairs: ReadonlyMap<number, number>,
): ReadonlySet<string> | undefined {
  let outer = "";
  const brackets: number[] = [];
  for (let i = 0; i < words.length; i++) {
    outer += `${words[i]} `;
    const end = pairs.get(i);
    if (end === undefined) continue;
    brackets.push(i);
    outer += `${words[end]} `;
    i = end;
  }
  const names = new Set<string>();
  let done = 0;
  for (let at = 0; at < outer.length;) {
    const kind = KINDS.find((kind) => {
      kind.lastIndex = at;
      return kind.test(outer);
    });
    if (kind === undefined) return undefined;
    const statement = outer.slice(at, kind.lastIndex);
    if (kind === ARROW && KEYWORDS.test(statement.slice(statement.indexOf("=>")))) return undefined;
    const first = done;
    done += statement.split(/[([{] /).length - 1;
    for (const from of brackets.slice(first, done)) {
      const to = pairs.get(from)!;
      // An object that lasts may be what `this` is.
      if (kind !== CLASS && words.slice(from, to).includes("this")) return undefined;
      if (kind === LITERAL && callsNow(words, pairs, { from: from + 1, to })) return undefined;
    }
    kind.lastIndex = at;
    names.add(kind.exec(outer)![1] ?? "");
    at += statement.length;
  }
  return names;
}

/** Whether something is called where a literal is made: what a function makes may keep what that function declares. */
function callsNow(
  words: readonly string[],
  pairs: ReadonlyMap<number, number>,
  { from, to }: { from: number; to: number },
): boolean {
  for (let i = from; i < to; i++) {
    const word = words[i]!;
    if (word === "new") return true;
    if (word === "=>") {
      while (i < to && words[i] !== ",") i = (pairs.get(i) ?? i) + 1;
    } else if (OPENING.includes(word)) {
      const end = pairs.get(i)!;
      const next = words[end + 1];
      if (word !== "(") {
        if (callsNow(words, pairs, { from: i + 1, to: end })) return true;
        i = end;
      } else if (next === "{") i = pairs.get(end + 1)!;
      else if (next === "=>") i = end;
      else return true;
    }
  }
  return false;
}

/** Whether one of the names, or of those of the language, may be written to. */
function writesTo(
  words: readonly string[],
  pairs: ReadonlyMap<number, number>,
  names: ReadonlySet<string>,
): boolean {
  return words.some((word, i) => {
    const before = words[i - 1] ?? "";
    // A pattern that is no declaration: what it assigns to is in it.
    if (word === "=" && /[\]}]/.test(before)) {
      const opener = words[pairs.get(i - 1)! - 1] ?? "";
      const isElement = before === "]" && /[\w$)\]]$/.test(opener) && !KEYWORDS.test(opener) &&
        !BEFORE_EXPRESSION.has(opener);
      return !isElement && !/^(?:const|let|var)$/.test(opener);
    }
    if (before === "." || before === "?.") return false;
    // A global name itself is nobody's to assign; functions have variables of such names.
    const isPart = /^(?:\[|\??\.)$/.test(words[behindBrackets(words, i + 1)] ?? "");
    if (!names.has(word) && !(isPart && Object.hasOwn(globalThis, word))) return false;
    const changing = before === "(" && CHANGING_FUNCTIONS.has(words.slice(i - 4, i - 1).join(""));
    return changing || isWritten(words, pairs, i);
  });
}

/** Whether what a name stands for, or a part of it, is assigned to, or changed by a method. */
function isWritten(
  words: readonly string[],
  pairs: ReadonlyMap<number, number>,
  from: number,
): boolean {
  let before = from - 1;
  while (words[before] === "(") before--;
  if (/^(?:\+\+|--|delete)$/.test(words[before] ?? "")) return true;
  const isDeclared = words[from - 1] === "const";
  const { next, method } = behindParts(words, pairs, from);
  if (next === "(") return CHANGING_METHODS.has(method) || method === "exec" || method === "test";
  if (next === "of" || next === "in" || next === "++" || next === "--") return true;
  return !isDeclared && /^(?:\*\*|<<|>>>?|&&|\|\||\?\?|[-+*/%&|^])?=$/.test(next);
}

/** Where round brackets that close there are over: a name may stand in some, as in `(cache as Cache).n = 1`. */
function behindBrackets(words: readonly string[], from: number): number {
  let at = from;
  while (words[at] === ")") at++;
  return at;
}

/** The word behind a name and the parts of it that follow, and the last of these that is called by a name. */
function behindParts(
  words: readonly string[],
  pairs: ReadonlyMap<number, number>,
  from: number,
): { readonly next: string; readonly method: string } {
  let method = "";
  for (let at = from + 1;; at++) {
    at = behindBrackets(words, at);
    if (words[at] === "." || words[at] === "?.") method = words[++at] ?? "";
    else if (words[at] === "[") at = pairs.get(at)!;
    else return { next: words[at] ?? "", method };
  }
}
