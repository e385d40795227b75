/**
 * The options of verbs that compare states.
 *
 * @module
 */

import { flag, texts } from "./options.ts";

/** How two runs are compared. */
export const COMPARE_OPTIONS = {
  ignore: texts("PATH", "Part of the state to leave out, such as '.agents[*].label'"),
  everyState: flag("Compare every state, also in long runs of large states"),
};
