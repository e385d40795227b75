/**
 * All verbs, in the order of the help.
 *
 * @module
 */

import { branchCommand } from "./branch.ts";
import type { Command } from "./command.ts";
import { makeCompletionsCommand } from "./completions.ts";
import { exportCommand } from "./export.ts";
import { findCommand } from "./find.ts";
import { getCommand } from "./get.ts";
import { infoCommand } from "./info.ts";
import { logCommand } from "./log.ts";
import { recordCommand } from "./record.ts";
import { statsCommand } from "./stats.ts";
import { traceCommand } from "./trace.ts";
import { verifyCommand } from "./verify.ts";

/** The verbs of `rewind`. */
export const COMMANDS: readonly Command[] = [
  recordCommand,
  infoCommand,
  getCommand,
  statsCommand,
  findCommand,
  traceCommand,
  branchCommand,
  logCommand,
  verifyCommand,
  exportCommand,
  makeCompletionsCommand(() => COMMANDS),
];
