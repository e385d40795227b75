/**
 * Which seed each run of a group has: by the place in the logs that tells them apart.
 *
 * @module
 */

import { TrainingLogError } from "../log/errors.ts";
import type { RunGroup } from "../log/run_group.ts";
import type { RunLog } from "../log/run_log.ts";

/** A run with its seed. */
export interface SeededRun {
  /** Its name in the group. */
  readonly name: string;
  /** Its seed; undefined where the logs name none. */
  readonly seed: bigint | undefined;
  /** Its log. */
  readonly log: RunLog;
}

/** A group whose seeds are known. */
export interface SeededGroup {
  /** The path that was given. */
  readonly path: string;
  /** Its runs, no two of one seed. */
  readonly runs: readonly SeededRun[];
}

/**
 * Takes the seeds from one place for all groups: the one that was named, else the first (a key that is just
 * `seed` before others) that every log has and that differs within each group.
 *
 * @throws {TrainingLogError} if runs of a group share a seed in every place: they are no runs of several seeds.
 */
export function identifySeeds(
  groups: readonly RunGroup[],
  seedKey: string | undefined,
): { groups: SeededGroup[]; notes: string[] } {
  const logs = groups.flatMap(({ members }) => members.map(({ log }) => log));
  const without = groups.map(({ path, members }): SeededGroup => ({
    path,
    runs: members.map(({ name, log }) => ({ name, log, seed: undefined })),
  }));
  if (seedKey === "none") return { groups: without, notes: [] };
  const places = [...new Set(logs.flatMap((log) => log.seeds.map(({ path }) => path)))]
    .filter((place) => logs.every((log) => seedAt(log, place) !== undefined));
  const ordered = places.sort((x, y) => Number(isPlain(y)) - Number(isPlain(x)));
  if (seedKey !== undefined && !places.includes(seedKey)) {
    throw new TrainingLogError(
      `Cannot take the seeds from '${seedKey}' as not every log has one there`,
      { hint: `places that all have: ${places.join(", ") || "none"}` },
    );
  }
  if (places.length === 0) {
    return {
      groups: without,
      notes: ["not every log names its seed: each run counts as a seed of its own"],
    };
  }
  const candidates = seedKey === undefined ? ordered : [seedKey];
  const place = candidates.find((candidate) =>
    groups.every((group) => sharedSeed(group, candidate) === undefined)
  );
  if (place === undefined) throw sharedSeedError(groups, candidates[0]!);
  return {
    groups: without.map(({ path, runs }) => ({
      path,
      runs: runs.map((run) => ({ ...run, seed: seedAt(run.log, place) })),
    })),
    notes: isPlain(place) || seedKey !== undefined ? [] : [
      `the seeds are those of '${place}'${place === "path" ? ", the name of file or folder" : ""}`,
    ],
  };
}

function isPlain(place: string): boolean {
  return /(?:^|[./])seed$/.test(place);
}

function seedAt(log: RunLog, place: string): bigint | undefined {
  return log.seeds.find(({ path }) => path === place)?.value;
}

/** The names of the runs that share a seed, and the seed. */
function sharedSeed(
  { members }: RunGroup,
  place: string,
): { seed: bigint; names: string[] } | undefined {
  const bySeed = new Map<bigint, string[]>();
  for (const { name, log } of members) {
    const seed = seedAt(log, place)!;
    bySeed.set(seed, [...bySeed.get(seed) ?? [], name]);
  }
  for (const [seed, names] of bySeed) if (names.length > 1) return { seed, names };
  return undefined;
}

function sharedSeedError(groups: readonly RunGroup[], place: string): TrainingLogError {
  const group = groups.find((candidate) => sharedSeed(candidate, place) !== undefined)!;
  const { seed, names } = sharedSeed(group, place)!;
  return new TrainingLogError(
    `Cannot take the seed as the unit in ${group.path}: ${
      names.slice(0, 5).join(", ")
    } all have seed ${seed} ` +
      `('${place}'), and runs of one seed say nothing about the others`,
    {
      path: group.path,
      hint:
        "keep one of them; if the logs do not tell the seed, --seed-key none takes each run for one",
    },
  );
}
