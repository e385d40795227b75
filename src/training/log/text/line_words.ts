/**
 * What words around the numbers of a printed line say: which name a step, a phase of training, a metric,
 * and which are only prose.
 * This module is browser compatible.
 *
 * @module
 */

import { canonicalName } from "../canonical_names.ts";

/** What a name in printed text counts. */
export type Counter =
  /** Steps. */
  | "step"
  /** Epochs, episodes: they give the steps of a log that has no others. */
  | "epoch"
  /** Batches of the epoch. */
  | "position";

const PHASES =
  /(?<![A-Za-z])(train_inner|train(?:ing)?|valid(?:ation)?|val|eval(?:uation)?|test(?:ing)?|dev)(?![A-Za-z])/i;

const COUNTERS: ReadonlyMap<string, Counter> = new Map<string, Counter>([
  ...[
    "step",
    "steps",
    "iter",
    "iters",
    "iterate",
    "iteration",
    "iterations",
    "it",
    "its",
    "update",
    "updates",
  ]
    .map((word) => [word, "step"] as const),
  ...["timestep", "timesteps", "num update", "num updates"].map((word) => [word, "step"] as const),
  ...[
    "epoch",
    "epochs",
    "episode",
    "episodes",
    "ep",
    "round",
    "rounds",
    "generation",
    "gen",
    "trial",
  ]
    .map((word) => [word, "epoch"] as const),
  ...["batch", "batches", "minibatch", "mini-batch"].map((word) => [word, "position"] as const),
]);

/** Words before a counter that change nothing about it. `total` does: total steps are a quantity. */
const QUALIFIER =
  /^(?:train|training|valid|validation|val|eval|evaluation|test|learning|global|current|completed|optimizer|boosting|env|environment) /;

/** Words that a name without a colon does not have: it would be a sentence. */
const PROSE = new Set(
  ("a about after all an and are as at be been before being between but by can did do does done during each " +
    "every for from had has have if in into is it's its itself let more most no nor not on only onto or out " +
    "over per so some such than that the their them then there these they this those to too under until up " +
    "upon using very via was were when where which while will with within without would you your")
    .split(
      " ",
    ),
);

const PLAIN_WORDS_MAX = 4;
const EXPLICIT_WORDS_MAX = 8;
const NAME_LENGTH_MAX = 80;

/** What announces the steps that follow: `Starting iteration 5`. */
const ANNOUNCED = /^(?:starting|start|start of|begin|beginning|running|entering) /;

/** The phase that a text names: `train`, `valid`, `test`, ...; undefined for none. */
export function phaseIn(text: string): string | undefined {
  const phase = PHASES.exec(text)?.[1]?.toLowerCase();
  return phase?.replace(/^(train|test|valid)(?:ing|ation)$/, "$1");
}

/** What a name counts, as in `Epoch`, `Learning iteration`, `Epoch(train)`; undefined for a metric. */
export function counterOf(name: string): Counter | undefined {
  const words = name.toLowerCase().replace(/\((?:train|val|test)\)$/, "").replace(/[_\s]+/g, " ")
    .replace(/[ -]$/, "");
  if (words === "up.") return "step"; // of Marian, with "ep."
  if (words === "ep.") return "epoch";
  return COUNTERS.get(words) ??
    COUNTERS.get(words.replace(ANNOUNCED, "").replace(QUALIFIER, ""));
}

/** Whether a word is the level of a logger's message, and so the name of nothing in it. */
export function isLevel(name: string): boolean {
  return /^(?:DEBUG|INFO|SUCCESS|WARN|WARNING|ERROR|CRITICAL)$/.test(name);
}

/** Whether words before a colon or an equals sign name something. */
export function isName(text: string): boolean {
  return text.length <= NAME_LENGTH_MAX && /[A-Za-z\u0080-\uffff]/.test(text) &&
    text.split(" ").length <= EXPLICIT_WORDS_MAX;
}

/** The name in words that stand before a number without any sign; undefined for prose. */
export function plainName(text: string): string | undefined {
  const words = text.split(" ");
  const isPlain = isName(text) && words.length <= PLAIN_WORDS_MAX &&
    words.every((word, i) =>
      /^[A-Za-z_@\u0080-\uffff][\w@%.'/+\u0080-\uffff-]*$/.test(word) &&
      (!PROSE.has(word.toLowerCase()) || i > 0 && word === "of")
    );
  if (isPlain) return text;
  const last = words.at(-1)!;
  if (last.length > NAME_LENGTH_MAX) return undefined;
  return canonicalName(last) !== undefined || counterOf(last) !== undefined ? last : undefined;
}

/** Whether a word is that of a metric that people know. */
export function isWellKnown(word: string): boolean {
  return canonicalName(word) !== undefined || canonicalName(word.toLowerCase()) !== undefined;
}
