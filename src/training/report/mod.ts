/**
 * The report pages: what was found, as one HTML file that loads nothing.
 * This module is browser compatible.
 *
 * @module
 */

export { renderDeterminismPage } from "./determinism_page.ts";
export { renderDiffPage } from "./diff_page.ts";
export type { PageOptions } from "./render_page.ts";
export { renderReplayPage } from "./replay_page.ts";
export { renderReplaySummary, type SummaryOptions } from "./replay_summary.ts";
