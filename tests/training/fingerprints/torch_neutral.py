"""Steps of many kinds in one process; prints every value: fingerprints must not change one of them."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
out = []
x = torch.randn(32, 8)
y = x.sum(1, keepdim=True)


def closure_of(model, optimizer):
    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        return loss

    return closure


# Steps with a closure, by position and by name.
model = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.LBFGS(model.parameters(), max_iter=4)
for _ in range(2):
    out.append(float(optimizer.step(closure_of(model, optimizer))))
model = nn.Linear(8, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
for _ in range(2):
    out.append(float(optimizer.step(closure=closure_of(model, optimizer))))

# Two optimizers in one step.
maker, judge = nn.Linear(4, 8), nn.Linear(8, 1)
first, second = torch.optim.Adam(maker.parameters()), torch.optim.Adam(judge.parameters())
for _ in range(2):
    second.zero_grad()
    made = maker(torch.randn(8, 4)).detach()
    (F.softplus(judge(made)).mean() + F.softplus(-judge(x[:8])).mean()).backward()
    second.step()
    first.zero_grad()
    loss = F.softplus(-judge(maker(torch.randn(8, 4)))).mean()
    loss.backward()
    first.step()
    out.append(loss.item())

# Sparse gradients, bfloat16, clipping.
table = nn.Embedding(10, 4, sparse=True)
optimizer = torch.optim.SparseAdam(table.parameters())
for _ in range(2):
    optimizer.zero_grad()
    loss = table(torch.randint(0, 10, (5,))).pow(2).sum()
    loss.backward()
    optimizer.step()
    out.append(loss.item())
model = nn.Linear(8, 4).bfloat16()
optimizer = torch.optim.AdamW(model.parameters())
for _ in range(2):
    optimizer.zero_grad()
    loss = model(x.bfloat16()).float().pow(2).mean()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    optimizer.step()
    out.append(loss.item())


class Odd(nn.Module):
    """Tied weights, a part that is not used, operations in place, recomputation, keywords, nested results."""

    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.b = nn.Linear(8, 8)
        self.b.weight = self.a.weight
        self.unused = nn.Linear(2, 2)
        self.drop = nn.Dropout(0.5)
        self.relu = nn.ReLU(inplace=True)
        self.lstm = nn.LSTM(8, 4, batch_first=True)

    def forward(self, x, *, scale=1.0):
        x = self.relu(self.a(x))
        x = checkpoint(lambda z: self.drop(self.b(z)), x, use_reentrant=False)
        h, _ = self.lstm(x[:, None])
        return {"out": h.sum() * scale, "x": x}


odd = Odd()
rest = [p for name, p in odd.named_parameters() if not name.startswith("a.")]
optimizer = torch.optim.Adam([{"params": odd.a.parameters()}, {"params": rest, "lr": 1e-2}])
for _ in range(3):
    for _ in range(2):
        result = odd(x, scale=2.0)
        spectrum = torch.view_as_complex(result["x"].view(32, 4, 2).contiguous()).abs().sum()
        (result["out"] + spectrum * 1e-3).backward()
    optimizer.step()
    optimizer.zero_grad()
    out.append(result["out"].item())

# Gradients of gradients, mixed precision.
leaf = x.clone().requires_grad_()
model = nn.Linear(8, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(2):
    slope, = torch.autograd.grad(model(leaf).sum().tanh(), leaf, create_graph=True)
    loss = (slope.norm() - 1) ** 2
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    out.append(loss.item())
with torch.autocast("cpu", dtype=torch.bfloat16):
    loss = model(x).float().pow(2).mean()
loss.backward()
optimizer.step()
out.append(loss.item())

# Generators, copies, inference.
copied = copy.deepcopy(odd)
out.append(float(torch.rand(1)))
generator = torch.Generator()
generator.manual_seed(2)
out.append(torch.randn(2, generator=generator).tolist())
out.append(isinstance(torch.default_generator, torch.Generator))
other = torch.Generator(device="cpu")
other.set_state(generator.get_state())
out.append(torch.randn(1, generator=other).item())
with torch.inference_mode():
    out.append(copied.eval()(x)["out"].item())
print(out)
