"""Checks artifacts that rewind wrote for Python: each loads, has the content hash that Python
computes, and every block, replayed by the same step in Python, ends at the next checkpoint.

Usage: python3 check_peer_written.py FOLDER. Needs NumPy. Says "ok" and the number of files.
"""

import hashlib
import io
import json
import math
import pathlib
import pickle
import random
import sys
import zipfile

import numpy as np


def walk(x, rng):
    return x + (1 if rng.random() < 0.5 else -1)


def mixed(state, rng):
    u = rng.uniform(-1, 1)
    k = rng.randrange(5)
    return {
        "a": state["a"] * 0.97 + u,
        "n": state["n"] * 3 + k,
        "hist": (state["hist"] + [k])[-3:],
        "text": "gerade \u00e9\U0001f600" if k % 2 == 0 else "ungerade \ud800",
        "seen": state["seen"] | {k},
        "by": {k: u, "k": None, -1.5: True},
        "raw": bytes([k, 255]),
    }


def vector(x, rng):
    return x * 0.5 + rng.random(size=4)


def matrix(x, rng):
    return x + rng.random(size=(2, 3), dtype=np.float32)


def counts(x, rng):
    return x + rng.integers(-5, 5, size=2, dtype=np.int64)


def graph(state, rng):
    state["leader"]["energy"] += rng.random()
    state["leader"] = state["people"][rng.randrange(3)]
    return state


def same_graph(state, following):
    """Values, and that the leader is one of the people and friends are a ring, in both."""
    for one in (state, following):
        people = one["people"]
        assert any(one["leader"] is agent for agent in people)
        assert all(agent["friend"] is people[(i + 1) % 3] for i, agent in enumerate(people))
    return (state["leader"]["id"] == following["leader"]["id"]
            and [agent["energy"] for agent in state["people"]]
            == [agent["energy"] for agent in following["people"]])


STEPS = {"graph": graph, "walk": walk, "branch": walk, "mixed": mixed, "vector": vector, "matrix": matrix,
         "counts": counts}


def image(state):
    if isinstance(state, np.ndarray):
        return b"ndarray|%s|%s|%s" % (
            str(state.dtype).encode(), str(state.shape).encode(), state.tobytes())
    return b"pickle|" + pickle.dumps(state, protocol=4)


def check(path):
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        meta = json.loads(z.read("meta.json"))
        if meta["anchor_encoding"] == "npz":
            with np.load(io.BytesIO(z.read("anchors.npz")), allow_pickle=False) as npz:
                anchors = {int(name): npz[name] for name in npz.files}
        else:
            anchors = pickle.loads(z.read("anchors.pkl"))
    stored = meta.pop("content_hash")
    digest = hashlib.blake2b(json.dumps(meta, sort_keys=True).encode(), digest_size=32)
    digest.update(b"\0".join(b"%d=%s" % (i, image(anchors[i])) for i in sorted(anchors)))
    assert digest.hexdigest() == stored, f"{path.name}: content hash"
    steps, size, step = meta["n_steps"], meta["block_size"], STEPS[path.stem]
    assert sorted(anchors) == list(range(math.ceil(steps / size))), f"{path.name}: checkpoints"
    for j in range(len(anchors) - 1):
        label = f"block:{meta['master_seed']}:{j}".encode()
        seed = int.from_bytes(hashlib.blake2b(label, digest_size=8).digest(), "big")
        rng = (random.Random(seed) if meta["backend"] == "python"
               else np.random.Generator(np.random.PCG64(seed)))
        state = anchors[j]
        for _ in range(size):
            state = step(state, rng)
        following = anchors[j + 1]
        same = (state.dtype == following.dtype and np.array_equal(state, following)
                if isinstance(state, np.ndarray) else
                same_graph(state, following) if step is graph else state == following)
        assert same, f"{path.name}: block {j} ends at {state!r}, not {following!r}"


paths = sorted(pathlib.Path(sys.argv[1]).glob("*.replay"))
assert {path.stem for path in paths} == set(STEPS), paths
for each in paths:
    check(each)
print("ok", len(paths))
