/**
 * The step that a table or a block of names and values says: lines after it belong to that step, too.
 * This module is browser compatible.
 *
 * @module
 */

import type { FieldResolver } from "../field_roles.ts";

/** See the module. */
export interface TableStep {
  /** Name, with its group. */
  readonly name: string;
  /** The step. */
  readonly value: number;
  /** Whether it counts epochs or the like. */
  readonly weak: boolean;
  /** Place of its name among those of steps: the lowest wins. */
  readonly rank: number;
}

/** The step by one more entry: this one, or the one that was known. */
export function stepOfEntry(
  known: TableStep | undefined,
  { name, text, fields }: { name: string; text: string; fields: FieldResolver },
): TableStep | undefined {
  const role = fields.role(name);
  const value = Number(text);
  if (role.kind !== "step" || text === "" || !Number.isFinite(value)) return known;
  const { rank, weak } = role;
  const isBetter = known === undefined || (weak === known.weak ? rank < known.rank : !weak);
  return isBetter ? { name, value, rank, weak } : known;
}
