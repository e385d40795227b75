/**
 * The Boltzmann wealth model: agents who meet by chance and hand over one coin. The state is two typed
 * arrays that the step changes in place.
 *
 * rewind record examples/wealth.ts --steps 20000 --seed 3 --rng sfc32 -o wealth.replay
 *
 * @module
 */

import type { Sfc32Random } from "@rewind/cli";

/** What every agent owns. */
export interface State {
  /** Coins per agent. */
  coins: Int32Array;
  /** How often each agent was the giver. */
  gifts: Uint32Array;
}

/** The generator this model asks for. */
export const rng = "sfc32";

/** How many agents there are and what they start with. */
export const params = { agents: 500, coins: 10 };

/** Everybody has the same. */
export function init({ agents, coins }: typeof params): State {
  return { coins: new Int32Array(agents).fill(coins), gifts: new Uint32Array(agents) };
}

/** Every agent in turn, drawn at random, gives a coin to another one. */
export function step(state: State, random: Sfc32Random): State {
  const { coins, gifts } = state;
  for (let i = 0; i < coins.length; i++) {
    const giver = Math.floor(random.random() * coins.length);
    const taker = Math.floor(random.random() * coins.length);
    if (coins[giver]! > 0) {
      coins[giver]!--;
      coins[taker]!++;
      gifts[giver]!++;
    }
  }
  return state;
}

/** Inequality: 0 if all own the same, towards 1 if one owns everything. */
function gini({ coins }: State): number {
  const sorted = coins.toSorted();
  let weighted = 0;
  let total = 0;
  sorted.forEach((value, i) => {
    weighted += (i + 1) * value;
    total += value;
  });
  return (2 * weighted) / (sorted.length * total) - (sorted.length + 1) / sorted.length;
}

/** The Gini coefficient and how many own nothing. */
export const observe = {
  gini,
  poor: (state: State): number => state.coins.reduce((n, value) => n + (value === 0 ? 1 : 0), 0),
};

/** Most coins that have a bar of their own. */
const BARS = 40;

/** How many agents own how much. */
export function picture({ coins }: State): unknown {
  const owners = new Uint32Array(BARS + 1);
  for (const owned of coins) owners[Math.min(owned, BARS)]!++;
  return [
    { kind: "text", text: `Agents by coins owned (the last bar: ${BARS} and more)` },
    { kind: "bars", values: owners, path: "agents" },
  ];
}
