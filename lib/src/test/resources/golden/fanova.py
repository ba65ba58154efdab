"""Golden shares of variance, by Optuna's FanovaImportanceEvaluator, on trials that stand beside them.

Run once:  pip install optuna==5.0.0 scikit-learn numpy scipy;  python3 fanova.py
Writes fanova/NAME.csv: "# name share ..." by Optuna (mean of two forests), "# exact name share ..." where the shares are known
in closed form, then the trials. Also sobol.txt (scipy's unscrambled sequence) and welch.txt (scipy's ttest_ind).
"""

import math
import pathlib

import numpy as np
import optuna
import scipy.stats
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import FanovaImportanceEvaluator

HERE = pathlib.Path(__file__).parent
optuna.logging.set_verbosity(optuna.logging.ERROR)


def write(name, distributions, draw, value, n, exact):
    rng = np.random.default_rng(7)
    study = optuna.create_study()
    rows = []
    for _ in range(n):
        settings = draw(rng)
        v = float(f"{value(settings, rng):.6g}")
        rows.append([*settings.values(), v])
        study.add_trial(optuna.trial.create_trial(params=settings, distributions=distributions, value=v))
    shares = [FanovaImportanceEvaluator(seed=s).evaluate(study) for s in range(2)]
    with open(HERE / "fanova" / f"{name}.csv", "w") as out:
        print("#", *(f"{k} {np.mean([s[k] for s in shares]):.4f}" for k in distributions), file=out)
        print("# exact", *(f"{k} {v:.6f}" for k, v in exact.items()), file=out)
        print(",".join([*distributions, "value"]), file=out)
        for row in rows:
            print(",".join(str(v) for v in row), file=out)


def uniform(rng, low, high):
    return float(f"{rng.uniform(low, high):.6g}")


write(
    "quadratic",
    {"x": FloatDistribution(-1, 1), "y": FloatDistribution(-1, 1)},
    lambda rng: {"x": uniform(rng, -1, 1), "y": uniform(rng, -1, 1)},
    lambda s, rng: 10 * s["x"] ** 2 + s["y"],
    300,
    {"x": (80 / 9) / (80 / 9 + 1 / 3), "y": (1 / 3) / (80 / 9 + 1 / 3)},
)

# Ishigami and Homma 1990: sin a + 7 sin² b + 0.1 c⁴ sin a
P = math.pi
V = {"a": 0.5 * (1 + 0.1 * P**4 / 5) ** 2, "b": 49 / 8, "c": 0.0}
ALL = 49 / 8 + 0.1 * P**4 / 5 + 0.01 * P**8 / 18 + 0.5
write(
    "ishigami",
    {k: FloatDistribution(-P, P) for k in "abc"},
    lambda rng: {k: uniform(rng, -P, P) for k in "abc"},
    lambda s, rng: math.sin(s["a"]) + 7 * math.sin(s["b"]) ** 2 + 0.1 * s["c"] ** 4 * math.sin(s["a"]),
    800,
    {k: v / ALL for k, v in V.items()} | {"a×c": (0.01 * P**8 / 18 - 0.01 * P**8 / 50) / ALL},
)

# a sum of a choice, a whole number and a continuum; one more that does nothing
STEP = {"vanilla": 0.0, "NIG": 3.0, "NFG": 1.0}
W = {"cell": np.var(list(STEP.values())), "cells": np.var(np.arange(1, 17) / 4.0), "rate": 4 / 12, "idle": 0.0}
write(
    "mixed",
    {
        "cell": CategoricalDistribution(list(STEP)),
        "cells": IntDistribution(1, 16),
        "rate": FloatDistribution(0, 1),
        "idle": FloatDistribution(0, 1),
    },
    lambda rng: {
        "cell": str(rng.choice(list(STEP))),
        "cells": int(rng.integers(1, 17)),
        "rate": uniform(rng, 0, 1),
        "idle": uniform(rng, 0, 1),
    },
    lambda s, rng: STEP[s["cell"]] + s["cells"] / 4 + 2 * s["rate"],
    600,
    {k: v / sum(W.values()) for k, v in W.items()},
)

with open(HERE / "sobol.txt", "w") as out:
    for point in scipy.stats.qmc.Sobol(40, scramble=False, bits=32).random_base2(6):
        print(*(str(v) for v in point), file=out)

with open(HERE / "welch.txt", "w") as out:
    rng = np.random.default_rng(3)
    for na, nb, shift, scale in [(3, 3, 0, 1), (6, 60, 0.5, 3), (20, 6, 2, 0.1), (200, 150, 0.3, 1), (5, 5, 40, 1)]:
        a, b = np.round(rng.normal(0, 1, na), 4), np.round(rng.normal(shift, scale, nb), 4)
        r = scipy.stats.ttest_ind(a, b, equal_var=False)
        print(*a, "|", *b, "|", repr(float(r.statistic)), repr(float(r.df)), repr(float(r.pvalue)), file=out)
