/**
 * The border between the harness and user code inside the child: what user code throws becomes a
 * plain error of ours before anything reads it, and denials are recognized.
 * This module is browser compatible.
 *
 * @module
 */

import { DENIALS_TOLD_MAX } from "../wire/limits.ts";
import { FOREIGN_TEXT_UNITS_MAX } from "../../limits.ts";
import type { Frame } from "../wire/answers.ts";
import { type Denial, denialOfMessage } from "./denials.ts";
import { framesOf } from "./frames.ts";

// Captured before the step loads; the step cannot replace what these do.
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const isError = (Error as unknown as { isError(value: unknown): boolean }).isError;

/** Names of the built-in kinds of errors by their prototypes, which a step cannot fake. */
const NATIVE_NAMES = new Map<unknown, string>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map(
    (constructor) => [constructor.prototype, constructor.name],
  ),
);

const ERROR_NAME = /^[A-Za-z_$][\w$]{0,63}$/;

/** Denials behind the errors that the guards threw. */
const denials = new WeakMap<object, Denial>();

/** Stands for what was thrown where nothing was: user code was denied something and went on. */
const NOTHING_THROWN = Object.freeze({});

/** What user code was denied since it was last given control; it may have gone on nevertheless. */
let noted: Denial[] = [];

/** Keeps a denial, whatever user code makes of it: told once the code gives control back. */
export function noteDenial(denial: Denial): void {
  if (noted.length < DENIALS_TOLD_MAX) noted.push(denial);
}

/** What user code was denied since this was last asked. */
export function takeDenials(): Denial[] {
  const taken = noted;
  if (taken.length > 0) noted = [];
  return taken;
}

/** What user code threw, read without running any code of it. */
export class UserCodeError extends Error {
  /** Whose code threw, such as `step` or `observe.mean`. */
  readonly who: string;
  /** What the code asked for that the sandbox denies, if that is why. */
  readonly denial: Denial | undefined;
  /** Whether the code went on after the denial and threw nothing. */
  readonly isSwallowed: boolean;
  /** Where in the module it was thrown. */
  readonly frames: readonly Frame[];

  /** Reads an own `message` that is plain text, and nothing else, of what was thrown. */
  constructor(who: string, thrown: unknown) {
    const text = ownText(thrown, "message");
    super(text ?? describeThrown(thrown));
    this.who = who;
    this.name = nameOf(thrown);
    const own = denialOf(thrown, text);
    const [first] = takeDenials();
    // What a module looked around for before it failed for a reason of its own is no reason.
    const isOther = who === "step module" && first?.isToldWhileLoading === true &&
      thrown !== NOTHING_THROWN;
    this.denial = own ?? (isOther ? undefined : first);
    this.isSwallowed = thrown === NOTHING_THROWN;
    this.frames = framesOf(thrown);
  }
}

/**
 * The error for code that was denied something and went on: outside of the sandbox it would not have been
 * denied, and would have given something else. Undefined for code that was denied nothing.
 */
export function swallowedDenial(who: string): UserCodeError | undefined {
  return noted.length === 0 ? undefined : new UserCodeError(who, NOTHING_THROWN);
}

/**
 * As {@linkcode swallowedDenial}, for a module that has loaded: what it may have looked around for is only
 * told.
 *
 * @param told Receives that, by what the module did.
 */
export function swallowedWhileLoading(
  who: string,
  told: Map<string, Denial>,
): UserCodeError | undefined {
  for (const denial of takeDenials()) {
    if (denial.isToldWhileLoading !== true) noteDenial(denial);
    else if (told.size < DENIALS_TOLD_MAX) told.set(denial.act, denial);
  }
  return swallowedDenial(who);
}

/** The error that a denied method throws. */
export function deny(denial: Denial, constructor: ErrorConstructor = Error): never {
  const error = new constructor(`${denial.act}: ${denial.advice}`);
  denials.set(error, denial);
  noteDenial(denial);
  throw error;
}

/**
 * Calls `code`; what it throws, and what it was denied and went on after, comes out as a
 * {@linkcode UserCodeError}.
 */
export function callUser<T>(who: string, code: () => T): T {
  let result: T;
  try {
    result = code();
  } catch (thrown) {
    throw new UserCodeError(who, thrown);
  }
  const swallowed = swallowedDenial(who);
  if (swallowed !== undefined) throw swallowed;
  return result;
}

function denialOf(thrown: unknown, text: string | undefined): Denial | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  return denials.get(thrown) ?? (text === undefined ? undefined : denialOfMessage(text));
}

/** An own data property that is a string: no getter, no proxy's trap, no inherited lie. */
function ownText(thrown: unknown, key: string): string | undefined {
  if (!isError(thrown)) return undefined;
  const value: unknown = getOwnPropertyDescriptor(thrown, key)?.value;
  return typeof value === "string" ? value.slice(0, FOREIGN_TEXT_UNITS_MAX + 1) : undefined;
}

function nameOf(thrown: unknown): string {
  if (!isError(thrown)) return "Error";
  const own = ownText(thrown, "name");
  if (own !== undefined && ERROR_NAME.test(own)) return own;
  return NATIVE_NAMES.get(getPrototypeOf(thrown)) ?? "Error";
}

function describeThrown(thrown: unknown): string {
  if (typeof thrown === "string") return thrown.slice(0, FOREIGN_TEXT_UNITS_MAX + 1);
  if (isError(thrown)) return "an error without a message";
  return thrown === null ? "null" : `a value of type ${typeof thrown}`;
}
