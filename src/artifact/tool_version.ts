/**
 * Name and version of this program, as written into artifacts.
 * This module is browser compatible.
 *
 * @module
 */

/** Version of the package; a test compares it with `deno.json`. */
export const VERSION = "0.1.0";

/** What artifacts name as their writer. */
export const TOOL = `rewind ${VERSION}`;
