"""Trains a small network on two spirals, with nothing but Python: a real loop to replay.

    python3 train_spirals.py --seed 7
    mv metrics.jsonl run.jsonl
    rewind replay --run run.jsonl --command "python3 train_spirals.py" --metrics loss,accuracy

`--forget-seed` is the bug to catch: the order of the data then comes from an unseeded generator.
"""

import argparse
import json
import math
import os
import random


def spirals(rng, count):
    points = []
    for i in range(count):
        turn = 0.5 + 2.5 * i / count
        for label in (0, 1):
            angle = 2 * math.pi * (turn / 2 + label / 2)
            points.append((
                turn * math.cos(angle) / 3 + rng.gauss(0, 0.02),
                turn * math.sin(angle) / 3 + rng.gauss(0, 0.02),
                label,
            ))
    return points


class Network:
    """Two inputs, one hidden layer of tanh units, one logistic output."""

    def __init__(self, rng, hidden):
        self.w1 = [[rng.gauss(0, 1.5), rng.gauss(0, 1.5), rng.gauss(0, 1)] for _ in range(hidden)]
        self.w2 = [rng.gauss(0, 0.5) for _ in range(hidden + 1)]

    def forward(self, x, y):
        hidden = [math.tanh(a * x + b * y + c) for a, b, c in self.w1]
        z = sum(w * h for w, h in zip(self.w2, hidden)) + self.w2[-1]
        return hidden, 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))

    def train(self, batch, rate):
        loss = correct = squares = 0.0
        g1 = [[0.0, 0.0, 0.0] for _ in self.w1]
        g2 = [0.0] * len(self.w2)
        for x, y, label in batch:
            hidden, p = self.forward(x, y)
            loss -= math.log(max(p if label else 1 - p, 1e-12))
            correct += (p > 0.5) == (label == 1)
            error = p - label
            g2[-1] += error
            for j, h in enumerate(hidden):
                g2[j] += error * h
                back = error * self.w2[j] * (1 - h * h)
                g1[j][0] += back * x
                g1[j][1] += back * y
                g1[j][2] += back
        n = len(batch)
        for j, gradient in enumerate(g1):
            for k in range(3):
                squares += (gradient[k] / n) ** 2
                self.w1[j][k] -= rate * gradient[k] / n
        for j, gradient in enumerate(g2):
            squares += (gradient / n) ** 2
            self.w2[j] -= rate * gradient / n
        return loss / n, correct / n, math.sqrt(squares)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("--forget-seed", action="store_true")
    args = parser.parse_args()

    rng = random.Random(args.seed)
    order = random.Random() if args.forget_seed else rng
    data = spirals(rng, 60)
    network = Network(rng, 12)
    path = os.environ.get("RLDK_METRICS_PATH", "metrics.jsonl")
    with open(path, "w") as log:
        for step in range(args.steps):
            loss, accuracy, norm = network.train(order.sample(data, 24), args.rate)
            row = {"step": step, "seed": args.seed, "loss": loss, "accuracy": accuracy, "grad_norm": norm}
            log.write(json.dumps(row) + "\n")
            log.flush()
    print("final loss", loss)


if __name__ == "__main__":
    main()
