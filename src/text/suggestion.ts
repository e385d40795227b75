/**
 * "Did you mean": the nearest of the names that are known.
 *
 * @module
 */

/** Share of a word's letters that may be wrong for it to be taken for a misspelling. */
const WRONG_SHARE_MAX = 1 / 3;

/** `did you mean '...'?` where one of the names is close to what was given; undefined where none is. */
export function suggestion(given: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(given.length * WRONG_SHARE_MAX));
  // A name is not close to what shares no letter with it.
  least = Math.min(least, given.length - 1);
  for (const name of names) {
    const distance = editDistance(given, name);
    if (distance > least || (distance === least && nearest !== undefined)) continue;
    least = distance;
    nearest = name;
  }
  return nearest === undefined ? undefined : `did you mean '${nearest}'?`;
}

/**
 * Fewest letters to insert, remove, replace, or swap with their neighbor, to turn one word into another
 * (the restricted Damerau-Levenshtein distance: swapped letters are the most common slip).
 */
export function editDistance(a: string, b: string): number {
  let previous: number[] = [];
  let current = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = current[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(next[j - 1]! + 1, current[j]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        next[j] = Math.min(next[j]!, previous[j - 2]! + 1);
      }
    }
    previous = current;
    current = next;
  }
  return current[b.length]!;
}
