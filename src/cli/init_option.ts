/**
 * `--init` in the place of what the module's `init` makes: of the same kind, as `--set` is.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { keepParameterKind } from "../engine/given_value.ts";
import type { ParameterChange } from "../engine/run_options.ts";
import { changeParameters } from "../engine/same_kind.ts";
import { GuardError, RewindError } from "../errors.ts";
import { RNG_NAMES, type RngName } from "../rng/backends.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import { InputError } from "./usage_error.ts";

/**
 * The state to start from: an array becomes the typed array or Set that the module's own X_0 has in its place.
 * Where the module makes none, the state as it is.
 *
 * @throws {InputError} If it is of another kind than the module's, or lacks names that it has.
 */
export async function fittedInit(
  given: unknown,
  { child, seed, rng, changes }: {
    child: ChildOptions;
    seed: bigint;
    rng: RngName | undefined;
    changes: readonly ParameterChange[];
  },
): Promise<unknown> {
  const own = await ownInit(child, { seed, rng, changes });
  if (own === undefined) return given;
  try {
    return keepParameterKind(decodeState(own), given, "state");
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    throw new InputError(`Cannot use --init: ${error.problem.replace(/^Cannot set /, "")}`, {
      hint: `${error.hint}; --no-guards takes it as it is`,
    });
  }
}

/** X_0 as the module makes it; undefined if it makes none, or cannot without `--init`. */
async function ownInit(
  child: ChildOptions,
  { seed, rng, changes }: {
    seed: bigint;
    rng: RngName | undefined;
    changes: readonly ParameterChange[];
  },
): Promise<Uint8Array | undefined> {
  await using session = new SandboxSession(child);
  try {
    const { rng: exported, params } = await session.describe();
    return await session.initial({
      seed,
      rng: rng ?? exported ?? RNG_NAMES[0]!,
      params: changeParameters(params && decodeState(params), changes, keepParameterKind),
    });
  } catch (error) {
    if (error instanceof RewindError) return undefined;
    throw error;
  }
}
