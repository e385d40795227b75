/**
 * Children for the jobs of one run: a small job is lent the one that is waiting, a large one gets its own.
 *
 * @module
 */

import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxSession } from "./session.ts";

/** Keeps at most one child alive between jobs. */
export class ChildLender implements AsyncDisposable {
  readonly #options: ChildOptions;
  /** A child that is waiting for its next job. */
  #idle: SandboxSession | undefined;

  /** Starts nothing yet. */
  constructor(options: ChildOptions) {
    this.#options = options;
  }

  /** A child for a large job. As before every such job, the waiting one ends: two could exceed the limit. */
  async start(): Promise<SandboxSession> {
    await this[Symbol.asyncDispose]();
    return new SandboxSession(this.#options);
  }

  /** Gives a child of its own to a large job, and ends it. */
  async alone<T>(job: (session: SandboxSession) => Promise<T>): Promise<T> {
    const session = await this.start();
    // No `await using`: the older releases of Node that load this cannot parse it.
    try {
      return await job(session);
    } finally {
      await session[Symbol.asyncDispose]();
    }
  }

  /** Lends the waiting child, or a new one, for one small job; one that failed is not used again. */
  async lend<T>(job: (session: SandboxSession) => Promise<T>): Promise<T> {
    const session = this.#idle ?? new SandboxSession(this.#options);
    this.#idle = undefined;
    try {
      const result = await job(session);
      if (this.#idle === undefined) this.#idle = session;
      else await session[Symbol.asyncDispose]();
      return result;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Ends the child that is waiting, if there is one. */
  async [Symbol.asyncDispose](): Promise<void> {
    const idle = this.#idle;
    this.#idle = undefined;
    await idle?.[Symbol.asyncDispose]();
  }
}
