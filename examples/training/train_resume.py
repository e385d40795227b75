"""Trains a small network with PyTorch, writes checkpoints and resumes from them.

`--forget PART` leaves out one part of the checkpoint, which is what `rewind check-resume` is for.
"""

import argparse
import json
import os
import random
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

PARTS = ("generator", "sampler", "optimizer", "scheduler")


class Sampler:
    """Shuffles anew in every epoch, by a generator of its own, and knows its place."""

    def __init__(self, count, batch, seed):
        self.count, self.batch, self.seed, self.at = count, batch, seed, 0

    def __iter__(self):
        while True:
            epoch, start = divmod(self.at, self.count // self.batch)
            generator = torch.Generator().manual_seed(self.seed + epoch)
            order = torch.randperm(self.count, generator=generator).tolist()
            self.at += 1
            yield order[start * self.batch : (start + 1) * self.batch]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--every", type=int, default=10, help="steps between two checkpoints")
    parser.add_argument("--out", default=".")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--forget", choices=PARTS)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds per step")
    args = parser.parse_args()

    random.seed(args.seed)
    torch.manual_seed(args.seed)
    x = torch.randn(256, 8)
    data = TensorDataset(x, (x[:, :1] * x[:, 1:2]).sign())
    model = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Dropout(0.1), nn.Linear(32, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=15, gamma=0.5)
    sampler = Sampler(len(data), 32, args.seed)
    path = os.path.join(args.out, "checkpoint.pt")
    first = 0

    if args.resume and os.path.exists(path):
        saved = torch.load(path, weights_only=False)
        first = saved["step"]
        model.load_state_dict(saved["model"])
        if args.forget != "optimizer":
            rates = [group["lr"] for group in optimizer.param_groups]
            optimizer.load_state_dict(saved["optimizer"])
            if args.forget == "scheduler":
                for group, rate in zip(optimizer.param_groups, rates):
                    group["lr"] = rate
        if args.forget != "scheduler":
            scheduler.load_state_dict(saved["scheduler"])
            if args.forget == "optimizer":
                for group, rate in zip(optimizer.param_groups, scheduler.get_last_lr()):
                    group["lr"] = rate
        if args.forget != "sampler":
            sampler.at = saved["sampler"]

    batches = iter(DataLoader(data, batch_sampler=sampler))
    if first > 0 and args.forget != "generator":
        # Last of all: an iterator of a DataLoader draws a seed when it is made.
        torch.set_rng_state(saved["generator"])
    with open(os.environ.get("RLDK_METRICS_PATH", "metrics.jsonl"), "w") as log:
        for step in range(first, args.steps):
            at = sampler.at
            inputs, targets = next(batches)
            loss = nn.functional.mse_loss(model(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
            log.write(json.dumps({"step": step, "seed": args.seed, "loss": loss.item()}) + "\n")
            log.flush()
            if (step + 1) % args.every == 0:
                saved = {
                    "step": step + 1,
                    "model": model.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "scheduler": scheduler.state_dict(),
                    "sampler": at + 1,
                    "generator": torch.get_rng_state(),
                }
                torch.save(saved, path + ".tmp")
                os.replace(path + ".tmp", path)
            time.sleep(args.pause)


if __name__ == "__main__":
    main()
