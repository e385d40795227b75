/**
 * The bounds of campaigns, each with its unit in the name; those of states and runs are
 * in `src/limits.ts`.
 *
 * @module
 */

/** Most trials of a campaign: what is kept in memory of each is a few dozen bytes. */
export const CAMPAIGN_TRIALS_MAX = 2 ** 22;

/** Longest line of a campaign's journal, in bytes. */
export const CAMPAIGN_ROW_BYTES_MAX = 2 ** 20;

/** Largest description of a campaign, in bytes. */
export const CAMPAIGN_HEAD_BYTES_MAX = 64 * 2 ** 20;

/** Longest JSON of the value that `--final` gives, in UTF-16 units. */
export const CAMPAIGN_FINAL_UNITS_MAX = 65_536;

/** Most particles of a splitting, and most repeats. */
export const RARE_PARTICLES_MAX = 1_000_000;
