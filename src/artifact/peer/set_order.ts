/**
 * The order in which CPython iterates over a set of integers: that of the slots of its hash table
 * (`Objects/setobject.c`, 3.7 and later). The Python package hashes a loaded state in that order, so
 * a set must be pickled in it. This module is browser compatible.
 *
 * @module
 */

const SLOTS_MIN = 8;
/** Slots looked at in a row before the next jump. */
const LINEAR_PROBES = 9;
const PERTURB_SHIFT = 5n;
/** Sets with more members grow by the factor 2, others by 4. */
const FAST_GROWTH_MEMBERS_MAX = 50_000;
/** Integers are hashed modulo this prime, on 64-bit machines. */
const HASH_MODULUS = 2n ** 61n - 1n;

type Integer = number | bigint | boolean;

/** Rounds of loading after which an order that still moves is given up; most settle in three. */
const ROUNDS_MAX = 16;

/**
 * The members of a set in an order such that a set loaded from a pickle of it is iterated over in
 * that same order; undefined if there is none, as of two members that always push each other aside.
 *
 * @param members Different integers.
 */
export function inSetOrder(members: readonly Integer[]): Integer[] | undefined {
  let order = members;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = insertAll(order);
    if (sameOrder(order, next)) return next;
    order = next;
  }
  return undefined;
}

function insertAll(members: readonly Integer[]): Integer[] {
  let table = new Array<Integer | undefined>(SLOTS_MIN).fill(undefined);
  let used = 0;
  for (const member of members) {
    insert(table, member);
    used++;
    if (used * 5 < (table.length - 1) * 3) continue;
    const members = inTable(table);
    table = new Array(slotsFor(used)).fill(undefined);
    for (const moved of members) insert(table, moved);
  }
  return inTable(table);
}

function insert(table: (Integer | undefined)[], member: Integer): void {
  const mask = table.length - 1;
  const hash = hashInteger(member);
  let perturb = BigInt.asUintN(64, hash);
  let slot = Number(BigInt.asUintN(64, hash) & BigInt(mask));
  while (true) {
    const last = slot + LINEAR_PROBES <= mask ? slot + LINEAR_PROBES : slot;
    for (let i = slot; i <= last; i++) {
      if (table[i] === undefined) {
        table[i] = member;
        return;
      }
    }
    perturb >>= PERTURB_SHIFT;
    slot = Number((BigInt(slot) * 5n + 1n + perturb) & BigInt(mask));
  }
}

function hashInteger(member: Integer): bigint {
  // The remainder has the sign of the integer; -1 is the mark of an error and is never a hash.
  const hash = BigInt(member) % HASH_MODULUS;
  return hash === -1n ? -2n : hash;
}

/** Slots of a table that has just grown to hold `used` members and more. */
function slotsFor(used: number): number {
  const room = used > FAST_GROWTH_MEMBERS_MAX ? used * 2 : used * 4;
  let slots = SLOTS_MIN;
  while (slots <= room) slots *= 2;
  return slots;
}

function inTable(table: readonly (Integer | undefined)[]): Integer[] {
  return table.filter((member) => member !== undefined);
}

function sameOrder(a: readonly Integer[], b: readonly Integer[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}
