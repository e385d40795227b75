/**
 * The frame of every page that rewind writes: one HTML file that loads nothing and sends nothing.
 * This module is browser compatible.
 *
 * @module
 */

import { Html, html } from "./html.ts";
import {
  SHARED_SCRIPT,
  SHARED_SCRIPT_HASH,
  SHARED_STYLE,
  SHARED_STYLE_HASH,
} from "./shared_assets.generated.ts";

/** A page's own script and style, each with its hash as a Content-Security-Policy names it. */
export interface PageAssets {
  /** Runs after the plotting library, with the data in the element `#data`. */
  readonly script: string;
  /** Hash of the script. */
  readonly scriptHash: string;
  /** Comes after the style that all pages share. */
  readonly style: string;
  /** Hash of the style. */
  readonly styleHash: string;
}

/** What fills the frame. */
export interface PageParts {
  /** Title of the window. */
  readonly title: string;
  /** Everything that is to be read. */
  readonly body: Html;
  /** Everything that the script draws from, as JSON has it. */
  readonly data: unknown;
  /** Name and version of the program that made it, such as `rewind 1.0.0`. */
  readonly tool: string | undefined;
  /** What this kind of page has of its own. */
  readonly assets: PageAssets;
}

/**
 * In a script element only `<` could end the element or open a comment; the others could change what a
 * terminal or an editor shows of the page's source.
 */
const NOT_IN_JSON = /[<\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Data for a script element of a page, as JSON. */
export function scriptJson(data: unknown): Html {
  return new Html(JSON.stringify(data).replace(NOT_IN_JSON, escapeUnit));
}

/** What stands in the head of a page. */
export interface PageHead {
  /** Title of the window. */
  readonly title: string;
  /** Name and version of the program that made it. */
  readonly tool: string;
  /** Directives of its Content-Security-Policy besides those that every page has. */
  readonly policy: readonly string[];
  /** Comes after the style that all pages share. */
  readonly style: string;
}

/** The start of every page, up to its body: nothing that the policy does not name is fetched or run. */
export function pageHead({ title, tool, policy, style }: PageHead): Html {
  const whole = ["default-src 'none'", ...policy, "base-uri 'none'", "form-action 'none'"];
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${new Html(whole.join("; "))}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="${tool}">
        <title>${title}</title>
        <link rel="icon" href="data:,">
        <style>${new Html(SHARED_STYLE)}</style>
        <style>${new Html(style)}</style>
      </head>
  `;
}

/** The page as one text. */
export function renderFrame({ title, body, data, tool = "rewind", assets }: PageParts): string {
  // Only these scripts and styles run, and nothing is fetched.
  const policy = [
    `script-src '${SHARED_SCRIPT_HASH}' '${assets.scriptHash}'`,
    `style-src '${SHARED_STYLE_HASH}' '${assets.styleHash}'`,
    "img-src data:",
  ];
  const runtime = globalThis.navigator?.userAgent;
  const page = html`
    ${pageHead({ title, tool, policy, style: assets.style })}
      <body>
      <main>
    ${body}
        </main>
      <footer>
        <p>Made by ${tool}${runtime &&
          ` on ${runtime}`}. This page loads nothing from elsewhere. Plots by uPlot, MIT license; its text is in the page's source.</p>
      </footer>
      <script type="application/json" id="data">${scriptJson(data)}</script>
      <script>${new Html(SHARED_SCRIPT)}</script>
      <script>${new Html(assets.script)}</script>
    </body>
    </html>
  `;
  return page.text;
}
