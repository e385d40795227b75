/**
 * Refuses a step whose fourth parameter has a default: written for a loop that calls it with three
 * arguments, it would silently get t in that parameter's place.
 * This module is browser compatible.
 *
 * @module
 */

/** Index of the parameter that receives t. */
const T_INDEX = 3;

const functionText = Function.prototype.toString;

/** Why a step must not be recorded, if its fourth parameter has a default; undefined if it has none. */
export function parameterProblem(step: (...args: never[]) => unknown): string | undefined {
  // `length` counts the parameters before the first that has a default.
  if (step.length > T_INDEX) return undefined;
  const parameter = parametersOf(functionText.call(step))[T_INDEX];
  const [name, value] = parameter === undefined ? [] : splitDefault(parameter);
  if (value === undefined) return undefined;
  return `the fourth parameter of step, '${name}', has the default ${value}: step is called as ` +
    `step(state, rng, params, t, input), and '${name}' would be the index of the state. ` +
    `Put '${name}' into params, or write it without a default if the index is meant`;
}

/** The texts of a function's parameters, comments dropped; empty where they cannot be told. */
function parametersOf(text: string): string[] {
  const scanner = new Scanner(text);
  // Of a method or function up to its bracket; an arrow without brackets has one parameter.
  while (!scanner.done && scanner.current !== "(") {
    if (scanner.current === "=") return [];
    scanner.skip();
  }
  scanner.skipOne();
  const parameters: string[] = [];
  let parameter = "";
  while (!scanner.done && scanner.current !== ")") {
    if (scanner.current === ",") {
      parameters.push(parameter);
      parameter = "";
      scanner.skipOne();
    } else {
      parameter += scanner.skip();
    }
  }
  return scanner.done ? [] : [...parameters, parameter];
}

/** Name, or pattern, and default of a parameter. */
function splitDefault(parameter: string): [name: string, value: string | undefined] {
  const scanner = new Scanner(parameter);
  let name = "";
  while (!scanner.done && scanner.current !== "=") name += scanner.skip();
  return [name.trim(), scanner.done ? undefined : parameter.slice(scanner.at + 1).trim()];
}

/** What closes each kind of bracket. */
const CLOSING: ReadonlyMap<string, string> = new Map([["(", ")"], ["[", "]"], ["{", "}"]]);

/** After these a slash divides; elsewhere it begins a regular expression. */
const ENDS_VALUE = /[\w$)\]}"'`]$/;

/** Walks over source text one character, text, comment or bracketed group at a time. */
class Scanner {
  at = 0;
  readonly #text: string;
  /** What was passed since the last comma or bracket, to tell division from regular expressions. */
  #before = "";

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.at >= this.#text.length;
  }

  get current(): string {
    return this.#text[this.at]!;
  }

  skipOne(): void {
    this.#before = this.current ?? "";
    this.at++;
  }

  /** Passes one piece and returns its text; nothing for a comment. */
  skip(): string {
    const start = this.at;
    const first = this.current;
    const two = this.#text.slice(start, start + 2);
    if (two === "//") return this.#skipTo("\n", start + 2, "");
    if (two === "/*") return this.#skipTo("*/", start + 2, "");
    if (first === '"' || first === "'") this.#skipQuoted(first);
    else if (first === "`") this.#skipTemplate();
    else if (first === "/" && !ENDS_VALUE.test(this.#before)) this.#skipRegExp();
    else if (CLOSING.has(first)) this.#skipGroup(CLOSING.get(first)!);
    else this.at++;
    const piece = this.#text.slice(start, this.at);
    if (piece.trim() !== "") this.#before = piece;
    return piece;
  }

  #skipTo(end: string, from: number, piece: string): string {
    const found = this.#text.indexOf(end, from);
    this.at = found < 0 ? this.#text.length : found + end.length;
    return piece;
  }

  #skipQuoted(quote: string): void {
    this.at++;
    while (!this.done && this.current !== quote) this.at += this.current === "\\" ? 2 : 1;
    this.at++;
  }

  #skipTemplate(): void {
    this.at++;
    while (!this.done && this.current !== "`") {
      if (this.#text.startsWith("${", this.at)) {
        this.at++;
        this.#skipGroup("}");
      } else {
        this.at += this.current === "\\" ? 2 : 1;
      }
    }
    this.at++;
  }

  #skipRegExp(): void {
    this.at++;
    let inClass = false;
    while (!this.done && (inClass || this.current !== "/")) {
      if (this.current === "[") inClass = true;
      else if (this.current === "]") inClass = false;
      this.at += this.current === "\\" ? 2 : 1;
    }
    this.at++;
  }

  #skipGroup(closing: string): void {
    this.skipOne();
    while (!this.done && this.current !== closing) this.skip();
    this.at++;
  }
}
