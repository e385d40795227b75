"""Makes tests/golden/python_edges: artifacts as the Python package saves them, of states that try
every path of CPython's pickler and of NumPy's. Needs Python 3.11 or later and NumPy 2.

Run from anywhere: python3 make_python_edges.py
"""

import hashlib
import io
import json
import pathlib
import pickle
import zipfile

import numpy as np

FOLDER = pathlib.Path(__file__).parent / "python_edges"
SHARED = ["shared", (1, 2)]
TEXT = "text" * 3


def image(state):
    if isinstance(state, np.ndarray):
        return b"ndarray|%s|%s|%s" % (
            str(state.dtype).encode(), str(state.shape).encode(), state.tobytes())
    return b"pickle|" + pickle.dumps(state, protocol=4)


def save(name, states, observed=None, seed=1):
    """One state per block of one step each."""
    meta = {
        "name": "rewind", "format_version": 1, "master_seed": seed, "n_steps": len(states),
        "block_size": 1, "backend": "numpy", "seed_derivation": "blake2b-v1",
        "step_id": "edges:\u00e9\U0001f600\"\\\x7f", "observed": observed or {},
        "parent_hash": None, "branch_point": None,
        "anchor_encoding": "npz" if all(isinstance(s, np.ndarray) for s in states) else "pickle",
    }
    digest = hashlib.blake2b(digest_size=32)
    digest.update(json.dumps(meta, sort_keys=True).encode())
    digest.update(b"\0".join(b"%d=%s" % (i, image(s)) for i, s in enumerate(states)))
    meta["content_hash"] = digest.hexdigest()
    if meta["anchor_encoding"] == "npz":
        buffer = io.BytesIO()
        np.savez(buffer, **{str(i): s for i, s in enumerate(states)})
        member, blob = "anchors.npz", buffer.getvalue()
    else:
        member, blob = "anchors.pkl", pickle.dumps(dict(enumerate(states)), protocol=5)
    with zipfile.ZipFile(FOLDER / f"{name}.replay", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for entry, text in (("meta.json", json.dumps(meta, sort_keys=True)), (member, blob)):
            z.writestr(zipfile.ZipInfo(entry), text, zipfile.ZIP_DEFLATED)


FOLDER.mkdir(exist_ok=True)
save("integers", [s * 2 ** b + d for b in (7, 8, 15, 16, 31, 32, 53, 63, 64, 127, 128, 2039, 2040)
                  for s in (1, -1) for d in (-1, 0, 1)])
save("floats", [0.1, -0.0, 5e-324, 1.7976931348623157e308, float("nan"), float("-inf"), 2.0 ** 53],
     observed={"x": {"count": 7, "mean": 1e16, "variance": 1e-05, "std": 123456789012345.6},
               "\ue000": {"count": 1, "mean": float("nan"), "variance": 0.0, "std": -0.0},
               "\U0001f600": {"count": 1, "mean": 1e+22, "variance": 9999999999999998.0,
                              "std": float("inf")}},
     seed=-(10 ** 40))
save("texts", ["", "a", "\xff", "\u0100", "a" * 255, "a" * 256, "\ud800", "x\udfffy", "\ufeff",
               ["a", "a", "", "", "\xe9", "\xe9", TEXT, TEXT, "text" + str(3), "text" + str(3)]])
save("bytes", [b"", b"a", b"b" * 255, b"c" * 256, [b"", b"", b"x", b"x", b"xy", b"xy"], bytearray(),
               bytearray(b"z"), {"a": bytearray(b"long"), "b": bytearray(b"long")}])
save("large", ["s" * 65535, "s" * 65536, b"b" * 65535, b"b" * 65536, [1.5] * 20_000,
               ["t" * 70_000, 1, "u" * 70_000, "u" * 3], {"k" * 65536: "v" * 65533}])
save("batches", [list(range(n)) for n in (0, 1, 2, 999, 1000, 1001, 2000)]
     + [{i: None for i in range(n)} for n in (0, 1, 2, 999, 1000, 1001, 2000)]
     + [set(range(n)) for n in (0, 1, 2, 999, 1000, 1001, 2000)]
     + [frozenset(range(n)) for n in (0, 1, 2, 1001)]
     + [tuple(range(n)) for n in (0, 1, 2, 3, 4, 1001)])
save("sharing", [SHARED, [SHARED, SHARED, SHARED[1]], {"a": SHARED, "b": [SHARED]}, [[], [], ()],
                 [(), ((),), (1,), (1,)], [["m", str(i)] for i in range(300)] * 2])


def cyclic():
    """Lists, dicts and tuples that contain themselves; a tuple is saved twice and taken back."""
    ring = [1]
    ring.append(ring)
    node = {"id": 1}
    node["friend"] = {"id": 2, "friend": node}
    short = ([],)
    short[0].append(short)
    long = ([], 1, 2, 3)
    long[0].extend([long, long])
    inside = {}
    inside["t"] = (inside, (inside, [inside]))
    return [ring, node, short, long, inside, {1: ring, 2: ring}]


LEADER = {"id": 2, "energy": 0.5}
RAW = bytearray(b"raw")
FLOATS = np.arange(3.0)
save("graphs", cyclic() + [
    {"people": [{"id": 0}, {"id": 1}, LEADER], "leader": LEADER, "by": {7: LEADER, 8: [LEADER]}},
    [RAW, RAW, b"raw", FLOATS, {"same": FLOATS}],
    [{1, 2}] * 2 + [frozenset([1, 2])] * 2,
])
save("sets", [{"b", "a", "c"}, {1, "a", None, 1.5, (1, "x"), frozenset([1, 2])}, frozenset(["x"]), set()])
save("scalars", [np.float64(1.5), np.int64(-7), np.int64(2 ** 60), np.uint8(255), np.bool_(True),
                 np.float32(0.1), [np.float64(1), np.float64(2), np.int32(3), np.float64(4)],
                 {"x": np.uint64(2 ** 64 - 1), "y": 1.0}])
save("nested_arrays", [
    {"x": np.arange(3.0), "y": np.arange(4, dtype="i2").reshape(2, 2)},
    [np.zeros(0), np.array(5.0), np.asfortranarray(np.arange(6.0).reshape(2, 3))],
    [np.arange(3, dtype=">f8"), np.float64(1), np.array([True, False]), np.array([7], dtype="u1")],
    [np.arange(12.0)[::2], np.arange(12.0).reshape(3, 4)[:, 1:3], np.arange(12.0).reshape(3, 4).T],
    ["numpy_", b"b_", np.arange(2), np.arange(2)],
])
save("dtypes", [np.arange(3).astype(code) for code in
                ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "?",
                 ">i2", ">i8", ">u4", ">f4", ">f8")])
save("shapes", [np.zeros(0), np.zeros((0, 3)), np.array(1.5), np.ones((1,)), np.arange(24).reshape(2, 3, 4),
                np.asfortranarray(np.arange(24).reshape(2, 3, 4)), np.arange(6.0).reshape(2, 3).T,
                np.arange(12, dtype=">i4").reshape(3, 4)[::2, ::-1]])
for protocol in range(5):
    # The package always writes the highest protocol; older ones are read all the same.
    states = [None, True, False, 0, -1, 300, 2 ** 40, -2 ** 70, 1.5, "a\u00e9\U0001f600\n\\", (1, 2, 3, 4), [1, [2]],
              {"k": (1,), 2: ()}]
    save(f"protocol{protocol}", states)
    path = FOLDER / f"protocol{protocol}.replay"
    with zipfile.ZipFile(path) as z:
        meta = z.read("meta.json")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo("meta.json"), meta, zipfile.ZIP_DEFLATED)
        z.writestr(zipfile.ZipInfo("anchors.pkl"),
                   pickle.dumps(dict(enumerate(states)), protocol=protocol), zipfile.ZIP_DEFLATED)
