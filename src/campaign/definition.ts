/**
 * What makes a campaign the one that it is, as the file `campaign.json` in its folder says it: all of it decides
 * the results, and nothing else does.
 * This module is browser compatible.
 *
 * @module
 */

import { jsonToState } from "../codec/json_state.ts";
import { type Json, stateToJson } from "../codec/state_to_json.ts";
import { isRngName, type RngName } from "../rng/backends.ts";
import type { ParameterSet } from "./axes.ts";
import { CampaignError } from "./campaign_error.ts";
import {
  type CampaignModule,
  differenceOf,
  type FolderHead,
  folderHead,
  moduleOf,
  sourceHashOf,
} from "./folder_head.ts";
import { TrialPlan } from "./plan.ts";
import type { TrialQuestion } from "./run_trial.ts";
import { SeedList } from "./seed_list.ts";
import type { CiTarget } from "./stop_rule.ts";
import { pointsOf } from "./trial_row.ts";

/** A campaign as it is asked for. */
export interface CampaignDefinition
  extends Omit<TrialQuestion, "points" | "stepId" | "sourceHash"> {
  /** The model. */
  readonly module: CampaignModule;
  /** Path of the module as it was given, for commands that a person copies. */
  readonly path: string;
  /** The seeds. */
  readonly seeds: SeedList;
  /** The parameter sets. */
  readonly sets: readonly ParameterSet[];
  /** Parameters to be merged over the module's own in every set, in a box. */
  readonly params: { readonly value: unknown } | undefined;
  /** At how many t the observables' values are kept. */
  readonly points: number;
  /** When to stop early, if at all. */
  readonly untilCi: CiTarget | undefined;
}

/** What the first field of a sweep's head says. */
export const SWEEP_FORMAT = "rewind campaign";

/** What the file says, in its order. */
export interface CampaignHead extends FolderHead {
  /** Number of states of a trial. */
  readonly steps: number;
  /** The seeds, such as `0..999`. */
  readonly seeds: string;
  /** Parameters that are merged over the module's own in every set: a list of one, or none. */
  readonly params: readonly Json[];
  /** The parameter sets. */
  readonly sets: readonly ParameterSet[];
  /** Generator backend; null for the module's. */
  readonly rng: string | null;
  /** States per block; null for the default. */
  readonly blockSize: number | null;
  /** Observables: null for all that the module exports, else texts (null for an export) by name. */
  readonly observe: Readonly<Record<string, string | null>> | null;
  /** Text of the predicate. */
  readonly where: string | null;
  /** Text of the predicate that ends a trial. */
  readonly until: string | null;
  /** Text of the function of the last state. */
  readonly final: string | null;
  /** At how many t the observables' values are kept. */
  readonly points: number;
  /** Whether guards look for mistakes in the model. */
  readonly guards: boolean;
  /** When to stop early. */
  readonly untilCi: { readonly width: number; readonly of: string | null } | null;
}

/** What the file of a campaign says. */
export function headOf(definition: CampaignDefinition): CampaignHead {
  const { steps, seeds, params, sets, rng, blockSize, observe } = definition;
  const { where, until, final, points, guards, untilCi } = definition;
  return {
    ...folderHead(SWEEP_FORMAT, definition),
    steps,
    seeds: `${seeds}`,
    params: params === undefined ? [] : [stateToJson(params.value)],
    sets,
    rng: rng ?? null,
    blockSize: blockSize ?? null,
    observe: observe === undefined
      ? null
      : Object.fromEntries(Object.entries(observe).map(([name, text]) => [name, text ?? null])),
    where: where ?? null,
    until: until ?? null,
    final: final ?? null,
    points,
    guards,
    untilCi: untilCi === undefined ? null : { width: untilCi.width, of: untilCi.of ?? null },
  };
}

/**
 * The campaign that a head and the text of its module describe.
 *
 * @throws {CampaignError} If they do not fit together, or the head makes no sense.
 */
export function definitionOf(
  head: CampaignHead,
  texts: Pick<CampaignModule, "source" | "sourceMap">,
): CampaignDefinition {
  const definition: CampaignDefinition = {
    module: moduleOf(head, texts),
    path: head.path,
    steps: head.steps,
    seeds: SeedList.parse(head.seeds),
    params: head.params.length === 0 ? undefined : { value: jsonToState(head.params[0]!) },
    sets: head.sets,
    rng: isRngName(head.rng) ? head.rng as RngName : undefined,
    blockSize: head.blockSize ?? undefined,
    observe: head.observe === null ? undefined : Object.fromEntries(
      Object.entries(head.observe).map(([name, text]) => [name, text ?? undefined]),
    ),
    where: head.where ?? undefined,
    until: head.until ?? undefined,
    final: head.final ?? undefined,
    points: head.points,
    guards: head.guards,
    untilCi: head.untilCi === null
      ? undefined
      : { width: head.untilCi.width, of: head.untilCi.of ?? undefined },
  };
  const difference = differenceOf(headOf(definition), head);
  if (difference === undefined) return definition;
  throw new CampaignError(
    difference === "sourceHash"
      ? "Cannot use the campaign: 'step.js' is not the module that it was begun with"
      : `Cannot use the campaign: '${difference}' in 'campaign.json' is not as rewind writes it`,
  );
}

/** The trials of a campaign. */
export function planOf({ seeds, sets }: CampaignDefinition): TrialPlan {
  return new TrialPlan(seeds, sets);
}

/** What is asked of every trial. */
export function questionOf(definition: CampaignDefinition): TrialQuestion {
  const { module: { stepId, source }, points, steps } = definition;
  return {
    ...definition,
    points: pointsOf(steps, points),
    ...{ stepId, sourceHash: sourceHashOf(source) },
  };
}

/** Names of the parameters that vary. */
export function parameterNames(sets: readonly ParameterSet[]): string[] {
  return Object.keys(sets[0] ?? {});
}
