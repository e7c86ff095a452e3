# SPDX-License-Identifier: MIT
"""Scores orders of the 23 countries by the definition: over all pairs, the share of indicators for which the one that
stands before is better, ties half; of pairs that share a place the better of the two shares.

The order that table 38 of the Handbook prints must score 182.125, and the order that the tool gives 184.5."""

import csv
import itertools
import os
import pathlib
import subprocess
import sys
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
TOOL = os.environ.get("SMARTREGION") or "smartregion"
# Column NCMC of table 38.
PRINTED = dict(zip(
    "FIN USA SWE JPN KOR NLD GBR SGP CAN AUS DEU NOR IRL BEL NZL AUT FRA ISR ESP ITA CZE HUN SVN".split(),
    [3, 1, 2, 4, 9, 8, 5, 12, 11, 9, 7, 6, 13, 17, 15, 15, 14, 18, 20, 19, 21, 23, 22]))


def share(a, b):
    better = sum(2 * (x > y) + (x == y) for x, y in zip(a, b))
    return Fraction(better, 2 * len(a))


def score(places, values):
    total = Fraction(0)
    for a, b in itertools.combinations(places, 2):
        first, second = (a, b) if places[a] <= places[b] else (b, a)
        shares = [share(values[first], values[second])]
        if places[a] == places[b]:
            shares.append(share(values[second], values[first]))
        total += max(shares)
    return total


def main():
    with open(HERE / "data.csv", encoding="utf-8", newline="") as file:
        values = {row.pop("region"): [Fraction(cell) for cell in row.values()] for row in csv.DictReader(file)}
    done = subprocess.run(
        [TOOL, "score", "-F", "csv", "--quiet", "-f", str(HERE / "framework.json"), "--set", "normalise.method=none",
         "--set", "weights.method=equal", "--set", "aggregate.method=kemeny", str(HERE / "data.csv")],
        stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=120)
    found = {row["region"]: int(row["rank"]) for row in csv.DictReader(done.stdout.splitlines()) if row["node"] == "tai"}
    printed_score, found_score = score(PRINTED, values), score(found, values)
    print(f"table 38: {float(printed_score)}; the tool: {float(found_score)}")
    sys.exit(0 if len(found) == 23 and printed_score == Fraction("182.125") and found_score == Fraction("184.5") else 1)


if __name__ == "__main__":
    main()
