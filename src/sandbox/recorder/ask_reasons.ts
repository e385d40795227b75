/**
 * What a parser says of a module whose runs may not be those of a plain loop.
 *
 * @module
 */

import { mayHideState } from "../host/may_hide_state.ts";
import type { ChildOptions } from "../host/sandbox_child.ts";
import type { ModuleReasons } from "./hidden_reason.ts";

/** Why a run may not be that of a plain loop, each as a sentence such as "step assigns `births` (model.ts:12:3)". */
export interface Reasons {
  /** A function that changes what outlives its calls. */
  readonly hidden?: string | undefined;
  /** A function that lets go of an object which only a function or a class knows; looked for without the other. */
  readonly kept?: string | undefined;
}

/** Asks a parser, which takes longer to load than most modules take to record, when it has to, and once. */
export class AskedReasons {
  readonly #module: { source: string; sourceMap: string | undefined; stepId: string };
  readonly #expressions: readonly string[];
  #loaded: Promise<ModuleReasons> | undefined;

  /** @param expressions Functions that are given as texts. */
  constructor(
    { source, sourceMap, stepId = "" }: Pick<ChildOptions, "source" | "sourceMap" | "stepId">,
    expressions: readonly string[] = [],
  ) {
    this.#module = { source, sourceMap, stepId };
    this.#expressions = expressions;
  }

  /** Looks for reasons, unless the words of the texts alone say that there are none. */
  async find(): Promise<Reasons> {
    const expressions = this.#expressions.map((text) => `const expression = ${text};`);
    if (![this.#module.source, ...expressions].some(mayHideState)) return {};
    const module = await this.module();
    const hidden = module.hidden(this.#expressions);
    return hidden === undefined ? { kept: module.kept() } : { hidden };
  }

  /** The first of them. */
  async first(): Promise<string | undefined> {
    const { hidden, kept } = await this.find();
    return hidden ?? kept;
  }

  /** The module as the parser sees it. */
  module(): Promise<ModuleReasons> {
    return this.#loaded ??= import("./hidden_reason.ts")
      .then(({ ModuleReasons }) => new ModuleReasons(this.#module));
  }
}
