/**
 * A flock after Vicsek and others (1995): every bird takes the mean direction of those around it, but for some
 * noise, on a square whose edges meet. Order comes from noise as soon as there is little enough of it.
 *
 * rewind record examples/flock.ts --steps 1000 --seed 4 -o flock.replay
 * rewind view flock.replay
 *
 * @module
 */

import type { Sfc32Random } from "@rewind/cli";
import { atan2, cos, sin } from "@rewind/cli/math";

/** Where the birds are, and where they fly. */
export interface State {
  /** Places across, in [0, size). */
  x: Float64Array;
  /** Places upwards, in [0, size). */
  y: Float64Array;
  /** Directions in radians, counter-clockwise from the right. */
  heading: Float64Array;
}

/** The generator this model asks for. */
export const rng = "sfc32";

/** How many birds on how large a square; how far they see and fly; how much they err, in radians. */
export const params = { birds: 250, size: 10, sight: 1, speed: 0.08, noise: 0.9 };

/** Anywhere, in any direction. */
export function init({ birds, size }: typeof params, random: Sfc32Random): State {
  const draw = (range: number) =>
    Float64Array.from({ length: birds }, () => range * random.random());
  return { x: draw(size), y: draw(size), heading: draw(2 * Math.PI) };
}

/** All birds look, then all fly. */
export function step(
  { x, y, heading }: State,
  random: Sfc32Random,
  { size, sight, speed, noise }: typeof params,
): State {
  const across = heading.map(cos);
  const upwards = heading.map(sin);
  const next = heading.map((_, i) => {
    let right = 0;
    let up = 0;
    for (let k = 0; k < x.length; k++) {
      const dx = apart(x[i]!, x[k]!, size);
      const dy = apart(y[i]!, y[k]!, size);
      if (dx * dx + dy * dy > sight * sight) continue;
      right += across[k]!;
      up += upwards[k]!;
    }
    return atan2(up, right) + noise * (random.random() - 0.5);
  });
  for (let i = 0; i < x.length; i++) {
    x[i] = wrapped(x[i]! + speed * cos(next[i]!), size);
    y[i] = wrapped(y[i]! + speed * sin(next[i]!), size);
  }
  return { x, y, heading: next };
}

/** The shorter way from one place to another, edges joined. */
function apart(a: number, b: number, size: number): number {
  const distance = Math.abs(a - b);
  return Math.min(distance, size - distance);
}

function wrapped(place: number, size: number): number {
  return place < 0 ? place + size : place >= size ? place - size : place;
}

/** 1 if all fly the same way, near 0 if each flies its own. */
export const observe = {
  order: ({ heading }: State): number => {
    let right = 0;
    let up = 0;
    for (const angle of heading) {
      right += cos(angle);
      up += sin(angle);
    }
    return Math.sqrt(right * right + up * up) / heading.length;
  },
};

/** The birds, colored by where they fly. */
export function picture({ x, y, heading }: State, { size }: typeof params): unknown {
  const turn = 2 * Math.PI;
  return {
    box: [0, 0, size, size],
    layers: [{
      kind: "points",
      x,
      y,
      heading,
      values: heading.map((angle) => Math.abs(((angle % turn) + turn) % turn - Math.PI)),
      range: [0, Math.PI],
      path: "birds",
    }],
  };
}
