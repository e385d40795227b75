/**
 * An epidemic on a small-world network (Watts and Strogatz, 1998): people on a ring know their neighbors, and a few
 * know somebody far away. Take away the far ones (`rewired: 0`) and see how much slower it spreads.
 *
 * rewind record examples/network.ts --steps 120 --seed 2 -o network.replay
 * rewind view network.replay
 *
 * @module
 */

import type { PythonRandom } from "@rewind/cli";

/** Who knows whom, and how everybody is. */
export interface State {
  /** Two people per acquaintance. */
  edges: Uint32Array;
  /** 0 susceptible, 1 infected, 2 recovered. */
  health: Uint8Array;
}

/** People, neighbors on each side, share of the rewired, and chances per day. */
export const params = { people: 150, near: 2, rewired: 0.08, infect: 0.18, recover: 0.08 };

/** A ring with some ends moved, and three who are ill. */
export function init(
  { people, near, rewired }: typeof params,
  rng: PythonRandom,
): State {
  const edges: number[] = [];
  for (let i = 0; i < people; i++) {
    for (let k = 1; k <= near; k++) {
      const far = rng.random() < rewired;
      edges.push(i, far ? rng.randrange(people) : (i + k) % people);
    }
  }
  const health = new Uint8Array(people);
  for (let i = 0; i < 3; i++) health[rng.randrange(people)] = 1;
  return { edges: Uint32Array.from(edges), health };
}

/** One day: whoever was ill this morning may infect those known, and may recover. */
export function step(
  { edges, health }: State,
  rng: PythonRandom,
  { infect, recover }: typeof params,
): State {
  const next = health.slice();
  for (let e = 0; e < edges.length; e += 2) {
    const a = edges[e]!;
    const b = edges[e + 1]!;
    if (health[a]! + health[b]! !== 1) continue;
    if (rng.random() < infect) next[health[a] === 0 ? a : b] = 1;
  }
  for (let i = 0; i < health.length; i++) {
    if (health[i] === 1 && rng.random() < recover) next[i] = 2;
  }
  return { edges, health: next };
}

/** How many are how. */
export const observe = {
  infected: ({ health }: State): number => count(health, 1),
  recovered: ({ health }: State): number => count(health, 2),
};

function count(health: Uint8Array, kind: number): number {
  return health.reduce((sum, value) => sum + (value === kind ? 1 : 0), 0);
}

/** The network. */
export function picture({ edges, health }: State, _params: typeof params, t: number): unknown {
  return [
    { kind: "text", text: `Day ${t}` },
    {
      kind: "graph",
      nodes: health.length,
      edges,
      values: health,
      labels: ["susceptible", "infected", "recovered"],
      size: 5,
      path: "health",
    },
  ];
}
