#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes impute_cases.inc: a small table with holes and what each method that looks across indicators fills it with.

Usage: generate_impute_cases.py TARGET

Everything is computed in fractions or with 60 decimal digits from the definitions, by the longest way: ridge regression
with one system of its own for each indicator, expectation and maximisation with the inverse of each region's own block
of the covariance until nothing changes any more.
"""

import sys
from decimal import Decimal, getcontext

getcontext().prec = 60
D = Decimal
HOLE = None
# Sixteen regions, six indicators under two parents; the third is lower-is-better, the last is constant.
FAMILIES = (0, 0, 0, 1, 1, 1)
SIGNS = (1, 1, -1, 1, 1, 1)
TABLE = """
  12.5    3.1  40     .   1.5  7
  14.0    2.9   .   105   1.9  7
     .    4.4  31   120   2.6  .
  19.5    4.0  35   118     .  7
   9.0    2.2  52    90   1.1  7
  16.0     .   38   111   2.0  7
  21.0    5.2  25   131   3.4  7
  11.0    2.0  47    97   1.6  7
     .    3.6  36     .   2.2  7
  17.5    3.3  33   116   1.8  .
  13.0    4.1  44   102   2.4  7
  20.0    3.9  30   109   2.9  7
  10.5    3.4  41   100   1.2  7
  18.0    2.7  39     .   2.8  7
  15.0    3.0  29   113   1.7  7
  22.0    4.8  37   127     .  7
"""
ROWS = [[HOLE if cell == "." else D(cell) for cell in line.split()] for line in TABLE.split("\n") if line.strip()]
N, P = len(ROWS), len(ROWS[0])
ALL = range(P)


def column(k):
    return [row[k] for row in ROWS if row[k] is not HOLE]


def mean(x):
    return sum(x) / len(x)


def deviation(x):
    return (sum((v - mean(x)) ** 2 for v in x) / (len(x) - 1)).sqrt()


MEANS = [mean(column(k)) for k in ALL]
SDS = [deviation(column(k)) for k in ALL]
VARIED = [k for k in ALL if SDS[k] > 0]


def z(row, k):
    return HOLE if row[k] is HOLE or k not in VARIED else (row[k] - MEANS[k]) / SDS[k]


def solve(matrix, rights):
    """Gauss and Jordan; rights holds one list a right side."""
    n = len(matrix)
    work = [list(matrix[i]) + [right[i] for right in rights] for i in range(n)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(work[r][i]))
        work[i], work[pivot] = work[pivot], work[i]
        work[i] = [v / work[i][i] for v in work[i]]
        for r in range(n):
            if r != i:
                work[r] = [a - work[r][i] * b for a, b in zip(work[r], work[i])]
    return [[work[i][n + k] for i in range(n)] for k in range(len(rights))]


def row_mean(row, k):
    scores = []
    for other in ALL:
        low, high = min(column(other)), max(column(other))
        if other != k and FAMILIES[other] == FAMILIES[k] and row[other] is not HOLE and low < high:
            score = (row[other] - low) / (high - low)
            scores.append(score if SIGNS[other] > 0 else 1 - score)
    if not scores:
        return HOLE
    score = mean(scores) if SIGNS[k] > 0 else 1 - mean(scores)
    return min(column(k)) + score * (max(column(k)) - min(column(k)))


def regression(row, k, penalty=D("0.1")):
    others = [other for other in VARIED if other != k]
    training = [r for r in ROWS if r[k] is not HOLE]
    table = [[z(r, other) or D(0) for other in others] for r in training]
    target = [z(r, k) or D(0) for r in training]
    size = range(len(others))
    ridge = penalty * len(training)
    system = [[sum(r[a] * r[b] for r in table) + (ridge if a == b else 0) for b in size] for a in size]
    right = [sum(r[a] * t for r, t in zip(table, target)) for a in size]
    b, = solve(system, [right])
    return MEANS[k] + SDS[k] * sum(c * (z(row, other) or D(0)) for c, other in zip(b, others))


def knn(row, k, neighbours=3):
    found = []
    for place, other in enumerate(ROWS):
        shared = [(z(row, i) - z(other, i)) ** 2 for i in VARIED if z(row, i) is not HOLE and z(other, i) is not HOLE]
        if other[k] is not HOLE and shared:
            found.append((mean(shared).sqrt(), place, other[k]))
    return mean([value for _, _, value in sorted(found)[:neighbours]])


def expect_and_maximise():
    size = len(VARIED)
    indices = range(size)
    table = [[z(row, k) for k in VARIED] for row in ROWS]
    mu = [D(0)] * size
    sigma = [[D(a == b) for b in indices] for a in indices]
    change = D(1)
    while change > D("1e-30"):
        completed, extra = [], [[D(0)] * size for _ in indices]
        for row in table:
            have = [a for a in indices if row[a] is not HOLE]
            lack = [a for a in indices if row[a] is HOLE]
            block = [[sigma[a][b] for b in have] for a in have]
            weights = solve(block, [[sigma[a][b] for b in have] for a in lack])
            full = list(row)
            for a, weight in zip(lack, weights):
                full[a] = mu[a] + sum(w * (row[b] - mu[b]) for w, b in zip(weight, have))
                for other in lack:
                    extra[a][other] += sigma[a][other] - sum(w * sigma[b][other] for w, b in zip(weight, have))
            completed.append(full)
        centre = [mean([row[a] for row in completed]) for a in indices]
        spread = [[(sum((row[a] - centre[a]) * (row[b] - centre[b]) for row in completed) + extra[a][b]) / N
                   for b in indices] for a in indices]
        change = max([abs(x - y) for x, y in zip(centre, mu)] +
                     [abs(spread[a][b] - sigma[a][b]) for a in indices for b in indices])
        mu, sigma = centre, spread
    return [[HOLE if a is HOLE else a for a in row] for row in completed]


def em():
    completed = expect_and_maximise()
    return lambda row, k: MEANS[k] + SDS[k] * (completed[ROWS.index(row)][VARIED.index(k)] if k in VARIED else D(0))


def number(value):
    return "NAN" if value is HOLE else repr(float(value))


def table(name, fill):
    lines = []
    for k in ALL:
        cells = [row[k] if row[k] is not HOLE else fill(row, k) for row in ROWS]
        lines.append("    {" + ", ".join(map(number, cells)) + "},\n")
    return f"static const double {name}[IMPUTE_COLUMNS][IMPUTE_ROWS] = {{\n{''.join(lines)}}};\n"


def main():
    parts = ["/* SPDX-License-Identifier: MIT */\n",
             "/* Generated by generate_impute_cases.py from the definitions, with 60 digits. Column after column. */\n",
             f"enum {{ IMPUTE_COLUMNS = {P}, IMPUTE_ROWS = {N} }};\n",
             f"static const uint32_t impute_families[] = {{{', '.join(map(str, FAMILIES))}}};\n",
             f"static const double impute_signs[] = {{{', '.join(map(str, SIGNS))}}};\n",
             table("impute_table", lambda row, k: HOLE)]
    for name, fill in (("row_mean", row_mean), ("regression", regression), ("knn_3", knn), ("em", em())):
        parts.append(table(f"impute_{name}", fill))
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.writelines(parts)


main()
