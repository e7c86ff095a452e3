#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same work in numpy and pandas: min-max, weighted mean or geometric mean, rank. One JSON object a line.

The best of several ways is what counts: numpy gets its fused matrix product, which the data allow because nothing is
missing."""

import json
import statistics
import sys
import time

import numpy as np
import pandas as pd


def timed(function, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def competition_ranks(scores):
    order = np.argsort(-scores)
    ordered = scores[order]
    new = np.empty(len(scores), dtype=bool)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    first = np.maximum.accumulate(np.where(new, np.arange(len(scores)), 0))
    ranks = np.empty(len(scores))
    ranks[order] = first + 1
    return ranks


def main():
    rows, columns, repeats = (int(a) for a in (sys.argv[1:] + ["1000000", "60", "5"][len(sys.argv) - 1:]))
    rng = np.random.default_rng(1)
    x = np.asfortranarray(rng.random((rows, columns)) * 1000 - 200)
    weights = np.array([1.0 + c % 3 for c in range(columns)])
    lower = np.array([c % 5 == 4 for c in range(columns)])
    share = weights / weights.sum()

    def bounds():
        low, high = x.min(axis=0), x.max(axis=0)
        return np.where(lower, high, low), np.where(lower, low - high, high - low)

    def fused():
        origin, width = bounds()
        factor = 100 * share / width
        return x @ factor - (origin * factor).sum()

    def by_column():
        origin, width = bounds()
        total = np.zeros(rows)
        for c in range(columns):
            total += share[c] * (100 * ((x[:, c] - origin[c]) / width[c]))
        return total

    def whole():
        origin, width = bounds()
        return (100 * ((x - origin) / width)) @ share

    def geometric_by_column():
        origin, width = bounds()
        total = np.zeros(rows)
        for c in range(columns):
            total += share[c] * np.log(1 + 99 * ((x[:, c] - origin[c]) / width[c]))
        return np.exp(total)

    def geometric_whole():
        origin, width = bounds()
        return np.exp(np.log(1 + 99 * ((x - origin) / width)) @ share)

    def report(case, ways):
        scores = {name: timed(way, repeats) for name, way in ways.items()}
        best = min(scores, key=scores.get)
        with_ranks = timed(lambda: competition_ranks(ways[best]()), repeats)
        print(json.dumps({"case": case, "peer": "numpy " + np.__version__, "way": best, "scores": scores[best],
                          "with_ranks": with_ranks}), flush=True)

    report("minmax arithmetic", {"matrix product": fused, "column by column": by_column, "whole arrays": whole})
    report("minmax geometric", {"column by column": geometric_by_column, "whole arrays": geometric_whole})

    frame = pd.DataFrame(x, copy=False)

    def pandas_scores():
        origin = np.where(lower, frame.max(), frame.min())
        width = np.where(lower, frame.min() - frame.max(), frame.max() - frame.min())
        return (100 * ((frame - origin) / width)).dot(share)

    scores = timed(pandas_scores, repeats)
    with_ranks = timed(lambda: pandas_scores().rank(ascending=False, method="min"), repeats)
    print(json.dumps({"case": "minmax arithmetic", "peer": "pandas " + pd.__version__, "way": "frame",
                      "scores": scores, "with_ranks": with_ranks}), flush=True)


main()
