"""Trains one of five small models on the CPU once for each fault that is named, each time in a fork.

python torch_faults.py FOLDER MODEL FAULT:STEP ... writes FOLDER/MODEL/FAULT/fingerprints.jsonl. PyTorch takes
longer to import than a model to train: what the recorder holds of the process is made anew in each fork.
"""

import os
import random
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, Sampler

FOLDER, MODEL = sys.argv[1:3]
FAULT, AT = "none", -1
STEPS = 6
NOW = {"step": 0}


def at(fault):
    return FAULT == fault and NOW["step"] == AT


class Bent(torch.autograd.Function):
    """Identity whose backward pass is off in the step of the fault; the graph is the same in all others."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        return grad * (1.0001 if at("backward") else 1.0)


class Part(nn.Module):
    """A layer in which an operation can go wrong."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        out = Bent.apply(self.inner(x))
        if at("dtype"):
            out = out.bfloat16().float()
        if at("forward"):
            out.data.view(-1)[3] += 1e-3
        if at("hook"):
            out.register_hook(lambda grad: grad * 1.0001)
        if at("inserted"):
            out = out * 1.0001
        if at("inserted draw"):
            out = F.dropout(out, 0.1)
        return out


class Perceptron(nn.Module):
    faulty = "hidden"

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(16, 32)
        self.hidden = Part(nn.Linear(32, 32))
        self.drop = nn.Dropout(0.2)
        self.last = nn.Linear(32, 4)

    def forward(self, x):
        return self.last(self.drop(F.relu(self.hidden(F.relu(self.first(x))))))


class Convolutions(nn.Module):
    faulty = "features.3"

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(inplace=True),
            Part(nn.Conv2d(6, 8, 3, padding=1)), nn.BatchNorm2d(8), nn.ReLU(), nn.Dropout2d(0.2),
        )
        self.head = nn.Linear(8 * 16, 4)

    def forward(self, x):
        return self.head(self.features(x.view(-1, 1, 4, 4)).flatten(1))


class Recurrent(nn.Module):
    faulty = "mix"

    def __init__(self):
        super().__init__()
        self.cell = nn.GRU(4, 16, num_layers=2, dropout=0.2, batch_first=True)
        self.mix = Part(nn.Linear(16, 16))
        self.last = nn.Linear(16, 4)

    def forward(self, x):
        out, _ = self.cell(x.view(-1, 4, 4))
        return self.last(torch.tanh(self.mix(out[:, -1])))


class Attention(nn.Module):
    faulty = "project"

    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(4, 16)
        self.layers = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True), 2,
            enable_nested_tensor=False)
        self.project = Part(nn.Linear(16, 16))
        self.last = nn.Linear(16, 4)

    def forward(self, x):
        return self.last(self.project(self.layers(self.embed(x.view(-1, 4, 4))).mean(1)))


class Block(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.norm = nn.LayerNorm(24)
        self.inner = inner
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        return x + self.drop(F.gelu(self.inner(self.norm(x))))


class Residual(nn.Module):
    faulty = "blocks.1.inner"

    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(16, 24)
        self.blocks = nn.ModuleList(
            Block(Part(nn.Linear(24, 24)) if i == 1 else nn.Linear(24, 24)) for i in range(3))
        self.last = nn.Linear(24, 4)
        self.anchor = nn.Linear(16, 24).requires_grad_(False)

    def forward(self, x):
        x = self.stem(x) + self.anchor(x)
        for block in self.blocks:
            x = block(x)
        return self.last(x)


MODELS = {kind.__name__.lower(): kind
          for kind in (Perceptron, Convolutions, Recurrent, Attention, Residual)}


class Data(Dataset):
    """Noise from NumPy, flips from random: what augmentation draws from."""

    def __init__(self, noise):
        self.x = torch.randn(64, 16)
        self.y = (self.x[:, 0] * 2).long().clamp(0, 3)
        self.noise = noise

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        x = self.x[i] + 0.01 * float(np.random.randn()) + 0.01 * float(self.noise.standard_normal())
        return (x.flip(0) if random.random() < 0.3 else x), self.y[i]


class Order(Sampler):
    def __init__(self, size, generator):
        self.size = size
        self.generator = generator

    def __len__(self):
        return self.size

    def __iter__(self):
        order = torch.randperm(self.size, generator=self.generator).tolist()
        if FAULT == "order" and AT >= 0:
            order[8 * AT], order[-1] = order[-1], order[8 * AT]
        return iter(order)


def main():
    random.seed(1)
    np.random.seed(2)
    torch.manual_seed(3 if not (FAULT == "unseeded") else random.SystemRandom().randrange(2**40))
    noise = np.random.default_rng(4)
    shuffle = torch.Generator()
    shuffle.manual_seed(5)
    model = MODELS[MODEL]()
    weights = dict(model.named_parameters())
    chosen = [name for name in weights if name.startswith(model.faulty) and name.endswith("weight")][0]
    if FAULT == "initial":
        with torch.no_grad():
            weights[chosen].view(-1)[0] += 1e-4
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.5)
    loader = DataLoader(Data(noise), batch_size=8, sampler=Order(64, shuffle))
    batches = iter(loader)
    for step in range(STEPS):
        NOW["step"] = step
        if at("random"):
            random.seed(random.SystemRandom().randrange(2**40))
        if at("numpy"):
            np.random.seed(random.SystemRandom().randrange(2**32))
        if at("torch"):
            torch.manual_seed(random.SystemRandom().randrange(2**40))
        if at("default_rng"):
            noise.bit_generator.advance(7)
        x, y = next(batches)
        if at("extra draw"):
            torch.rand(1)
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        if at("state"):
            optimizer.state[weights[chosen]]["exp_avg"].mul_(1.001)
        if at("scheduler"):
            optimizer.param_groups[0]["lr"] *= 1.01
        optimizer.step()
        scheduler.step()
        if FAULT == "weights" and step == AT - 1:
            with torch.no_grad():
                weights[chosen].mul_(1.001)
        if FAULT == "frozen" and step == AT - 1:
            model.anchor.weight.data.mul_(1.001)


def run(fault):
    global FAULT, AT
    FAULT, at = fault.split(":")
    AT = int(at)
    import _rewind_stream as stream

    stream._FOLDER = os.path.join(FOLDER, MODEL, FAULT)
    os.makedirs(stream._FOLDER)
    stream.state.__init__()
    main()
    stream._close()


for fault in sys.argv[3:]:
    child = os.fork()
    if child == 0:
        try:
            run(fault)
        except BaseException as error:
            sys.stderr.write("%s %s: %r\n" % (MODEL, fault, error))
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(1)
