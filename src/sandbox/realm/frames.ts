/**
 * Where in the module an error comes from: frames of its stack that only the realm itself sees. To a step
 * every stack is empty.
 * This module is browser compatible.
 *
 * @module
 */

import { FRAMES_MAX } from "../../limits.ts";
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

const { getOwnPropertyDescriptor } = Object;
const { apply } = Reflect;
const isError = (Error as unknown as { isError(value: unknown): boolean }).isError;

/** Frames by error. */
const frames = new WeakMap<object, readonly Frame[]>();

/** Reads the stack of an error, which makes V8 tell its frames. */
let stackOf: (() => unknown) | undefined;

/** More frames than are kept: those of the realm itself come first where a built-in throws. */
const FRAMES_SEEN_MAX = 2 * FRAMES_MAX;

/** Has V8 tell the frames of errors to the realm, and steps a stack without any. */
export function hideStacks(): void {
  // Not while this module is evaluated: V8 would parse all of it again to know the place of the error.
  stackOf = getOwnPropertyDescriptor(new Error(), "stack")?.get;
  replaceBuiltin(Error, "stackTraceLimit", FRAMES_SEEN_MAX);
  replaceBuiltin(Error, "prepareStackTrace", (error: unknown, sites: readonly CallSite[]) => {
    if (typeof error !== "object" || error === null) return "";
    if (!frames.has(error)) frames.set(error, framesIn(sites));
    return headOf(error);
  });
}

/** The frames of something that was thrown, innermost first. */
export function framesOf(thrown: unknown): readonly Frame[] {
  if (!isError(thrown)) return [];
  try {
    if (stackOf !== undefined) apply(stackOf, thrown, []);
    else void (thrown as Error).stack;
  } catch {
    return [];
  }
  return frames.get(thrown as object) ?? [];
}

function framesIn(sites: readonly CallSite[]): Frame[] {
  const found: Frame[] = [];
  if (typeof sites !== "object" || sites === null) return found;
  for (let i = 0; i < FRAMES_SEEN_MAX && found.length < FRAMES_MAX; i++) {
    const site = sites[i];
    if (site === undefined) break;
    if (site.getFileName() !== STEP_MODULE_ID) continue;
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
