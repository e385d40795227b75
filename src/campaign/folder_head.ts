/**
 * What the file `campaign.json` of any kind of campaign says first, and when two say the same.
 * This module is browser compatible.
 *
 * @module
 */

import { TOOL } from "../artifact/tool_version.ts";
import { toHex } from "../bytes/hex.ts";
import { sha256Sync } from "../bytes/sha256.ts";
import { jsonToState } from "../codec/json_state.ts";
import { type Json, stateToJson } from "../codec/state_to_json.ts";
import type { Shims } from "../engine/types.ts";

/** A step module, ready for the sandbox. */
export interface CampaignModule {
  /** Its text. */
  readonly source: string;
  /** Source map of that text, where it is not what its author wrote. */
  readonly sourceMap: string | undefined;
  /** Name of its file. */
  readonly stepId: string;
  /** What it sees of clock and randomness. */
  readonly shims: Shims | undefined;
}

/** What every head says. */
export interface FolderHead {
  /** Which kind of campaign. */
  readonly format: string;
  /** Version of the format. */
  readonly version: 1;
  /** Program that began it. */
  readonly tool: string;
  /** Path of the module as it was given. */
  readonly path: string;
  /** Name of the module's file. */
  readonly module: string;
  /** SHA-256 of the module's text. */
  readonly sourceHash: string;
  /** What the module sees of clock and randomness. */
  readonly shims: Json;
}

/** What a head says first. */
export function folderHead(
  format: string,
  { path, module }: { readonly path: string; readonly module: CampaignModule },
): FolderHead {
  return {
    ...{ format, version: 1, tool: TOOL, path, module: module.stepId },
    sourceHash: sourceHashOf(module.source),
    shims: stateToJson(module.shims ?? null),
  };
}

/** SHA-256 of a module's text, lower-case hexadecimal. */
export function sourceHashOf(source: string): string {
  return toHex(sha256Sync(new TextEncoder().encode(source)));
}

/** The module that a head and the texts beside it describe. */
export function moduleOf(
  { module, shims }: FolderHead,
  texts: Pick<CampaignModule, "source" | "sourceMap">,
): CampaignModule {
  return {
    ...texts,
    stepId: module,
    shims: (jsonToState(shims) ?? undefined) as Shims | undefined,
  };
}

/** Fields that may differ between two that are one campaign. */
const INCIDENTAL: readonly string[] = ["tool", "path"];

/** The first field in which two heads differ that decides the results; undefined if there is none. */
export function differenceOf<H extends FolderHead>(a: H, b: H): (keyof H & string) | undefined {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof H & string)[];
  return keys.find((key) =>
    !INCIDENTAL.includes(key) && JSON.stringify(a[key]) !== JSON.stringify(b[key])
  );
}
