"""Writes numpy_extra.json: draws of NumPy 2.4.6 over seeds and parameters that numpy_pcg64.json lacks.

Run with that version: python3 tests/golden/make_numpy_extra.py. Each draw case has a generator of its own:
[seed, method, args, kwargs, result, low 64 bits of the state afterwards as hex]. Integer results of many
draws are {"sha256": of little-endian int64, "n": count}; other values are written as in numpy_pcg64.json.
"""

import hashlib
import json
import math
import pathlib
import random

import numpy as np

assert np.__version__ == "2.4.6", np.__version__

pick = random.Random(20260)


def plain(value):
    """JSON without loss: big integers and odd floats tagged, arrays as dtype, shape, data."""
    if isinstance(value, np.ndarray):
        return {
            "dtype": str(value.dtype),
            "shape": list(value.shape),
            "data": [plain(v) for v in value.ravel().tolist()],
        }
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"int": str(value)}
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return "-0" if value == 0 and math.copysign(1, value) < 0 else value
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return value


def low64(generator):
    return hex(generator.bit_generator.state["state"]["state"] & (2**64 - 1))


SEEDS = [0, 3, 2**32 - 1, 2**32, 2**64, 2**130 + 5, [1, 2, 3], [0], [7, 2**40, 0], [2**70, 1, 2, 3, 4, 5, 6]]


def draw(method, /, *args, **kwargs):
    seed = pick.choice(SEEDS)
    generator = np.random.default_rng(seed)
    result = getattr(generator, method)(*args, **kwargs)
    return [plain(seed), method, plain(args), plain(kwargs), plain(result), low64(generator)]


def many(method, n, /, *args, **kwargs):
    """Many integer draws, hashed; any one accepted otherwise would show."""
    seed = pick.choice(SEEDS)
    generator = np.random.default_rng(seed)
    result = getattr(generator, method)(*args, size=n, **kwargs)
    digest = hashlib.sha256(np.asarray(result).astype("<i8").tobytes()).hexdigest()
    kwargs = {**kwargs, "size": n}
    return [plain(seed), method, plain(args), plain(kwargs), {"sha256": digest, "n": n}, low64(generator)]


draws = []
for _ in range(3):
    for dtype in ("float64", "float32"):
        draws += [
            draw("random", size=[2, 3], dtype=dtype),
            draw("standard_normal", size=20, dtype=dtype),
            draw("standard_exponential", size=20, dtype=dtype),
            draw("standard_exponential", size=6, dtype=dtype, method="inv"),
        ]
        for shape in (0.0, 0.05, 0.5, 0.999, 1.0, 1.001, 3.0, 250.0):
            draws.append(draw("standard_gamma", shape, size=6, dtype=dtype))

# Ranges around every switch of the sampler: 8, 16, 32 and 64 bits, powers of two, heavy rejection
BOUNDS = [
    (0, 1), (0, 2), (0, 3), (5, 6), (-1, 1), (0, 2**31 + 1), (0, 2**32 - 1), (0, 2**32), (0, 2**32 + 1),
    (0, 3 * 2**30), (-(2**40), 2**40), (0, 2**53), (-(2**52), 2**52 + 12345), (-(2**53) + 1, 2**53),
    (0, 2**62 + 1), (0, 3 * 2**61), (-(2**63), 2**63), (-(2**63), 2**63 - 1), (2**62, 2**62 + 3), (0, 5 * 2**50),
]
for low, high in BOUNDS:
    draws.append(draw("integers", low, high, size=6))
    draws.append(draw("integers", low, high))
    draws.append(draw("integers", low, high - 1, size=4, endpoint=True))
    draws.append(draw("integers", low, high, size=5, dtype="int64"))
for dtype in ("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
    info = (0, 1) if dtype == "bool" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    span = int(info[1]) - int(info[0])
    for low, high in [info, (info[0], info[0] + max(1, span // 3)), (info[1] - max(1, span * 3 // 4), info[1]), (1, 1)]:
        draws.append(draw("integers", int(low), int(high), size=11, dtype=dtype, endpoint=True))
        draws.append(draw("integers", int(low), int(high), dtype=dtype, endpoint=True))
draws += [
    many("integers", 20000, 0, 3 * 2**30),
    many("integers", 20000, 0, 2**40 + 2**39),
    many("integers", 20000, 0, 3 * 2**51),
    many("integers", 20000, 0, 48000, dtype="uint16"),
    many("integers", 20000, 0, 97, dtype="int8"),
    many("integers", 5000, 0, 3 * 2**61),
    draw("integers", 1000), draw("integers", 7, size=[2, 2, 2]), draw("integers", 5, size=0),
]

for length in (0, 1, 2, 3, 4, 5, 16, 33):
    draws.append(draw("bytes", length))

draws += [
    draw("uniform"), draw("uniform", -1e300, 1e300), draw("uniform", 2.5, 2.5, size=2), draw("normal", 5.0, 0.0),
    draw("normal", -3.0, 1e-5, size=[2, 2]), draw("exponential", 0.0), draw("exponential", 1e10, size=3),
    draw("normal", float("nan"), 1.0), draw("normal", 0.0, float("nan")), draw("normal", float("inf"), 1.0),
]

items = list(range(100, 140))
weights = [(i % 7) + 1 for i in range(40)]
p40 = [w / sum(weights) for w in weights]
p5 = [0.0, 0.5, 0.0, 0.25, 0.25]
for size in (None, 0, 1, 7, 40, [4, 5]):
    draws += [
        draw("choice", 40, size=size),
        draw("choice", items, size=size),
        draw("choice", 40, size=size, replace=False),
        draw("choice", items, size=size, replace=False, shuffle=False),
        draw("choice", 40, size=size, p=p40),
        draw("choice", items, size=size, p=p40, replace=False),
    ]
draws += [
    draw("choice", 5, size=9, p=p5),
    draw("choice", 5, size=3, p=p5, replace=False),
    draw("choice", 12000, size=600, replace=False),
    draw("choice", 12000, size=200, replace=False),
    draw("choice", 12000, size=601, replace=False, shuffle=False),
    draw("choice", 12000, size=599, replace=False, shuffle=False),
    draw("choice", 2**40, size=6),
    draw("choice", 2**40, size=6, replace=False),
    many("choice", 20000, 1000003),
    many("choice", 20000, 40, p=p40),
]
for x in (0, 1, 2, 5, 33, items, [items[0]]):
    draws.append(draw("permutation", x))
for n in (0, 1, 2, 3, 31, 257):
    seed = pick.choice(SEEDS)
    generator = np.random.default_rng(seed)
    x = list(range(n))
    generator.shuffle(x)
    draws.append([plain(seed), "shuffle", [list(range(n))], {}, x, low64(generator)])

CONTINUOUS = {
    "gamma": [(0.3, 2.0), (1.0, 5.0), (7.5, 0.1), (0.0, 1.0), (1e6, 1.0)],
    "beta": [(0.1, 0.9), (1.0, 1.0), (1.5, 0.5), (30.0, 40.0), (1e-5, 2e-5), (1e-104, 2e-104), (1e-3, 0.5)],
    "chisquare": [(0.5,), (1.0,), (2.0,), (7.0,), (1000.0,)],
    "noncentral_chisquare": [(3.0, 0.0), (3.0, 2.5), (0.5, 4.0), (1.0, 30.0), (20.0, 1e4)],
    "f": [(1.0, 1.0), (2.0, 10.0), (50.0, 3.0)],
    "noncentral_f": [(3.0, 5.0, 2.0), (0.5, 9.0, 1.0)],
    "standard_t": [(0.7,), (1.0,), (3.0,), (100.0,)],
    "standard_cauchy": [()],
    "pareto": [(0.5,), (1.0,), (20.0,)],
    "weibull": [(0.0,), (0.5,), (1.0,), (5.0,)],
    "power": [(0.1,), (1.0,), (9.0,)],
    "laplace": [(0.0, 1.0), (-4.0, 0.5), (2.0, 0.0)],
    "gumbel": [(0.0, 1.0), (-4.0, 3.0)],
    "logistic": [(0.0, 1.0), (10.0, 0.1)],
    "lognormal": [(0.0, 1.0), (3.0, 0.25), (-2.0, 0.0)],
    "rayleigh": [(1.0,), (0.0,), (7.0,)],
    "wald": [(1.0, 1.0), (3.0, 0.1), (0.2, 40.0), (1e6, 1e-3)],
    "vonmises": [(0.0, 0.0), (1.0, 1e-9), (0.5, 1e-6), (-2.0, 0.5), (3.0, 10.0), (0.1, 1e5), (3.1, 1e7), (12.0, 2.0)],
    "triangular": [(0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (-3.0, -1.0, 8.0)],
}
for method, parameters in CONTINUOUS.items():
    for args in parameters:
        draws.append(draw(method, *args))
        draws.append(draw(method, *args, size=12))

DISCRETE = {
    "poisson": [(0.0,), (1e-3,), (1.0,), (9.999,), (10.0,), (11.5,), (99.9,), (12345.6,), (1e9,), (1e15,)],
    "binomial": [
        (1, 0.5), (10, 0.999), (59, 0.5), (60, 0.5), (61, 0.5), (100, 0.3), (100, 0.31), (1000, 0.03), (1000, 0.031),
        (1000, 0.97), (10**6, 0.5), (10**6, 0.75), (10**9, 1e-9), (10**12, 0.25), (50, 1e-12), (2**50, 0.9), (7, 0.0), (7, 1.0),
        (10**5, 0.001), (200, 0.5),
    ],
    "negative_binomial": [(1, 0.5), (0.3, 0.2), (20, 0.9), (1000, 0.01), (3.5, 1.0)],
    "geometric": [(1.0,), (0.34,), (1 / 3,), (0.33,), (1e-3,), (1e-12,), (1e-300,)],
    "hypergeometric": [
        (5, 5, 0), (5, 5, 9), (5, 5, 10), (0, 20, 5), (20, 0, 5), (100, 100, 9), (100, 100, 10), (100, 100, 190), (100, 100, 191),
        (100, 100, 100), (15, 3000, 500), (3000, 15, 500), (999999999, 999999999, 10**9), (10**6, 50, 10**5), (70, 40, 60),
    ],
    "logseries": [(0.0,), (0.1,), (0.5,), (0.9,), (0.99999,)],
    "zipf": [(1.0001,), (1.01,), (1.5,), (2.0,), (4.0,), (30.0,), (1024.0,), (1025.0,), (2000.0,)],
}
for method, parameters in DISCRETE.items():
    for args in parameters:
        draws.append(draw(method, *args))
        if args != (1.0001,):
            draws.append(many(method, 3000, *args))

# So near 1 nearly all results are above 2^53, where they show each wrong last bit of the C library's pow
draws.append(draw("zipf", 1.0001, size=60))

draws += [
    draw("multinomial", 0, [0.5, 0.5]), draw("multinomial", 1000, [0.1, 0.2, 0.7], size=4),
    draw("multinomial", 17, [1.0]), draw("multinomial", 10**6, [0.25] * 4, size=[2, 2]),
    draw("multinomial", 50, [0.0, 1.0, 0.0]), draw("multinomial", 50, [0.3, 0.3, 0.3]),
    draw("dirichlet", [0.5, 0.5]), draw("dirichlet", [1.0, 2.0, 30.0], size=3), draw("dirichlet", [0.01, 0.05, 0.09], size=3),
    draw("dirichlet", [0.0, 0.05, 0.0], size=2), draw("dirichlet", [5.0]), draw("dirichlet", [2.0, 0.0, 3.0], size=[2, 2]),
]
for method in ("marginals", "count"):
    for colors, nsample in (([16, 8, 4], 6), ([16, 8, 4], 20), ([100, 0, 300, 50], 225), ([3, 3], 0), ([3, 3], 6), ([9], 4)):
        draws.append(draw("multivariate_hypergeometric", colors, nsample, size=3, method=method))
        draws.append(draw("multivariate_hypergeometric", colors, nsample, method=method))

# Shaped arrays: 0, 1, 2, ... in C order, moved along an axis
shaped = []
for shape in ([4, 3], [2, 3, 4], [1, 5], [6]):
    for method in ("shuffle", "permutation", "permuted"):
        for axis in [*range(len(shape)), -1, None]:
            if axis is None and method != "permuted":
                continue
            seed = pick.choice(SEEDS)
            generator = np.random.default_rng(seed)
            x = np.arange(math.prod(shape)).reshape(shape)
            y = getattr(generator, method)(x, axis=axis)
            shaped.append([plain(seed), method, shape, axis, (x if y is None else y).ravel().tolist(), low64(generator)])

sequences = []
for entropy in (0, 1, 2**32, 2**128 + 3, 2**300 + 17, [1, 2, 3], [0, 0, 0, 0, 0, 0], [2**65, 9], []):
    for spawn_key in ((), (0,), (1, 2**33)):
        for pool_size in (4, 8):
            s = np.random.SeedSequence(entropy, spawn_key=spawn_key, pool_size=pool_size)
            child = s.spawn(2)[1].spawn(1)[0]
            sequences.append([
                plain(entropy), plain(spawn_key), pool_size,
                s.generate_state(6).tolist(), [str(v) for v in s.generate_state(3, "uint64")],
                child.generate_state(3).tolist(),
            ])

moves = []
for seed in (5, [4, 2]):
    for kind, amount in [("advance", 0), ("advance", 1), ("advance", -1), ("advance", -(10**30)), ("advance", 2**127), ("jumped", 1), ("jumped", 10**20)]:
        generator = np.random.default_rng(seed)
        generator.integers(0, 10, size=3)
        moved = getattr(generator.bit_generator, kind)(amount)
        state = moved.state
        moves.append([plain(seed), kind, str(amount), str(state["state"]["state"]), state["has_uint32"], state["uinteger"], str(moved.random_raw())])

mixed = []
for seed in (11, 2**64 - 1):
    generator = np.random.default_rng(seed)
    log = []
    for _ in range(150):
        kind = pick.randrange(6)
        if kind == 0:
            log.append(["random", {"dtype": "float32"}, plain(generator.random(dtype="float32"))])
        elif kind == 1:
            log.append(["random", {}, generator.random()])
        elif kind == 2:
            n = pick.choice([6, 10**9, 2**32, 2**33, 2**45])
            log.append(["integers", n, plain(generator.integers(n))])
        elif kind == 3:
            log.append(["integers_u8", 10, plain(generator.integers(10, size=5, dtype="uint8").tolist())])
        elif kind == 4:
            log.append(["standard_normal", {"dtype": "float32"}, plain(generator.standard_normal(dtype="float32"))])
        else:
            log.append(["bytes", 5, plain(generator.bytes(5))])
    state = generator.bit_generator.state
    mixed.append([plain(seed), log, str(state["state"]["state"]), state["has_uint32"], state["uinteger"]])

refused = []
for method, args, kwargs in [
    ("integers", [0], {}), ("integers", [5, 5], {}), ("integers", [5, 4], {"endpoint": True}), ("integers", [0, 2**63 + 1], {}),
    ("integers", [0, 257], {"dtype": "uint8"}), ("integers", [-1, 5], {"dtype": "uint16"}), ("integers", [0, 10], {"dtype": "float64"}),
    ("integers", [0, 3], {"dtype": "bool"}), ("normal", [0.0, -1.0], {}), ("normal", [0.0, -0.0], {}), ("uniform", [1.0, 0.0], {}),
    ("uniform", [-1e308, 1e308], {}), ("uniform", [0.0, float("nan")], {}), ("exponential", [-1.0], {}), ("standard_gamma", [-1.0], {}),
    ("gamma", [1.0, -1.0], {}), ("beta", [0.0, 1.0], {}), ("beta", [1.0, -2.0], {}), ("chisquare", [0.0], {}),
    ("noncentral_chisquare", [1.0, -1.0], {}), ("f", [0.0, 1.0], {}), ("standard_t", [-1.0], {}), ("pareto", [0.0], {}),
    ("weibull", [-1.0], {}), ("power", [0.0], {}), ("laplace", [0.0, -1.0], {}), ("rayleigh", [-1.0], {}), ("wald", [0.0, 1.0], {}),
    ("vonmises", [0.0, -1.0], {}), ("triangular", [2.0, 1.0, 3.0], {}), ("triangular", [0.0, 4.0, 3.0], {}),
    ("triangular", [1.0, 1.0, 1.0], {}), ("poisson", [-1.0], {}), ("poisson", [1e19], {}), ("poisson", [float("nan")], {}),
    ("binomial", [-1, 0.5], {}), ("binomial", [5, 1.5], {}), ("binomial", [5, float("nan")], {}), ("negative_binomial", [0, 0.5], {}),
    ("negative_binomial", [1, 0.0], {}), ("negative_binomial", [1e18, 0.001], {}), ("geometric", [0.0], {}), ("geometric", [1.1], {}),
    ("hypergeometric", [5, 5, 11], {}), ("hypergeometric", [10**9, 5, 1], {}), ("hypergeometric", [-1, 5, 1], {}),
    ("logseries", [1.0], {}), ("logseries", [-0.1], {}), ("zipf", [1.0], {}), ("zipf", [float("nan")], {}),
    ("multinomial", [5, [0.6, 0.6, 0.1]], {}), ("multinomial", [5, [-0.1, 1.1]], {}), ("multinomial", [-1, [1.0]], {}), ("multinomial", [1, []], {}),
    ("dirichlet", [[-1.0, 1.0]], {}), ("multivariate_hypergeometric", [[3, 4], 8], {}), ("multivariate_hypergeometric", [[3, -4], 1], {}),
    ("multivariate_hypergeometric", [[3, 4], 1], {"method": "none"}), ("choice", [0], {}), ("choice", [-3], {}), ("choice", [[]], {}),
    ("choice", [3], {"size": 4, "replace": False}), ("choice", [3], {"p": [0.5, 0.5]}), ("choice", [3], {"p": [0.5, 0.5, 0.5]}),
    ("choice", [3], {"p": [1.5, -0.5, 0.0]}), ("choice", [3], {"size": 2, "replace": False, "p": [1.0, 0.0, 0.0]}),
    ("choice", [3], {"p": [float("nan"), 0.5, 0.5]}), ("random", [], {"dtype": "int32"}), ("random", [], {"size": -1}),
]:
    try:
        getattr(np.random.default_rng(1), method)(*args, **kwargs)
    except (ValueError, TypeError, OverflowError):
        refused.append([method, plain(args), plain(kwargs)])
    else:
        raise SystemExit(f"NumPy takes {method}{args}{kwargs}")

parts = {"draws": draws, "shaped": shaped, "sequences": sequences, "moves": moves, "mixed": mixed, "refused": refused}
out = pathlib.Path(__file__).with_name("numpy_extra.json")
with out.open("w") as file:
    file.write('{"about": ' + json.dumps(__doc__.strip().splitlines()[0]) + f', "numpy": "{np.__version__}"')
    for name, rows in parts.items():
        file.write(f',\n"{name}": [\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]")
    file.write("}\n")
