#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sobol' indices of ranks, computed without the library.

usage: compute.py exact|azzini|saltelli|jansen...; writes NAME.csv beside this file for each name.

Ranks of all combinations of the three factors of spec.json are found in floating point (no two scores come near to one
another). All the rest is exact: points are whole numbers of 53 bits, ranks are whole numbers, sums and quotients are
fractions, rounded once at the end. Standard library only.
"""
import csv
import json
import math
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEC = json.loads((HERE / "spec.json").read_text(encoding="utf-8"))
LEVELS = [len(factor["alternatives"]) for factor in SPEC["factors"]]
FACTORS = [factor["id"] for factor in SPEC["factors"]]
K = len(LEVELS)
RESAMPLES, CONFIDENCE, TOP, RARE = 40, Fraction(95, 100), 2, 30
BITS = 53

# Joe and Kuo (2008): degree, inner coefficients of the polynomial, first direction numbers; dimensions 2 to 6.
NUMBERS = [(1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3])]


# ---- ranks ----

def read_data():
    with open(HERE / "data.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["region"] for row in rows], {name: [float(row[name]) for row in rows] for name in "abcd"}


def normalise(x, method):
    n, low, high = len(x), min(x), max(x)
    if method["method"] == "minmax":
        return [1 + 99 * (v - low) / (high - low) for v in x]
    if method["method"] == "zscore":
        mean = math.fsum(x) / n
        sd = math.sqrt(math.fsum((v - mean) ** 2 for v in x) / (n - 1))
        return [50 + 10 * (v - mean) / sd for v in x]
    return [v / high for v in x]


def mean(method, weights, values):
    total = sum(weights)
    if method == "arithmetic":
        return sum(w * v for w, v in zip(weights, values)) / total
    return math.exp(sum(w * math.log(v) for w, v in zip(weights, values)) / total)


def ranks_of(levels, data):
    norm, agg, weights = (factor["alternatives"][level] for factor, level in zip(SPEC["factors"], levels))
    equal = weights == "equal"
    x = {name: normalise(column, norm) for name, column in data.items()}
    scores = []
    for i in range(len(x["a"])):
        left = mean(agg, [1, 1] if equal else [3, 1], [x["a"][i], x["b"][i]])
        right = mean(agg, [1, 1] if equal else [1, 2], [x["c"][i], x["d"][i]])
        scores.append(mean(agg, [1, 1] if equal else [2, 1], [left, right]))
    gaps = sorted(scores)
    assert all(b - a > 1e-6 for a, b in zip(gaps, gaps[1:]))
    return [1 + sum(other > score for other in scores) for score in scores]


def outputs(regions, data):
    """{name: {levels: value}}, whole numbers and fractions."""
    ranks = {levels: ranks_of(levels, data) for levels in product(*map(range, LEVELS))}
    # The plan as it is: min-max to 0 to 100, arithmetic, the framework's weights; the range moves no rank.
    base = ranks[(0, 0, 0)]
    found = {"mean_abs_rank_shift": {levels: Fraction(sum(abs(a - b) for a, b in zip(r, base)), len(base))
                                     for levels, r in ranks.items()}}
    for i, region in enumerate(regions):
        found["rank:" + region] = {levels: Fraction(r[i]) for levels, r in ranks.items()}
    for i, region in enumerate(regions):
        found[f"top{TOP}:{region}"] = {levels: Fraction(int(r[i] <= TOP)) for levels, r in ranks.items()}
    return found


# ---- exactly ----

def average(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def variance(values):
    values = list(values)
    middle = average(values)
    return average((v - middle) ** 2 for v in values)


def exact_indices(f):
    whole = variance(f.values())
    if whole == 0:
        return [[None] * 6] * K
    rows = []
    for k in range(K):
        alone = variance(average(v for levels, v in f.items() if levels[k] == level) for level in range(LEVELS[k]))
        others = product(*(range(n) for i, n in enumerate(LEVELS) if i != k))
        left = average(variance(f[rest[:k] + (level,) + rest[k:]] for level in range(LEVELS[k])) for rest in others)
        rows.append([alone / whole] * 3 + [left / whole] * 3)
    return rows


# ---- from samples ----

def philox(counter, key):
    """Philox 4x32-10."""
    c, k = list(counter), list(key)
    for _ in range(10):
        even, odd = 0xd2511f53 * c[0], 0xcd9e8d57 * c[2]
        c = [odd >> 32 ^ c[1] ^ k[0], odd & 0xffffffff, even >> 32 ^ c[3] ^ k[1], even & 0xffffffff]
        k = [(k[0] + 0x9e3779b9) & 0xffffffff, (k[1] + 0xbb67ae85) & 0xffffffff]
    return c


def words(seed, stream, index):
    return philox((index & 0xffffffff, index >> 32, stream & 0xffffffff, stream >> 32), (seed & 0xffffffff, seed >> 32))


def directions(dimension):
    """Direction numbers as fractions of 2^64, the highest digit first."""
    if dimension == 0:
        return [1 << (63 - i) for i in range(BITS)]
    degree, inner, numbers = NUMBERS[dimension - 1]
    m = list(numbers)
    for i in range(degree, BITS):
        value = m[i - degree] ^ m[i - degree] << degree
        for k in range(1, degree):
            if inner >> (degree - 1 - k) & 1:
                value ^= m[i - k] << k
        m.append(value)
    return [number << (63 - i) for i, number in enumerate(m)]


def coordinates(dimension, count, seed):
    """Scrambled coordinates, in units of 2^-53."""
    stream = 0x534f424f4c000000 | dimension

    def bits(place):
        out = words(seed, stream, place)
        return out[1] << 32 | out[0]

    images = [1 << (63 - i) | bits(i) & ((1 << (63 - i)) - 1) for i in range(BITS)]
    mapped = []
    for number in directions(dimension):
        image = 0
        for digit in range(BITS):
            if number >> (63 - digit) & 1:
                image ^= images[digit]
        mapped.append(image)
    points = []
    for i in range(count):
        code, x = i ^ i >> 1, bits(BITS)
        for place in range(BITS):
            if code >> place & 1:
                x ^= mapped[place]
        points.append(x >> 11)
    return points


def sample():
    """Levels of A and B, one tuple a row. Each factor owns one dimension, in order; B's follow those of A."""
    n, seed = SPEC["draws"], SPEC["seed"]
    columns = [[x * LEVELS[d % K] >> 53 for x in coordinates(d, n, seed)] for d in range(2 * K)]
    return list(zip(*columns[:K])), list(zip(*columns[K:]))


def resamples(n):
    """How often each row is drawn."""
    for r in range(RESAMPLES):
        counts = [0] * n
        for i in range(n):
            counts[words(SPEC["seed"], 0x424f4f5453000000 + r, i // 4 * 4)[i % 4] * n >> 32] += 1
        yield counts


def estimate(name, rows, counts):
    """First and total order; rows hold fA, fB, fAB, fBA."""
    rows = [(c, *row) for c, row in zip(counts, rows) if c]
    if name == "azzini":
        q = sum(c * ((a - b) ** 2 + (ba - ab) ** 2) for c, a, b, ab, ba in rows)
        if q == 0:
            return None, None
        return (Fraction(2 * sum(c * (ba - b) * (a - ab) for c, a, b, ab, ba in rows), q),
                Fraction(sum(c * ((b - ba) ** 2 + (a - ab) ** 2) for c, a, b, ab, ba in rows), q))
    n = sum(row[0] for row in rows)
    middle = Fraction(sum(c * (a + b) for c, a, b, _, _ in rows), 2 * n)
    v = sum(c * ((a - middle) ** 2 + (b - middle) ** 2) for c, a, b, _, _ in rows) / (2 * n)
    if v == 0:
        return None, None
    if name == "saltelli":
        first = sum(c * (b - middle) * (ab - a) for c, a, b, ab, _ in rows) / n / v
    else:
        first = 1 - Fraction(sum(c * (b - ab) ** 2 for c, a, b, ab, _ in rows), n) / (2 * v)
    return first, Fraction(sum(c * (a - ab) ** 2 for c, a, b, ab, _ in rows), n) / (2 * v)


def percentile(values, p):
    """Type 7 of Hyndman and Fan."""
    values = sorted(v for v in values if v is not None)
    place = p * (len(values) - 1)
    low = int(place)
    return values[low] + (place - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def sampled_indices(name, f):
    a, b = sample()
    ab = [[x[:k] + (y[k],) + x[k + 1:] for x, y in zip(a, b)] for k in range(K)]
    ba = [[y[:k] + (x[k],) + y[k + 1:] for x, y in zip(a, b)] for k in range(K)]
    scale = math.lcm(*(v.denominator for v in f.values()))  # indices do not change with the scale

    def values(levels):
        return [int(f[level] * scale) for level in levels]

    made = [values(m) for m in (a, b, *ab, *(ba if name == "azzini" else ()))]
    flat = [v for column in made for v in column]
    if len(flat) - max(flat.count(v) for v in set(flat)) < RARE:  # constant ones too
        return [[None] * 6] * K
    rows, tail = [], (1 - CONFIDENCE) / 2
    for k in range(K):
        four = list(zip(values(a), values(b), values(ab[k]), values(ba[k])))
        again = [estimate(name, four, counts) for counts in resamples(len(four))]
        row = []
        for order, value in enumerate(estimate(name, four, [1] * len(four))):
            drawn = [pair[order] for pair in again]
            row += [value, percentile(drawn, tail), percentile(drawn, 1 - tail)]
        rows.append(row)
    return rows


def main():
    found = outputs(*read_data())
    for name in sys.argv[1:]:
        with open(HERE / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow("output factor first first_lo first_hi total total_lo total_hi".split())
            for output, f in found.items():
                indices = exact_indices(f) if name == "exact" else sampled_indices(name, f)
                for factor, row in zip(FACTORS, indices):
                    writer.writerow([output, factor, *("" if v is None else repr(float(v)) for v in row)])


main()
