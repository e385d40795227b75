"""Trains a small network with dropout on shuffled data with PyTorch: a real loop to replay.

    python3 train_torch.py --seed 7
    mv metrics.jsonl run.jsonl
    rewind replay --run run.jsonl --command "python3 train_torch.py" --metrics loss,accuracy --tolerance 0

`--forget-seed` is the bug to catch: dropout and the order of the data then depend on the process.
"""

import argparse
import json
import os

import torch
from torch import nn


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--forget-seed", action="store_true")
    args = parser.parse_args()

    # The data and the first weights are fixed, so that dropout and shuffling alone decide.
    with torch.random.fork_rng():
        torch.manual_seed(0)
        points = torch.randn(512, 8)
        labels = (points[:, 0] * points[:, 1] + 0.3 * points[:, 2] > 0).long()
        model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 2))
    if not args.forget_seed:
        torch.manual_seed(args.seed)

    dataset = torch.utils.data.TensorDataset(points, labels)
    loader = torch.utils.data.DataLoader(dataset, batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    path = os.environ.get("RLDK_METRICS_PATH", "metrics.jsonl")
    step = 0
    with open(path, "w") as log:
        while step < args.steps:
            for batch, target in loader:
                output = model(batch)
                loss = nn.functional.cross_entropy(output, target)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                accuracy = (output.argmax(1) == target).float().mean()
                row = {"step": step, "seed": args.seed, "loss": loss.item(), "accuracy": accuracy.item()}
                log.write(json.dumps(row) + "\n")
                log.flush()
                step += 1
                if step == args.steps:
                    break


if __name__ == "__main__":
    main()
