"""Makes python_random_unseen.json: calls on CPython's random.Random with arguments drawn at random.

Usage, with CPython 3.11: python3 make_python_random_unseen.py [CASES [CALLS [SEED]]] > FILE
The stored file is the output without arguments. The format is that of python_random.json; every third
case draws no value that goes through libm, so that its state stays equal to the last bit.
"""

import json
import random
import sys

sys.set_int_max_str_digits(0)


def value(x):
    if isinstance(x, bool):
        raise TypeError("no booleans here")
    if isinstance(x, int):
        return x if abs(x) < 2**53 else {"int": str(x)}
    if isinstance(x, float):
        return x
    if isinstance(x, bytes):
        return {"hex": x.hex()}
    if isinstance(x, range):
        return {"range": len(x)}
    if isinstance(x, (list, tuple)):
        return [value(y) for y in x]
    return x


def seed(draw):
    bits = draw.choice([0, 1, 31, 32, 33, 63, 64, 65, 96, 640, 19968, 20000, 25000])
    return draw.choice([1, -1]) * (draw.getrandbits(bits) if bits else 0)


def positive(draw):
    return draw.choice([draw.uniform(0.01, 1), draw.uniform(1, 10), 1.0, 10.0 ** draw.randint(-2, 4)])


def integer_call(draw):
    kind = draw.randrange(5)
    if kind == 0:
        return "getrandbits", [draw.choice([draw.randint(1, 64), draw.randint(65, 300)])], {}
    if kind == 1:
        return "randbytes", [draw.randint(0, 40)], {}
    if kind == 2:
        a = draw.randint(-10 ** draw.randint(1, 15), 10 ** draw.randint(1, 15))
        return "randint", [a, a + draw.getrandbits(draw.randint(1, 49))], {}
    if kind == 3:
        a = draw.choice([1, -1]) * draw.getrandbits(draw.randint(54, 200))
        return "randrange", [a, a + 2**54 + draw.getrandbits(draw.randint(1, 200))], {}
    a = draw.randint(-10**6, 10**6)
    step = draw.choice([1, -1]) * draw.randint(1, 10 ** draw.randint(1, 6))
    return "randrange", [a, a + step * draw.randint(1, 10**5) - (step > 0) + (step < 0) or a + step, step], {}


def sequence_call(draw):
    kind = draw.randrange(5)
    n = draw.choice([1, 2, 5, draw.randint(1, 30), draw.randint(30, 300)])
    if kind == 0:
        return "choice", [range(n)], {}
    if kind == 1:
        return "shuffle", [range(n)], {}
    if kind == 2:
        k = draw.choice([0, 1, n, draw.randint(0, n), min(n, draw.randint(5, 22))])
        return "sample", [range(n), k], {}
    few = draw.randint(1, 8)
    if kind == 3:
        counts = [draw.randint(0, 9) for _ in range(few)]
        counts[0] += 1
        return "sample", [range(few), draw.randint(0, sum(counts))], {"counts": counts}
    weights = [draw.choice([0, draw.randint(1, 9), draw.random()]) for _ in range(few)]
    weights[draw.randrange(few)] += 0.5
    k = draw.randint(0, 12)
    return "choices", [range(few)], draw.choice([{"k": k}, {"weights": weights, "k": k}])


def exact_call(draw):
    kind = draw.randrange(4)
    if kind == 0:
        return "random", [], {}
    if kind == 1:
        return "uniform", [draw.uniform(-1e3, 1e3), draw.uniform(-1e-3, 1e6)], {}
    if kind == 2:
        low = draw.uniform(-5, 5)
        return "triangular", [low, low + positive(draw), low + draw.uniform(-1, 2)], {}
    return "normalvariate", [draw.uniform(-5, 5), positive(draw)], {}


def libm_call(draw):
    p, q, mu = positive(draw), positive(draw), draw.uniform(-7, 7)
    return draw.choice([
        ("gauss", [mu, p]), ("expovariate", [p]), ("expovariate", [-p]), ("gammavariate", [p, q]),
        ("betavariate", [p, q]), ("lognormvariate", [mu, min(p, 20.0)]), ("vonmisesvariate", [mu, p]),
        ("paretovariate", [p + 0.1]), ("weibullvariate", [q, p]),
    ]) + ({},)


def main(case_count=24, call_count=45, script_seed=2025):
    draw = random.Random(script_seed)
    cases = []
    for i in range(case_count):
        kinds = [integer_call, sequence_call, exact_call] + [libm_call] * (i % 3 > 0)
        case_seed = seed(draw)
        rng = random.Random(case_seed)
        calls = []
        for _ in range(call_count):
            method, args, kwargs = draw.choice(kinds)(draw)
            live = [list(a) if isinstance(a, range) else a for a in args]
            result = getattr(rng, method)(*live, **kwargs)
            result = live[0] if method == "shuffle" else result
            calls.append([method, value(args), value_of_dict(kwargs), value(result)])
        words, gauss_next = rng.getstate()[1:]
        state = {"words": words[-3:-1], "index": words[-1], "gauss_next": gauss_next}
        cases.append({"seed": str(case_seed), "calls": calls, "state": state})
    about = "CPython random.Random, arguments drawn at random: see make_python_random_unseen.py"
    json.dump({"about": about, "cases": cases}, sys.stdout, separators=(",", ":"))
    print()


def value_of_dict(kwargs):
    return {key: value(x) for key, x in kwargs.items()}


main(*map(int, sys.argv[1:]))
