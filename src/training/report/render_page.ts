/**
 * The frame of every report page, with the reports' script and style.
 * This module is browser compatible.
 *
 * @module
 */

import { renderFrame } from "../../page/page_frame.ts";
import type { Html } from "../../page/html.ts";
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

/** The page as one text. */
export function renderPage(parts: PageParts): string {
  const assets = {
    script: PAGE_SCRIPT,
    scriptHash: PAGE_SCRIPT_HASH,
    style: PAGE_STYLE,
    styleHash: PAGE_STYLE_HASH,
  };
  return renderFrame({ ...parts, assets });
}
