/**
 * Numbers as plots show them: short on an axis, in full under the cursor.
 *
 * @module
 */

/** Labels of an axis whose marks are `increment` apart, with no more digits than tell them apart. */
export function axisLabels(splits: readonly (number | null)[], increment: number): string[] {
  const largest = splits.reduce<number>((max, v) => Math.max(max, Math.abs(v ?? 0)), 0);
  const decimals = decimalsOf(increment);
  const plain = largest < 1e6 && decimals <= 5;
  return splits.map((value) => {
    if (value === null) return "";
    if (value === 0) return "0";
    if (plain) return value.toFixed(Math.max(0, decimals));
    const digits = Math.floor(Math.log10(Math.abs(value)) + 1e-9) + decimals;
    return value.toExponential(Math.min(4, Math.max(0, digits))).replace("e+", "e");
  });
}

/** How many decimals write a number of one or two digits, such as 0.25, in full; below 0 for tens. */
function decimalsOf(increment: number): number {
  let decimals = -Math.floor(Math.log10(increment) + 1e-9);
  const scaled = increment * 10 ** decimals;
  if (Math.abs(scaled - Math.round(scaled)) > 1e-6) decimals++;
  return decimals;
}

/** So many labels fit beside a small plot. */
const POWER_LABELS_MAX = 6;

/** Labels of a logarithmic axis; over many decades only some of the powers of ten have one. */
export function powerLabels(splits: readonly (number | null)[]): string[] {
  const labeled = splits.filter((value) => value !== null).length;
  const powers = splits.filter((value) => value !== null && isPowerOfTen(value)).length;
  const every = Math.ceil(powers / POWER_LABELS_MAX);
  return splits.map((value) => {
    if (value === null) return "";
    const shown = labeled <= POWER_LABELS_MAX ||
      (isPowerOfTen(value) && Math.round(Math.log10(value)) % every === 0);
    return shown ? value.toExponential(0).replace("e+", "e") : "";
  });
}

/** Whether a number is a power of ten, but for rounding. */
export function isPowerOfTen(value: number): boolean {
  const power = Math.log10(value);
  return Math.abs(power - Math.round(power)) < 1e-9;
}

/** A value in full; `single` values have no more than 9 digits that say anything. */
export function fullText(value: number | null | undefined, single: boolean): string {
  if (value === null || value === undefined) return "–";
  if (Object.is(value, -0)) return "-0";
  return String(single ? Number(value.toPrecision(8)) : value);
}

/** A step; fractions arise from zooming only. */
export function stepText(step: number): string {
  return String(Math.round(step));
}
