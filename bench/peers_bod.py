#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Benefit of the doubt of 1,000 regions x 20 by HiGHS, on the numbers of bench_whole.c. One JSON object a line.

One model is loaded once; for each region only its objective changes and the solver starts from the last basis, which is
the fastest way that we found."""

import json
import statistics
import time

import highspy
import numpy as np

ROWS, COLUMNS, SEED = 1000, 20, 7


def bench_random(count):
    """bench_random() of bench.h."""
    z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(SEED)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0 ** -53


def load(values):
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.addVars(COLUMNS, np.zeros(COLUMNS), np.full(COLUMNS, highspy.kHighsInf))
    starts = np.arange(ROWS, dtype=np.int32) * COLUMNS
    index = np.tile(np.arange(COLUMNS, dtype=np.int32), ROWS)
    solver.addRows(ROWS, np.full(ROWS, -highspy.kHighsInf), np.ones(ROWS), values.size, starts, index, values.ravel())
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return solver


def solve(values):
    solver = load(values)
    columns = np.arange(COLUMNS, dtype=np.int32)
    scores = []
    for row in values:
        solver.changeColsCost(COLUMNS, columns, row)
        solver.run()
        scores.append(solver.getInfo().objective_function_value)
    return scores


def main():
    values = bench_random(ROWS * COLUMNS).reshape(COLUMNS, ROWS).T.copy()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        scores = solve(values)
        times.append(time.perf_counter() - start)
    print(json.dumps({"case": "bod", "peer": "HiGHS " + highspy.Highs().version(), "way": "one model, last basis",
                      "scores": statistics.median(times), "with_ranks": statistics.median(times),
                      "mean": sum(scores) / ROWS}))


if __name__ == "__main__":
    main()
