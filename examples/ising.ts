/**
 * The Ising model on a 100 x 100 torus, one Metropolis sweep per step. The state is a typed array of
 * 10,000 spins, changed in place; `exp` comes from rewind's portable math, so that the run is the same on
 * every JavaScript engine.
 *
 * rewind record examples/ising.ts --steps 400 --seed 5 --rng sfc32 -o ising.replay
 *
 * @module
 */

import type { Sfc32Random } from "@rewind/cli";
import { exp } from "@rewind/cli/math";

/** The generator this model asks for. */
export const rng = "sfc32";

/** Side of the lattice, and temperature in units of the coupling. */
export const params = { side: 100, temperature: 2.269 };

/** All spins up. */
export function init({ side }: typeof params): Int8Array {
  return new Int8Array(side * side).fill(1);
}

/** One sweep: as many attempted flips as there are spins. */
export function step(
  spins: Int8Array,
  random: Sfc32Random,
  { side, temperature }: typeof params,
): Int8Array {
  const accept4 = exp(-4 / temperature);
  const accept8 = exp(-8 / temperature);
  for (let attempt = 0; attempt < spins.length; attempt++) {
    const site = Math.floor(random.random() * spins.length);
    const row = Math.floor(site / side);
    const column = site - row * side;
    const around = spins[row * side + (column + 1) % side]! +
      spins[row * side + (column + side - 1) % side]! +
      spins[((row + 1) % side) * side + column]! +
      spins[((row + side - 1) % side) * side + column]!;
    const cost = 2 * spins[site]! * around;
    if (cost <= 0 || random.random() < (cost === 4 ? accept4 : accept8)) {
      spins[site] = -spins[site]!;
    }
  }
  return spins;
}

/** Mean spin. */
export const observe = {
  magnetisation: (spins: Int8Array): number =>
    spins.reduce((sum, spin) => sum + spin, 0) / spins.length,
};

/** The lattice. */
export function picture(spins: Int8Array, { side }: typeof params): unknown {
  return {
    kind: "grid",
    values: spins,
    columns: side,
    labels: { "-1": "down", "1": "up" },
    path: "spins",
  };
}
