"""The workload of ImportanceComparison in Optuna: python importance.py TRIALS.csv

Prints the seconds that FanovaImportanceEvaluator takes (columns are uniform on [0, 1], the last is the value), and the shares.
"""

import csv
import sys
import time

import optuna
from optuna.distributions import FloatDistribution
from optuna.importance import FanovaImportanceEvaluator


def main(file):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with open(file) as lines:
        names, *rows = csv.reader(lines)
    space = {name: FloatDistribution(0, 1) for name in names[:-1]}
    study = optuna.create_study()
    study.add_trials([
        optuna.trial.create_trial(
            params=dict(zip(space, map(float, row))), distributions=space, value=float(row[-1]))
        for row in rows
    ])
    begin = time.perf_counter()
    shares = FanovaImportanceEvaluator(seed=1).evaluate(study)
    print(f"{optuna.__version__},{time.perf_counter() - begin:.3f},", end="")
    print(" ".join(f"{shares[name]:.3f}" for name in space), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
