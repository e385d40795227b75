/**
 * `console` for steps: the same functions whether anybody listens or not. Nobody does while a run is
 * recorded or replayed, but the calls are counted; a job that shows what steps write listens.
 * This module is browser compatible.
 *
 * @module
 */

import type { LogLine } from "../wire/answers.ts";

/** Receives what a step writes; must read it by `consoleText` only. */
export type ConsoleListener = (level: ConsoleLevel, values: readonly unknown[]) => void;

type ConsoleLevel = LogLine["level"];

let listener: ConsoleListener | undefined;
let count = 0;

/** From now on what steps write is given to a listener; undefined for nobody. */
export function listenToConsole(next: ConsoleListener | undefined): void {
  listener = next;
}

/** How often steps have written something. */
export function consoleCount(): number {
  return count;
}

function write(level: ConsoleLevel, values: readonly unknown[]): void {
  count++;
  listener?.(level, values);
}

/** Methods that write their arguments, by level. */
const WRITERS: Readonly<Record<string, ConsoleLevel>> = {
  log: "log",
  info: "info",
  debug: "debug",
  warn: "warn",
  error: "error",
  trace: "debug",
  dir: "log",
  dirxml: "log",
  table: "log",
  group: "log",
  groupCollapsed: "log",
};

/** Methods that only arrange what is written, or measure time, which a step has none of. */
const SILENT = "clear count countReset groupEnd profile profileEnd time timeEnd timeLog timeStamp";

/** A console; part of the lock-down, which freezes it. */
export function makeConsole(): object {
  const methods: Record<string, unknown> = {};
  for (const [name, level] of Object.entries(WRITERS)) {
    methods[name] = { [name]: (...values: unknown[]): void => write(level, values) }[name];
  }
  for (const name of SILENT.split(" ")) methods[name] = { [name]: (): void => {} }[name];
  methods.assert = (isTrue: unknown, ...values: unknown[]): void => {
    if (isTrue) return;
    const [first, ...rest] = values;
    // So that a format string is one here as well.
    const isText = typeof first === "string";
    write(
      "error",
      isText ? [`Assertion failed: ${first}`, ...rest] : ["Assertion failed", ...values],
    );
  };
  return methods;
}

/** Keys of {@linkcode makeConsole}. */
export const CONSOLE_KEYS: string = [...Object.keys(WRITERS), SILENT, "assert"].join(" ");
