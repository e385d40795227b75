/**
 * Layer 4 of the sandbox: takes everything but the JavaScript language itself away from the realm in
 * which the step will run, makes what depends on time, place or chance throw, and freezes the rest.
 * To run once, before the step loads.
 * This module is browser compatible.
 *
 * @module
 */

import type { MathKind } from "../../engine/types.ts";
import { hiddenPrototypes, KeyFilter } from "./allowed_keys.ts";
import { freezeBuiltin, watchChanges } from "./builtin_objects.ts";
import { guardBuiltins } from "./guard_builtins.ts";
import { installShims } from "./shim_globals.ts";
import type { RealmShims } from "./shims.ts";
import { allowOverrides } from "./overridable.ts";
import { checkGlobals, emptyGlobals } from "./realm_globals.ts";

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

/**
 * Locks this realm down.
 *
 * @param options Which transcendental functions `Math` is to have, and what the run's shims give.
 * @throws {Error} If something that must go cannot be taken away; the realm must end then.
 */
export function lockDown(options: { math: MathKind; shims: RealmShims }): void {
  const hidden = hiddenPrototypes();
  // The accessor functions that all errors share.
  const stack = getOwnPropertyDescriptor(new Error(), "stack") ?? {};
  guardBuiltins(options, hidden);
  const added = installShims(options.shims);
  watchChanges();
  emptyGlobals(added);
  delete (Object.prototype as { __proto__?: unknown }).__proto__;
  const filter = new KeyFilter(hidden);
  const quicken = allowOverrides(hidden);
  freezeAll([globalThis, ...hidden, stack.get, stack.set], filter);
  quicken();
  checkGlobals(added);
}

/** Freezes all objects that can be reached from `roots` through properties and prototypes. */
function freezeAll(roots: readonly unknown[], filter: KeyFilter): void {
  const seen = new Set<unknown>();
  const queue: unknown[] = [...roots];
  while (queue.length > 0) {
    const value = queue.pop();
    if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
    if (seen.has(value)) continue;
    seen.add(value);
    queue.push(getPrototypeOf(value));
    const keys = value === globalThis ? Reflect.ownKeys(value) : filter.filter(value);
    // Most are functions with a length and a name only, no need to look at each.
    if (typeof value !== "function" || keys.length > 2) {
      for (const key of keys) {
        const descriptor = getOwnPropertyDescriptor(value, key)!;
        queue.push(descriptor.value, descriptor.get, descriptor.set);
      }
    }
    freezeBuiltin(value);
  }
}
