/**
 * What a step hands to `console`, as one line of text. It is read by data descriptors alone: no getter, no
 * method and no trap of a Proxy runs, so that a step cannot tell whether anybody reads what it writes.
 * This module is browser compatible.
 *
 * @module
 */

import { CONSOLE_LINE_UNITS_MAX } from "../wire/limits.ts";
import {
  dateGetTime,
  mapEntries,
  mapNext,
  mapSize,
  NativeDate,
  setNext,
  setSize,
  setValues,
  typedArrayLength,
  typedArrayName,
} from "../../codec/intrinsics.ts";
import { isProxy } from "./known_proxies.ts";
import { heldBy } from "./overridable.ts";

// Captured before the step loads.
const { getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;
const { isArray } = Array;
const { isError } = Error as unknown as { isError(value: unknown): boolean };

/** Deepest nesting that is written out. */
const DEPTH_MAX = 4;

/** The line for the arguments of a call; texts are written as they are, and `%s` and its kin are filled in. */
export function consoleText(values: readonly unknown[]): string {
  const line = new Line();
  let next = 0;
  const [format] = values;
  if (typeof format === "string") {
    next = 1;
    for (let at = 0; at < format.length && !line.isFull;) {
      const mark = format.indexOf("%", at);
      const kind = mark < 0 ? "" : format[mark + 1] ?? "";
      const isFilled = kind === "%" ||
        (next < values.length && "sdifjoOc".includes(kind) && kind !== "");
      if (!isFilled) {
        const end = mark < 0 ? format.length : mark + 1;
        line.add(format.slice(at, end));
        at = end;
        continue;
      }
      line.add(format.slice(at, mark));
      if (kind === "%") line.add("%");
      // Styles are for browsers.
      else if (kind === "c") next++;
      else addFilled(line, kind, values[next++]);
      at = mark + 2;
    }
  }
  for (; next < values.length && !line.isFull; next++) {
    if (next > 0) line.add(" ");
    addTop(line, values[next]);
  }
  return line.text;
}

/** Text that ends at the limit. */
class Line {
  text = "";
  /** Objects that the value being written lies in. */
  readonly inside: object[] = [];

  get isFull(): boolean {
    return this.text.length >= CONSOLE_LINE_UNITS_MAX;
  }

  add(part: string): void {
    const room = CONSOLE_LINE_UNITS_MAX - this.text.length;
    if (room > 0) this.text += part.length > room ? `${part.slice(0, room)}...` : part;
  }
}

function addFilled(line: Line, kind: string, value: unknown): void {
  const isNumeric = typeof value === "number" || typeof value === "bigint";
  if (kind === "d" || kind === "f") line.add(isNumeric ? `${value}` : "NaN");
  else if (kind === "i") line.add(typeof value === "number" ? `${Math.trunc(value)}` : "NaN");
  else addTop(line, value);
}

/** A value that is not inside of another one: a text is written without quotes. */
function addTop(line: Line, value: unknown): void {
  if (typeof value === "string") line.add(value);
  else addValue(line, value);
}

function addValue(line: Line, value: unknown): void {
  if (line.isFull) return;
  switch (typeof value) {
    case "string":
      return line.add(quoted(value));
    case "bigint":
      return line.add(`${value}n`);
    case "number":
      return line.add(Object.is(value, -0) ? "-0" : `${value}`);
    case "function":
      return line.add(isProxy(value) ? "[Proxy]" : `[Function ${dataText(value, "name") ?? ""}]`);
    case "object":
      return value === null ? line.add("null") : addObject(line, value);
    default:
      // A symbol, a boolean or undefined: none of them has a method of its own.
      return line.add(String(value));
  }
}

function addObject(line: Line, value: object): void {
  if (isProxy(value)) return line.add("[Proxy]");
  if (line.inside.includes(value)) return line.add("[circular]");
  if (line.inside.length === DEPTH_MAX) return line.add(isArray(value) ? "[...]" : "{...}");
  line.inside.push(value);
  addParts(line, value);
  line.inside.pop();
}

function addParts(line: Line, value: object): void {
  if (isError(value)) return addError(line, value);
  const time = attempt(() => dateGetTime(value as Date));
  if (time !== undefined) return line.add(Number.isNaN(time) ? "Invalid Date" : dateText(time));
  const typed = typedArrayName(value);
  if (typed !== undefined) {
    line.add(`${typed}(${typedArrayLength(value)}) `);
    return addList(line, value as ArrayLike<unknown>, typedArrayLength(value));
  }
  if (isArray(value)) return addList(line, value, value.length);
  if (attempt(() => mapSize(value)) !== undefined) {
    return addMap(line, value as Map<unknown, unknown>);
  }
  if (attempt(() => setSize(value)) !== undefined) return addSet(line, value as Set<unknown>);
  const name = className(value);
  if (name !== undefined) line.add(`${name} `);
  addProperties(line, value);
}

function addError(line: Line, value: object): void {
  line.add(dataText(value, "name") ?? className(value) ?? "Error");
  const message = dataText(value, "message");
  if (message !== undefined) line.add(`: ${message}`);
}

function addList(line: Line, list: ArrayLike<unknown>, length: number): void {
  line.add("[");
  for (let i = 0; i < length && !line.isFull; i++) {
    if (i > 0) line.add(", ");
    addDescribed(line, getOwnPropertyDescriptor(list, i));
  }
  line.add("]");
}

function addMap(line: Line, map: Map<unknown, unknown>): void {
  line.add(`${className(map) ?? "Map"}(${mapSize(map)}) {`);
  const iterator = mapEntries(map);
  let next = mapNext(iterator);
  for (let i = 0; next.done !== true && !line.isFull; next = mapNext(iterator), i++) {
    if (i > 0) line.add(", ");
    addValue(line, next.value[0]);
    line.add(" => ");
    addValue(line, next.value[1]);
  }
  line.add("}");
}

function addSet(line: Line, set: Set<unknown>): void {
  line.add(`${className(set) ?? "Set"}(${setSize(set)}) {`);
  const iterator = setValues(set);
  let next = setNext(iterator);
  for (let i = 0; next.done !== true && !line.isFull; next = setNext(iterator), i++) {
    if (i > 0) line.add(", ");
    addValue(line, next.value);
  }
  line.add("}");
}

function addProperties(line: Line, value: object): void {
  line.add("{");
  let isFirst = true;
  for (const name of getOwnPropertyNames(value)) {
    if (line.isFull) break;
    const descriptor = getOwnPropertyDescriptor(value, name);
    if (descriptor?.enumerable !== true) continue;
    line.add(`${isFirst ? "" : ", "}${/^[\w$]+$/.test(name) ? name : quoted(name)}: `);
    addDescribed(line, descriptor);
    isFirst = false;
  }
  line.add("}");
}

function addDescribed(line: Line, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor === undefined) line.add("<empty>");
  else if ("value" in descriptor) addValue(line, descriptor.value);
  else line.add("[getter]");
}

/** An own or inherited data property that is a text. */
function dataText(value: object, key: string): string | undefined {
  for (let at: object | null = value; at !== null && !isProxy(at);) {
    const descriptor = getOwnPropertyDescriptor(at, key);
    if (descriptor !== undefined) {
      const held = heldBy(descriptor);
      return typeof held === "string" ? held : undefined;
    }
    at = getPrototypeOf(at) as object | null;
  }
  return undefined;
}

/** Name of the class of an instance; undefined for plain objects. */
function className(value: object): string | undefined {
  const prototype = getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype || isProxy(prototype)) return undefined;
  const descriptor = getOwnPropertyDescriptor(prototype, "constructor");
  const constructor = descriptor === undefined ? undefined : heldBy(descriptor);
  return typeof constructor === "function" && !isProxy(constructor)
    ? dataText(constructor, "name")
    : undefined;
}

function dateText(time: number): string {
  return new NativeDate(time).toISOString();
}

function quoted(text: string): string {
  return `"${text.slice(0, CONSOLE_LINE_UNITS_MAX)}"`;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
