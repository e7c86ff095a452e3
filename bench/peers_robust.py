#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Monte Carlo over weights in numpy, on one thread: 100,000 draws uniform on the simplex, weighted sums, ranks of every
draw and their histogram. One JSON object a line.

Blocks of draws that stay in the cache, the fastest generator, signs that save a pass, and the best of several block
sizes: what counts is the best that numpy can do. Seconds are those of the process, the least of several runs; the
product of large matrices tells what the machine's dgemm can do. OPENBLAS_NUM_THREADS=1 must be set."""

import json
import os
import sys
import time

import numpy as np

DRAWS = 100_000
CHILDREN = 49
BLOCKS = (125, 250, 500, 1000)


class Flat:
    """One family of all the indicators."""

    case = "weights"

    def __init__(self, rows, block, draws):
        self.rows, self.block, self.draws = rows, block, draws
        self.below = -np.random.default_rng(1).random((CHILDREN, rows)) * 100  # sorted upward: the highest first
        self.generator = np.random.Generator(np.random.SFC64(1))
        self.weights = np.empty((block, CHILDREN))
        self.scores = np.empty((block, rows))
        self.parts = dict.fromkeys(("draws", "product", "ranks", "tally"), 0.0)

    def clock(self, part, start):
        now = time.process_time()
        self.parts[part] += now - start
        return now

    def draw(self):
        self.generator.standard_exponential(out=self.weights)
        self.weights *= 1 / self.weights.sum(axis=1, keepdims=True)

    def score(self):
        np.matmul(self.weights, self.below, out=self.scores)

    def run(self):
        histogram = np.zeros(self.rows * self.rows, dtype=np.int64)
        places = np.arange(self.rows)
        for _ in range(0, self.draws, self.block):
            now = time.process_time()
            self.draw()
            now = self.clock("draws", now)
            self.score()
            now = self.clock("product", now)
            order = np.argsort(self.scores, axis=1)
            now = self.clock("ranks", now)
            order *= self.rows
            order += places
            histogram += np.bincount(order.ravel(), minlength=self.rows * self.rows)
            self.clock("tally", now)
        return histogram


class Tree(Flat):
    """A geometric top over 4 pillars, each of 2 criteria of 2 groups of 3 indicators: below the top the weights are
    multiplied, and each pillar is one product of matrices."""

    case = "weights of a tree"

    def __init__(self, rows, block, draws):
        super().__init__(rows, block, draws)
        values = 1 + 99 * np.random.default_rng(1).random((4, 12, rows))
        self.pillars = list(values)
        self.levels = [np.empty((block, *shape)) for shape in ((4,), (4, 2), (4, 2, 2), (4, 2, 2, 3))]

    def draw(self):
        for level in self.levels:
            self.generator.standard_exponential(out=level)
            level *= 1 / level.sum(axis=-1, keepdims=True)

    def score(self):
        _, criteria, groups, leaves = self.levels
        within = ((criteria[..., None] * groups)[..., None] * leaves).reshape(self.block, 4, 12)
        self.scores[:] = 0
        for pillar, values in enumerate(self.pillars):
            self.scores -= self.levels[0][:, pillar, None] * np.log(within[:, pillar] @ values)
        np.exp(self.scores, out=self.scores)  # of the negative logarithm: the highest first again


def best_of(kind, rows, repeats, draws):
    best = None
    for block in BLOCKS:
        for _ in range(repeats):
            run = kind(rows, block, draws)
            start = time.process_time()
            run.run()
            seconds = (time.process_time() - start) * DRAWS / draws
            if best is None or seconds < best["seconds"]:
                parts = {part: round(value * DRAWS / draws, 6) for part, value in run.parts.items()}
                best = {"case": kind.case, "peer": "numpy " + np.__version__, "rows": rows, "block": block,
                        "seconds": round(seconds, 6), **parts}
    return best


def main():
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        sys.exit("set OPENBLAS_NUM_THREADS=1")
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for kind, rows in ((Flat, 20), (Flat, 51), (Flat, 200), (Flat, 1000), (Tree, 51)):
        few = rows < 1000
        print(json.dumps(best_of(kind, rows, repeats if few else 2, DRAWS if few else DRAWS // 10)), flush=True)
    a = np.random.default_rng(2).random((1000, 1000))
    seconds = []
    for _ in range(10):
        start = time.process_time()
        a @ a
        seconds.append(time.process_time() - start)
    print(json.dumps({"case": "dgemm", "peer": "numpy " + np.__version__, "gigaflops": round(2 / min(seconds), 1)}))


main()
