/**
 * What the hashes of a step cost beside `clone()` of the same tensors, by processor time in one run:
 * `deno run -A bench/fingerprint_cost.ts [PYTHON]`, with a Python that has torch and NumPy. At most 4 times as much.
 *
 * @module
 */

import { PYTHON_HASH } from "../src/training/command/python/hash.ts";

const SCRIPT = `${PYTHON_HASH}
import time
import numpy
import torch

torch.set_num_threads(1)
ROUNDS = 15


def seconds(work):
    start = time.process_time()
    for _ in range(5):
        work()
    return (time.process_time() - start) / 5


def compare(name, tensors):
    clones = min(seconds(lambda: [tensor.clone() for tensor in tensors]) for _ in range(ROUNDS))
    hashes = min(seconds(lambda: [hash_tensor(tensor) for tensor in tensors]) for _ in range(ROUNDS))
    print(f"{name}: clone() {clones * 1e6:.0f} us, hashes {hashes * 1e6:.0f} us, {hashes / clones:.2f} x")


nn = torch.nn
compare("transformer, small", list(nn.TransformerEncoder(nn.TransformerEncoderLayer(64, 4, 128), 6).parameters()))
compare("transformer", list(nn.TransformerEncoder(nn.TransformerEncoderLayer(256, 8, 1024), 4).parameters()))
compare("LSTM", list(nn.LSTM(64, 128, 2).parameters()))
compare("convolutions", [weight for n in (3, 16, 32, 64) for weight in nn.Conv2d(n, 2 * n, 3).parameters()])
compare("perceptron of 16 units", [weight for _ in range(8) for weight in nn.Linear(16, 16).parameters()])
`;

const { code } = await new Deno.Command(Deno.args[0] ?? "python3", { args: ["-c", SCRIPT] }).spawn()
  .status;
Deno.exit(code);
