/**
 * Colors that follow the scheme, and paper: a page is drawn light and as wide as a sheet while it is printed.
 *
 * @module
 */

/// <reference lib="dom" />

import { forgetColors } from "./palette.ts";

/** Width of plots on paper, in CSS pixels: A4 without its margins. */
export const PRINT_WIDTH = 680;

/** Whether the page is drawn for paper now: nothing may be drawn for the screen then. */
export function isPrinting(): boolean {
  return marks()["print"] !== undefined;
}

/** Whether what is drawn is to be dark. */
export function isDark(): boolean {
  return !isPrinting() && darkScheme().matches;
}

/** Calls `print` before the page goes to paper, and `recolor` after that and when the scheme changes. */
export function followScheme(
  { print, recolor, signal }: { print: () => void; recolor: () => void; signal?: AbortSignal },
): void {
  const options = signal === undefined ? {} : { signal };
  const recolorScreen = (): void => {
    // To print in a dark scheme changes it for as long, when everything is drawn for paper already.
    if (isPrinting()) return;
    forgetColors();
    recolor();
  };
  darkScheme().addEventListener("change", recolorScreen, options);
  // Paper is light and has no edge to scroll to.
  addEventListener("beforeprint", () => {
    marks()["print"] = "";
    forgetColors();
    print();
  }, options);
  addEventListener("afterprint", () => {
    delete marks()["print"];
    recolorScreen();
  }, options);
}

/** Asked for when it is needed: workers that run the same program have no document. */
function marks(): DOMStringMap {
  return document.documentElement.dataset;
}

function darkScheme(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}
