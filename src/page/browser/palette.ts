/**
 * Colors of the plots, taken from the style sheet, so that light, dark and print have one source.
 *
 * @module
 */

/// <reference lib="dom" />

const known = new Map<string, string>();

/** The color in force of the custom property `--name`. */
export function color(name: string): string {
  let value = known.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    known.set(name, value);
  }
  return value;
}

/** Forgets the colors, after the scheme has changed. */
export function forgetColors(): void {
  known.clear();
}

/** A color written as #rrggbb, seen through. */
export function withAlpha(hex: string, alpha: number): string {
  return hex + Math.round(alpha * 255).toString(16).padStart(2, "0");
}
