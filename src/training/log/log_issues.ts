/**
 * Counts what is odd about a log, and keeps the first places of each kind.
 *
 * @module
 */

import { LOG_ISSUE_EXAMPLES_MAX } from "../limits.ts";
import { TrainingLogError } from "./errors.ts";
import type { LogIssue, LogIssueExample, LogIssueKind } from "./run_log.ts";

/** Kinds that `strict` refuses. */
const DAMAGE: ReadonlySet<LogIssueKind> = new Set(["damaged", "truncated", "bad_step"]);

/** See the module. */
export class IssueList {
  readonly #source: string;
  readonly #strict: boolean;
  readonly #issues = new Map<LogIssueKind, { count: number; examples: LogIssueExample[] }>();

  /** Starts without issues of the log at `source`. */
  constructor(source: string, { strict }: { strict: boolean }) {
    this.#source = source;
    this.#strict = strict;
  }

  /**
   * Counts an oddity and keeps it as an example if it is among the first.
   *
   * @throws {TrainingLogError} if the list is strict and it is damage
   */
  add(kind: LogIssueKind, example: LogIssueExample, count = 1): void {
    if (this.#strict && DAMAGE.has(kind)) {
      const where = example.line === undefined ? "" : `, line ${example.line}`;
      throw new TrainingLogError(
        `Cannot read ${this.#source}${where}: ${example.detail}; without strict it would be left out`,
        { path: this.#source, ...(example.line !== undefined && { line: example.line }) },
      );
    }
    const known = this.#issues.get(kind);
    if (known === undefined) this.#issues.set(kind, { count, examples: [example] });
    else {
      known.count += count;
      if (known.examples.length < LOG_ISSUE_EXAMPLES_MAX) known.examples.push(example);
    }
  }

  /** How often an oddity was seen so far. */
  count(kind: LogIssueKind): number {
    return this.#issues.get(kind)?.count ?? 0;
  }

  /** The first example of a kind; undefined if there is none. */
  first(kind: LogIssueKind): LogIssueExample | undefined {
    return this.#issues.get(kind)?.examples[0];
  }

  /** All of them, one entry per kind. */
  list(): LogIssue[] {
    return [...this.#issues].map(([kind, { count, examples }]) => ({ kind, count, examples }));
  }
}
