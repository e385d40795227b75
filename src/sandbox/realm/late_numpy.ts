/**
 * NumPy's generator inside a realm: a third of what a sandbox child would have to parse, so it is a
 * text of its own that is loaded for runs that draw from it. In the bundle of the harness this module
 * takes the place of rng/numpy/generator.ts (see tools/build_harness.ts).
 * This module is browser compatible.
 *
 * @module
 */

import type * as numpy from "../../rng/numpy/generator.ts";
import type { RngName } from "../../rng/backends.ts";
import { assertInvariant } from "../../errors.ts";
import type { RealmIo } from "./realm_io.ts";

type Seed = ConstructorParameters<typeof numpy.NumpyGenerator>[0];

let Loaded: typeof numpy.NumpyGenerator | undefined;

/** Makes the generator of a backend constructible; to be awaited before one is made. */
export async function loadGenerator(io: Pick<RealmIo, "loadPart">, rng: RngName): Promise<void> {
  if (rng !== "numpy") return;
  const { NumpyGenerator } = await io.loadPart("numpy");
  Loaded = NumpyGenerator as typeof numpy.NumpyGenerator;
}

/** The constructor of NumPy's generator. */
export function NumpyGenerator(seed: Seed): numpy.NumpyGenerator {
  assertInvariant(Loaded !== undefined, "the generator is loaded before it is made");
  return new Loaded(seed);
}
