/**
 * A tiny training loop: logistic regression by stochastic gradient descent with momentum, whose loss
 * spikes late because a few of the training points are wrong by orders of magnitude. Find the step of the
 * spike, look at the batch that `trace` shows, fork from just before with a smaller learning rate.
 *
 * rewind record examples/sgd.ts --steps 20000 --seed 1 -o sgd.replay
 * rewind find sgd.replay --where 's => s.loss > 20'
 *
 * @module
 */

import type { PythonRandom } from "@rewind/cli";
import { exp, log1p } from "@rewind/cli/math";

/** Weights, momentum and the loss of the last batch. */
export interface State {
  /** One weight per feature, and the bias. */
  weights: Float64Array;
  /** Momentum of each weight. */
  velocity: Float64Array;
  /** Mean loss of the last batch. */
  loss: number;
}

/** How it is trained. */
export const params = { features: 8, batch: 16, rate: 0.05, momentum: 0.9, badShare: 2e-6 };

/** All weights zero. */
export function init({ features }: typeof params): State {
  return {
    weights: new Float64Array(features + 1),
    velocity: new Float64Array(features + 1),
    loss: 0,
  };
}

/** One batch. */
export function step(state: State, rng: PythonRandom, settings: typeof params): State {
  const { features, batch, rate, momentum, badShare } = settings;
  const { weights, velocity } = state;
  const gradient = new Float64Array(weights.length);
  const point = new Float64Array(weights.length);
  let loss = 0;
  for (let i = 0; i < batch; i++) {
    let score = 0;
    let truth = 0;
    for (let k = 0; k < features; k++) {
      point[k] = rng.gauss(0, 1);
      truth += point[k]! * (k % 2 === 0 ? 1 : -1);
      score += point[k]! * weights[k]!;
    }
    point[features] = 1;
    score += weights[features]!;
    const label = truth + rng.gauss(0, 0.5) > 0 ? 1 : 0;
    if (rng.random() < badShare) {
      for (let k = 0; k < features; k++) point[k]! *= -1e4;
      score = -score * 1e4;
    }
    const margin = label === 1 ? score : -score;
    loss += margin > 0 ? log1p(exp(-margin)) : -margin + log1p(exp(margin));
    const error = 1 / (1 + exp(-score)) - label;
    for (let k = 0; k <= features; k++) gradient[k]! += (error * point[k]!) / batch;
  }
  for (let k = 0; k <= features; k++) {
    velocity[k] = momentum * velocity[k]! - rate * gradient[k]!;
    weights[k]! += velocity[k]!;
  }
  return { weights, velocity, loss: loss / batch };
}

/** The loss of each batch. */
export const observe = { loss: (state: State): number => state.loss };
