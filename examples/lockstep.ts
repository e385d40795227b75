/**
 * A game of two players in lockstep: both machines run the same steps and send each other nothing but keys, so
 * the keys are the inputs and the whole match is a recording. Keys are a sum of 1 (left), 2 (right), 4 (up) and
 * 8 (down).
 *
 * rewind record examples/lockstep.ts --inputs examples/lockstep_keys.jsonl --seed 7 -o match.replay
 * rewind verify match.replay --step examples/lockstep_build2.ts
 *
 * @module
 */

import type { PythonRandom } from "@rewind/cli";

/** A place on the board. */
export interface Place {
  /** From the left. */
  x: number;
  /** From the top. */
  y: number;
}

/** What a match is made of. */
export interface Match {
  /** The two players. */
  players: (Place & { score: number })[];
  /** The coin that both are after. */
  coin: Place;
}

/** The keys that both players hold during one step. */
export interface Keys {
  /** Of the first player. */
  a: number;
  /** Of the second player. */
  b: number;
}

/** Size of the board, and how far a player moves in a step. */
const SIZE = 20;
const SPEED = 0.5;

/** Both players in their corners; where the coin lies is drawn. */
export function init(_params: unknown, rng: PythonRandom): Match {
  return {
    players: [{ x: 0, y: 0, score: 0 }, { x: SIZE, y: SIZE, score: 0 }],
    coin: placeOf(rng),
  };
}

/** One frame. */
export function step(
  match: Match,
  rng: PythonRandom,
  _params: unknown,
  _t: number,
  keys: Keys,
): Match {
  const players = match.players.map((player, i) => move(player, i === 0 ? keys.a : keys.b));
  let { coin } = match;
  for (const player of players) {
    if (Math.abs(player.x - coin.x) > 1 || Math.abs(player.y - coin.y) > 1) continue;
    player.score++;
    coin = placeOf(rng);
  }
  return { players, coin };
}

/** Score of the first player less that of the second. */
export const observe = {
  lead: ({ players }: Match): number => players[0]!.score - players[1]!.score,
};

/** Diagonal moves are as long as straight ones. */
function move<P extends Place>(player: P, keys: number): P {
  const dx = Math.sign((keys & 2) - 2 * (keys & 1));
  const dy = Math.sign((keys & 8) / 4 - (keys & 4) / 2);
  const length = SPEED / Math.sqrt(dx * dx + dy * dy || 1);
  return { ...player, x: clamp(player.x + dx * length), y: clamp(player.y + dy * length) };
}

function clamp(x: number): number {
  return Math.min(SIZE, Math.max(0, x));
}

function placeOf(rng: PythonRandom): Place {
  return { x: rng.randint(0, SIZE), y: rng.randint(0, SIZE) };
}
