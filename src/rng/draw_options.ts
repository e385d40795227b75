/**
 * Checks of what draws are given besides their own arguments, for all backends: what a method does not read would be
 * dropped without a word, and the draw be another one than its author meant. This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../errors.ts";
import { suggestion } from "../text/suggestion.ts";
import type { Count, Draw } from "./types.ts";

/**
 * Refuses options that are no object, or have a name that the method does not read: `rng.random(5)` in Python is
 * `rng.random({ size: 5 })` here, and `cum_weights` is `cumWeights`.
 *
 * @param options What was given; undefined is fine.
 * @param names All names that are read.
 * @throws {TypeError} If they are something else than an object or undefined, or have another name.
 */
export function requireOptions(options: object | undefined, names: readonly string[]): void {
  if (options === undefined) return;
  const isObject = typeof options === "object" && options !== null;
  if (!isObject || Array.isArray(options) || ArrayBuffer.isView(options)) {
    const shown = Array.isArray(options) || ArrayBuffer.isView(options)
      ? "a list"
      : String(options);
    throw new ArgumentTypeError(
      `Cannot draw with the options ${shown}: they must be an object, with ${
        names.map((name) => `'${name}'`).join(", ")
      } as names`,
    );
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw unknownOption(name, names);
  }
}

function unknownOption(name: string, names: readonly string[]): ArgumentTypeError {
  const plain = (text: string): string => text.replaceAll("_", "").toLowerCase();
  const other = names.find((known) => plain(known) === plain(name));
  const hint = other === undefined ? suggestion(name, names) : `did you mean '${other}'?`;
  return new ArgumentTypeError(
    `Cannot draw with the option '${name}': there is none of that name`,
    {
      hint: hint ?? `the options are ${names.join(", ")}`,
    },
  );
}

/**
 * Makes the methods of a class refuse more arguments than they read. Once per class, where it is defined.
 *
 * @param prototype Prototype of the class.
 * @param methods Names of the methods with blanks between, by how many arguments they read.
 */
export function refuseSurplus(
  prototype: object,
  methods: Readonly<Partial<Record<Count, string>>>,
): void {
  for (const [count, names] of Object.entries(methods)) {
    for (const name of names.split(" ")) {
      const { value, ...rest } = Object.getOwnPropertyDescriptor(prototype, name)!;
      const counted = counting(name, Number(count) as Count, value);
      Object.defineProperty(prototype, name, { ...rest, value: counted });
    }
  }
}

/** With a parameter for each argument: a list of the rest would cost every draw. */
function counting(name: string, count: Count, draw: Draw): Draw {
  const methods: Readonly<Record<Count, Draw>> = {
    0(surplus?: unknown): unknown {
      if (surplus !== undefined) refuseArguments(name, count);
      return draw.call(this);
    },
    1(a?: unknown, surplus?: unknown): unknown {
      if (surplus !== undefined) refuseArguments(name, count);
      return draw.call(this, a);
    },
    2(a?: unknown, b?: unknown, surplus?: unknown): unknown {
      if (surplus !== undefined) refuseArguments(name, count);
      return draw.call(this, a, b);
    },
    3(a?: unknown, b?: unknown, c?: unknown, surplus?: unknown): unknown {
      if (surplus !== undefined) refuseArguments(name, count);
      return draw.call(this, a, b, c);
    },
    4(a?: unknown, b?: unknown, c?: unknown, d?: unknown, surplus?: unknown): unknown {
      if (surplus !== undefined) refuseArguments(name, count);
      return draw.call(this, a, b, c, d);
    },
  };
  return Object.defineProperty(methods[count], "name", { value: name });
}

function refuseArguments(name: string, count: number): never {
  const most = count === 0 ? "none" : count === 1 ? "one" : `${count}`;
  throw new ArgumentTypeError(
    `Cannot draw by ${name}: there are more arguments than it takes, which is ${most}`,
  );
}
