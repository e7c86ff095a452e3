#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scores of the invented COINr pair, computed without the library.

Reads iMeta.csv and iData.csv beside this file and writes expected.csv. Every number is read as the
nearest double and the rest is exact: fractions, rounded once at the end. Standard library only.

The plan is the built-in default: divide by the denominator, min-max to 0 to 100 over all rows,
weighted arithmetic mean of the children that have a score at every node, competition ranks.
"""
import csv
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent


def read(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return [{key: None if text in ("", "NA") else text for key, text in row.items()}
                for row in csv.DictReader(file)]


def exact(text):
    return None if text is None else Fraction(float(text))


def denominated(row, meta):
    value = exact(row[meta["iCode"]])
    if value is None or meta["Denominator"] is None:
        return value
    return value / exact(row[meta["Denominator"]])


def minmax(column, direction):
    """Direction -1 turns the sign first."""
    turned = [None if value is None else direction * value for value in column]
    present = [value for value in turned if value is not None]
    low, high = min(present), max(present)
    return [None if value is None else 100 * (value - low) / (high - low) for value in turned]


def aggregate(parts):
    """Score over the children present, and coverage over all, both by weight."""
    present = [(weight, score) for weight, score, _ in parts if score is not None]
    total = sum(weight for weight, _ in present)
    score = sum(weight * score for weight, score in present) / total if total else None
    return score, sum(weight * part for weight, _, part in parts) / sum(weight for weight, _, _ in parts)


def main():
    meta = [row for row in read("iMeta.csv") if row["Type"] in ("Indicator", "Aggregate")]
    data = read("iData.csv")
    children = {}
    for row in meta:
        children.setdefault(row["Parent"], []).append(row)
    order, results = [], {}

    def visit(row):
        code = row["iCode"]
        order.append(code)
        if row["Type"] == "Indicator":
            scores = minmax([denominated(unit, row) for unit in data], int(row["Direction"]))
            results[code] = [(score, Fraction(score is not None)) for score in scores]
            return
        for child in children[code]:
            visit(child)
        results[code] = [aggregate([(exact(child["Weight"]), *results[child["iCode"]][place])
                                    for child in children[code]]) for place in range(len(data))]

    visit(children[None][0])
    with open(HERE / "expected.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["region", "period", "node", "score", "rank", "coverage"])
        for place, unit in enumerate(data):
            for code in order:
                score, coverage = results[code][place]
                rank = None if score is None else 1 + sum(
                    1 for other, _ in results[code] if other is not None and other > score)
                out.writerow([unit["uCode"], unit["Time"], code] + [
                    "" if number is None else "%.17g" % float(number) for number in (score, rank, coverage)])


if __name__ == "__main__":
    main()
