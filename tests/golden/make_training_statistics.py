"""Writes training_statistics.json with NumPy and SciPy 1.17.1: python3 make_training_statistics.py"""

import json
import os

import numpy as np
from scipy import special, stats

rng = np.random.default_rng(1)
out = {"welch": [], "ks": [], "student": [], "normal": [], "kolmogorov": [], "beta": []}
for n, m in [(5, 7), (30, 12), (200, 150)]:
    a = rng.normal(0, 1, n).round(6)
    b = rng.normal(0.4, 2, m).round(6)
    welch = stats.ttest_ind(b, a, equal_var=False)
    ks = stats.ks_2samp(a, b, method="exact")
    out["welch"].append([a.tolist(), b.tolist(), welch.statistic, welch.df, welch.pvalue])
    out["ks"].append([ks.statistic, ks.pvalue])
a, b = [1, 2, 2, 3, 3, 3.0], [2, 3, 3, 4, 4, 5, 5.0]
ks = stats.ks_2samp(a, b, method="exact")
out["ties"] = [a, b, ks.statistic, ks.pvalue]
for t, df in [(0.1, 1), (2, 3.5), (-4, 10), (8, 2), (1.5, 1e4), (30, 5)]:
    out["student"].append([t, df, 2 * stats.t.sf(abs(t), df)])
for z in [0, 0.3, 1, 1.96, 3, 6, 12, 30]:
    out["normal"].append([z, 2 * stats.norm.sf(z)])
for x in [0.2, 0.5, 0.9, 1, 1.3581, 2, 3]:
    out["kolmogorov"].append([x, special.kolmogorov(x)])
for x, p, q in [(0.3, 2, 3), (0.9, 0.5, 0.5), (0.01, 10, 0.5), (0.5, 300, 280)]:
    out["beta"].append([x, p, q, special.betainc(p, q, x)])
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "training_statistics.json")
with open(path, "w") as file:
    json.dump(out, file)
