/**
 * The clock and randomness that a run can be recorded with.
 * This module is browser compatible.
 *
 * @module
 */

import type { ClockShim, Shims } from "./types.ts";

/** Milliseconds since 1970 at which the clock starts: 2000-01-01 in UTC. */
export const SHIM_ORIGIN_MS = 946_684_800_000;

/** As far as `Date` reaches, in milliseconds from 1970 on. */
const DATE_MS_MAX = 8.64e15;

/** Whether a value is a choice of shims; the keys stand in this order. */
export function isShims(value: unknown): value is Shims {
  if (!isObject(value, ["clock", "random", "load"])) return false;
  const { clock, random, load } = value;
  return Object.keys(value).length > 0 &&
    (clock === undefined || isClock(clock)) &&
    (random === undefined || random === true) &&
    (load === undefined || load === true);
}

function isClock(value: unknown): value is ClockShim {
  if (!isObject(value, ["originMs", "stepMs"])) return false;
  const { originMs, stepMs } = value;
  return Number.isInteger(originMs) && Math.abs(originMs as number) <= DATE_MS_MAX &&
    typeof stepMs === "number" && stepMs >= 0 && stepMs <= DATE_MS_MAX;
}

/** Whether a value is an object with some of the keys, in their order, and with no undefined values. */
function isObject(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const own = Object.entries(value);
  return own.every(([, entry]) => entry !== undefined) &&
    own.map(([key]) => key).join() === keys.filter((key) => Object.hasOwn(value, key)).join();
}

/** Whether a run gives its step more than what it is given while the module loads. */
export function needShims(shims: Shims | undefined): boolean {
  return shims?.clock !== undefined || shims?.random === true;
}
