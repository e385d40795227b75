/**
 * Colours of the plots, taken from the style sheet, so that light, dark and print have one source.
 *
 * @module
 */

/// <reference lib="dom" />

/** Names of the colours; each is a custom property of the style sheet. */
export type ColorName =
  | "ink"
  | "paper"
  | "muted"
  | "grid"
  | "original"
  | "replay"
  | "replicas"
  | "allowed"
  | "violation"
  | "focus";

const known = new Map<ColorName, string>();

/** The colour in force. */
export function color(name: ColorName): string {
  let value = known.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    known.set(name, value);
  }
  return value;
}

/** Forgets the colours, after the scheme has changed. */
export function forgetColors(): void {
  known.clear();
}
