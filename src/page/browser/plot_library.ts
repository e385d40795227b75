/**
 * uPlot as the pages' first script leaves it: it stands in for the package where a page's own script is
 * bundled, so that the library is in this program once.
 *
 * @module
 */

import type uPlot from "uplot";

export default (globalThis as unknown as { uPlot: typeof uPlot }).uPlot;
