/**
 * The frame of every report page: one HTML file that loads nothing and sends nothing.
 * This module is browser compatible.
 *
 * @module
 */

import { Html, html } from "./html.ts";
import {
  PAGE_SCRIPT,
  PAGE_SCRIPT_HASH,
  PAGE_STYLE,
  PAGE_STYLE_HASH,
} from "./page_assets.generated.ts";
import type { PageData } from "./page_data.ts";

/** Options of the report pages. */
export interface PageOptions {
  /** Name and version of the program that makes the page, such as `rewind 1.0.0`. */
  tool?: string;
}

/** What fills the frame. */
export interface PageParts {
  /** Title of the window. */
  readonly title: string;
  /** Everything that is to be read. */
  readonly body: Html;
  /** Everything that is to be drawn. */
  readonly data: PageData;
  /** Name and version of the program that made it. */
  readonly tool: string | undefined;
}

/** Only this script and this style run, and nothing is fetched. */
const POLICY = [
  "default-src 'none'",
  `script-src '${PAGE_SCRIPT_HASH}'`,
  `style-src '${PAGE_STYLE_HASH}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The page as one text. */
export function renderPage({ title, body, data, tool }: PageParts): string {
  // In a script element only `<` could end the element or open a comment.
  const json = new Html(JSON.stringify(data).replaceAll("<", "\\u003c"));
  const runtime = globalThis.navigator?.userAgent;
  const page = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="${tool ?? "rewind"}">
        <title>${title}</title>
        <link rel="icon" href="data:,">
        <style>${new Html(PAGE_STYLE)}</style>
      </head>
      <body>
        <main>
    ${body}
        </main>
        <footer>
          <p>Made by ${tool ?? "rewind"}${runtime &&
            ` on ${runtime}`}. This page loads nothing from elsewhere. Plots by uPlot, MIT license; its text is in the page's source.</p>
        </footer>
        <script type="application/json" id="data">${json}</script>
        <script>${new Html(PAGE_SCRIPT)}</script>
      </body>
    </html>
  `;
  return page.text;
}
