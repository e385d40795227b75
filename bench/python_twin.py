"""The same work in Python, one task per line on standard input: a plain twin of the engine, and the
Python package itself where REWIND_PEER names the folder that holds its `rewind` module."""

import hashlib
import os
import random
import sys

PEER = os.environ.get("REWIND_PEER")
if PEER:
    sys.path.insert(0, PEER)
    import rewind


def block_seed(seed, block):
    text = f"block:{seed}:{block}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def walk(x, rng):
    return x + (1 if rng.random() < 0.5 else -1)


def record(step, state, steps, seed, block):
    checkpoints = []
    for j in range(-(-steps // block)):
        checkpoints.append(state)
        rng = random.Random(block_seed(seed, j))
        for _ in range(min(block, steps - 1 - j * block)):
            state = step(state, rng)
    return checkpoints


def get(checkpoints, t, step, seed, block):
    j = t // block
    state = checkpoints[j]
    rng = random.Random(block_seed(seed, j))
    for _ in range(t - j * block):
        state = step(state, rng)
    return state


def stats(checkpoints, step, steps, seed, block):
    count, mean, m2 = 0, 0.0, 0.0
    for j, state in enumerate(checkpoints):
        rng = random.Random(block_seed(seed, j))
        for i in range(min(block, steps - j * block)):
            if i:
                state = step(state, rng)
            count += 1
            delta = state - mean
            mean += delta / count
            m2 += delta * (state - mean)
    return mean, m2 / (count - 1)


STEPS = 1_000_000
RUN = record(walk, 0, STEPS, 42, 1000)
PEER_RUN = rewind.record(walk, 0, STEPS, 42) if PEER else None
PICKS = random.Random(1)

TASKS = {
    "ready": lambda: PEER is not None,
    "record": lambda: record(walk, 0, STEPS, 42, 1000)[1],
    "get": lambda: [get(RUN, PICKS.randrange(STEPS), walk, 42, 1000) for _ in range(100)][0],
    "stats": lambda: stats(RUN, walk, STEPS, 42, 1000)[0],
    "peer record": lambda: rewind.record(walk, 0, STEPS, 42).n_steps,
    "peer get": lambda: [PEER_RUN.get(PICKS.randrange(STEPS)) for _ in range(100)][0],
    "peer stats": lambda: str(PEER_RUN.stats(lambda x: x)),
    "peer verify": lambda: str(PEER_RUN.verify(full=True)),
}

for line in sys.stdin:
    print(TASKS[line.strip()](), flush=True)
