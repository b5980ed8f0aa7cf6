"""`make bench-learn`: LightGBM on the yardsticks that bench_learn measures ours on, in the same run and on one thread.

Reads bench_learn's lines of JSON from the file that is named, prints the table in Markdown. Without LightGBM our own
figures stand alone and the table says "not compared".
"""

import csv
import gzip
import json
import math
import sys
import time
from pathlib import Path

TABULAR = Path(__file__).resolve().parents[3] / "shared/data/tabular"
# The aims: score and what it should not exceed.
AIMS = {("friedman1", "boosting"): ("rmse", 1.10), ("friedman1", "forest"): ("rmse", 1.62),
        ("rossmann", "boosting"): ("rmspe", 0.1305)}
WAPE_AIM, CPU_RATIO_AIM, FOREST_SECONDS_AIM = 0.0943, 1.3, 10.0


def yardsticks(numpy):
    """Name, train, target, test, what came, and how a prediction becomes a figure."""
    with gzip.open(TABULAR / "friedman1.csv.gz", "rt") as file:
        rows = numpy.array([[float(cell) for cell in row] for row in csv.reader(file)])
    yield "friedman1", rows[:10_000, :10], rows[:10_000, 10], rows[10_000:, :10], rows[10_000:, 10], lambda it: it
    with gzip.open(TABULAR / "rossmann.csv.gz", "rt") as file:
        _, *rows = list(csv.reader(file))
    first_test_day = sorted({row[1] for row in rows})[-42]
    figures = numpy.array([[float(cell) for cell in row[2:]] for row in rows])
    known = numpy.array([row[1] < first_test_day for row in rows])
    train, test = figures[known], figures[~known]
    yield "rossmann", train[:, 1:], numpy.log(train[:, 0]), test[:, 1:], test[:, 0], numpy.exp


def peers():
    """LightGBM's scores by set and name of our model; empty when it is not installed."""
    try:
        import lightgbm
        import numpy
    except ImportError:
        return {}
    found = {}
    for name, train, target, test, actual, back in yardsticks(numpy):
        for model, fraction, every in (("boosting", 1.0, 0), ("boosting, bagging .8 every 5", 0.8, 5)):
            params = {"objective": "l2", "learning_rate": 0.01, "feature_fraction": 0.8, "num_leaves": 31,
                      "bagging_fraction": fraction, "bagging_freq": every, "num_threads": 1, "verbose": -1, "seed": 1}
            before = time.process_time()
            fitted = lightgbm.train(params, lightgbm.Dataset(train, target), 1000)
            seconds = time.process_time() - before
            means = back(fitted.predict(test, num_threads=1))
            found[name, model] = {
                "rmse": math.sqrt(((actual - means) ** 2).mean()),
                "rmspe": math.sqrt(((1 - means / actual) ** 2).mean()),
                "wape": abs(actual - means).sum() / actual.sum(),
                "cpu_s": seconds,
            }
    return found


def main():
    ours = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    theirs = peers()
    print("| yardstick | model | score | aim | LightGBM | CPU s | LightGBM's CPU s | ratio | verdict |")
    print("|---|---|---|---|---|---|---|---|---|")
    for it in ours:
        key = it["set"], it["model"]
        peer = theirs.get(key)
        of_stores = it["set"] == "rossmann"
        names = ["rmspe", "wape"] if of_stores else ["rmse"]
        show = lambda scores: ", ".join(f"{name.upper()} {scores[name]:.4f}" for name in names)
        missing = "not compared"
        cells = [*key, show(it), "–", show(peer) if peer else missing, f"{it['cpu_s']:.2f}",
                 f"{peer['cpu_s']:.2f}" if peer else missing,
                 f"{it['cpu_s'] / peer['cpu_s']:.2f}" if peer else missing, "–"]
        if key in AIMS:
            name, aim = AIMS[key]
            met = it[name] <= aim and (not of_stores or it["wape"] <= WAPE_AIM)
            cells[3] = f"≤ {aim}" + (f", ≤ {WAPE_AIM}" if of_stores else "")
            if key == ("friedman1", "forest"):
                met, cells[3] = met and it["cpu_s"] <= FOREST_SECONDS_AIM, cells[3] + f", ≤ {FOREST_SECONDS_AIM:.0f} s"
            elif not of_stores:
                cells[3] += f", ≤ {CPU_RATIO_AIM} × CPU"
                met = met and (peer is None or it["cpu_s"] <= CPU_RATIO_AIM * peer["cpu_s"])
            cells[8] = "met" if met else "missed"
        print("| " + " | ".join(cells) + " |")
    if theirs:
        import lightgbm
        print(f"\nLightGBM {lightgbm.__version__}, 1,000 trees at rate .01, 31 leaves, feature fraction .8, like ours.")


main()
