/**
 * Units of the numbers in printed text: time, memory, speed and what numbers are shortened with.
 * This module is browser compatible.
 *
 * @module
 */

/**
 * Units of quantities, in lower case: time, memory, speed and what numbers are shortened with. A unit over
 * another one is a speed.
 */
const UNITS = new Set([
  ..."ns us µs ms s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days"
    .split(" "),
  ..."b kb mb gb tb kib mib gib tib k g t bn mm".split(" "),
  ..."% °c c w hz khz mhz ghz flops gflops tflops tflop pflops".split(" "),
  ..."it its iter iters step steps tok toks token tokens sample samples img imgs image images batch"
    .split(" "),
  ..."ex frame frames episode episodes epoch epochs update updates row rows fps"
    .split(" "),
]);

/** Units of what is measured, not of how long it takes. */
const MEASURES = new Set("db px deg rad ev".split(" "));

/** Whether letters directly after a number are a unit. */
export function isAttachedUnit(text: string): boolean {
  return MEASURES.has(text.toLowerCase()) || isUnit(text);
}

/** Things per time are a speed, whatever they are: `sent/s`. */
const SPEED = /^[a-z_]+\/(?:s|secs?|seconds?|min|h|hr|hour)$/i;

/** Whether a text is a unit, such as `ms` or `tokens/s`. */
export function isUnit(text: string): boolean {
  if (SPEED.test(text)) return true;
  return text.toLowerCase().split("/").every((part) => UNITS.has(part) || part === "gpu");
}

/** Units that may stand after a blank: others are words there. */
const SPACED_UNIT =
  /^ ((?:ns|us|µs|ms|s|secs?|seconds?|mins?|minutes?|hrs?|hours?|h|[KMGTkmgt]i?[Bb]|[KMBGT]|[A-Za-z]+(?:\/[A-Za-z]+)+|%))(?=\s*(?:$|[,;|)\]\t(]|\.(?:\s|$)| {2}| [-:])|(?<=\/s(?:ecs?)?) )/;

/** What stands directly after a number: `ms`, `it/s`, `k tok/s`. */
const ATTACHED =
  /^(?:[kKMBG] [A-Za-z]+\/(?:s|sec)(?![\w/])|[A-Za-zµ°]+(?:\/[A-Za-z]+)*|%|\/s(?![\w/]))/;

/** The unit with which a text begins, after a number, and the rest. */
export function unitOf(text: string): { unit: string; rest: string } {
  const attached = ATTACHED.exec(text)?.[0];
  if (attached !== undefined) return { unit: attached, rest: text.slice(attached.length) };
  const spaced = SPACED_UNIT.exec(text);
  return spaced === null || !isUnit(spaced[1]!)
    ? { unit: "", rest: text }
    : { unit: spaced[1]!, rest: text.slice(spaced[0].length) };
}
