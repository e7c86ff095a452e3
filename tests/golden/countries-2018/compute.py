#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scores of the shipped countries, computed without the library.

Reads data.csv and framework.json of the shipped data set and writes expected.csv beside this file.
Every number is read as the nearest double, as any program would, and the rest is exact: fractions,
rounded once at the end. Standard library only.

usage: compute.py [DATA_DIRECTORY]
"""
import csv
import json
import sys
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent


def exact(number):
    return Fraction(float(number))


def normalise(value, indicator):
    """Goalposts on 0 to 100, clamped."""
    worst, best = exact(indicator["worst"]), exact(indicator["best"])
    share = (value - worst) / (best - worst)
    return 100 * min(Fraction(1), max(Fraction(0), share))


def weighted_mean(parts):
    """Mean of (weight, score) over the parts that have a score; None when there is none."""
    present = [(weight, score) for weight, score in parts if score is not None]
    total = sum(weight for weight, _ in present)
    return sum(weight * score for weight, score in present) / total if total else None


def share(parts):
    """Mean of (weight, coverage): what share of the leaf weight was observed."""
    return sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)


def score_region(row, framework):
    """{node: (score, coverage)} of the index and its criteria."""
    result = {}
    for criterion in framework["children"]:
        scores, observed = [], []
        for indicator in criterion["children"]:
            weight, text = exact(indicator.get("weight", 1)), row[indicator["id"]]
            scores.append((weight, normalise(exact(text), indicator) if text else None))
            observed.append((weight, Fraction(1 if text else 0)))
        result[criterion["id"]] = weighted_mean(scores), share(observed)
    weights = {child["id"]: exact(child.get("weight", 1)) for child in framework["children"]}
    index = weighted_mean([(weights[node], result[node][0]) for node in weights])
    coverage = share([(weights[node], result[node][1]) for node in weights])
    return {framework["id"]: (index, coverage), **result}


def competition_ranks(scores):
    """1 + the number strictly above; None for None."""
    return [None if score is None else 1 + sum(1 for other in scores if other is not None and other > score)
            for score in scores]


def text(number):
    return "" if number is None else "%.17g" % float(number)


def main():
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[2] / "examples" / "data" / "countries-2018"
    framework = json.loads((data / "framework.json").read_text(encoding="utf-8"))
    with open(data / "data.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    scored = [score_region(row, framework) for row in rows]
    nodes = list(scored[0])
    ranks = {node: competition_ranks([one[node][0] for one in scored]) for node in nodes}
    with open(HERE / "expected.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["region", "node", "score", "rank", "coverage"])
        for place, row in enumerate(rows):
            for node in nodes:
                score, coverage = scored[place][node]
                out.writerow([row["region"], node, text(score), text(ranks[node][place]), text(coverage)])


if __name__ == "__main__":
    main()
