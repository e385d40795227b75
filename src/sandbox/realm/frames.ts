/**
 * Where in the module an error comes from: frames of its stack that only the realm itself sees. To a step
 * every stack is empty.
 * This module is browser compatible.
 *
 * @module
 */

import { FRAMES_MAX } from "../wire/limits.ts";
import { STEP_MODULE_ID } from "../wire/answers.ts";
import type { Frame } from "../wire/answers.ts";
import { replaceBuiltin } from "./replace_builtin.ts";

/** As much of V8's `CallSite` as is asked. */
interface CallSite {
  getFileName(): unknown;
  getLineNumber(): unknown;
  getColumnNumber(): unknown;
  getFunctionName(): unknown;
}

const { defineProperty, getOwnPropertyDescriptor } = Object;
const { apply } = Reflect;
const isError = (Error as unknown as { isError(value: unknown): boolean }).isError;

/** Frames by error. */
const frames = new WeakMap<object, readonly Frame[]>();

/** Reads the stack of an error, which makes V8 tell its frames. */
let stackOf: (() => unknown) | undefined;

/** More frames than are kept: those of the realm itself come first where a built-in throws. */
const FRAMES_SEEN_MAX = 2 * FRAMES_MAX;

/** What the engine calls the step module. */
let stepFile: unknown = STEP_MODULE_ID;

/** Says what the engine calls the step module, where that is not its usual name. */
export function nameStepFile(name: string): void {
  stepFile = name;
}

/** Has V8 tell the frames of errors to the realm, and steps a stack without any; likewise SpiderMonkey. */
export function hideStacks(): void {
  // Not while this module is evaluated: V8 would parse all of it again to know the place of the error.
  const shared = getOwnPropertyDescriptor(Error.prototype, "stack");
  stackOf = (getOwnPropertyDescriptor(new Error(), "stack") ?? shared)?.get;
  if (shared !== undefined) shareHeads();
  replaceBuiltin(Error, "stackTraceLimit", FRAMES_SEEN_MAX);
  replaceBuiltin(Error, "prepareStackTrace", (error: unknown, sites: readonly CallSite[]) => {
    if (typeof error !== "object" || error === null) return "";
    if (!frames.has(error)) frames.set(error, framesIn(sites));
    return headOf(error);
  });
}

/** Where all errors share an accessor for their stacks, it gives steps what V8 gives them. */
function shareHeads(): void {
  const put = (target: object, stack: unknown): object =>
    defineProperty(target, "stack", { value: stack, writable: true, configurable: true });
  defineProperty(Error.prototype, "stack", {
    get(this: unknown) {
      return isError(this) ? headOf(this as object) : undefined;
    },
    set(this: object, stack: unknown) {
      put(this, stack);
    },
    configurable: true,
  });
  replaceBuiltin(Error, "captureStackTrace", function captureStackTrace(target: object): void {
    put(target, headOf(target));
  });
}

/** The frames of something that was thrown, innermost first. */
export function framesOf(thrown: unknown): readonly Frame[] {
  if (!isError(thrown)) return [];
  let stack: unknown;
  try {
    stack = stackOf === undefined ? (thrown as Error).stack : apply(stackOf, thrown, []);
  } catch {
    return [];
  }
  return frames.get(thrown as object) ?? framesInText(stack);
}

/** A line of a stack as SpiderMonkey writes it: `name@file:line:column`. */
const STACK_LINE = /^(.*)@(.*):(\d+):(\d+)$/;

function framesInText(stack: unknown): Frame[] {
  if (typeof stack !== "string") return [];
  return stack.split("\n", FRAMES_SEEN_MAX).flatMap((line): Frame[] => {
    const [, path, file, row, column] = STACK_LINE.exec(line) ?? [];
    if (file !== stepFile) return [];
    // `outer/inner` lies in another function, `<` is behind one without a name.
    const name = path!.replace(/^.*[/.*]/, "");
    return [{ line: Number(row), column: Number(column), name: name.endsWith("<") ? "" : name }];
  }).slice(0, FRAMES_MAX);
}

function framesIn(sites: readonly CallSite[]): Frame[] {
  const found: Frame[] = [];
  if (typeof sites !== "object" || sites === null) return found;
  for (let i = 0; i < FRAMES_SEEN_MAX && found.length < FRAMES_MAX; i++) {
    const site = sites[i];
    if (site === undefined) break;
    if (site.getFileName() !== stepFile) continue;
    const name = site.getFunctionName();
    found.push({
      line: Number(site.getLineNumber()),
      column: Number(site.getColumnNumber()),
      name: typeof name === "string" ? name : "",
    });
  }
  return found;
}

/** First line of a stack, from data only: a getter would be code of the step. */
function headOf(error: object): string {
  const text = (key: string): unknown => {
    for (
      let holder: object | null = error;
      holder !== null;
      holder = Object.getPrototypeOf(holder)
    ) {
      const descriptor = getOwnPropertyDescriptor(holder, key);
      if (descriptor !== undefined) return descriptor.value;
    }
    return undefined;
  };
  const own = text("name");
  const name = typeof own === "string" ? own : "Error";
  const message = getOwnPropertyDescriptor(error, "message")?.value as unknown;
  return typeof message === "string" && message !== "" ? `${name}: ${message}` : name;
}
