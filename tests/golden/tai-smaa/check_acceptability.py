# SPDX-License-Identifier: MIT
"""Rank acceptability of the 23 countries of the Technology Achievement Index with weights uniform on the simplex, on
goalposts: 400,000 draws of ours against 400,000 of another program.

The difference of two shares p has a standard error of sqrt(2 p (1 - p) / 400000), at most 0.00112: every one of the
529 must be within 0.004, and within five of its own standard errors (and one draw in 100,000)."""

import csv
import json
import math
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SCORES = HERE.parent / "tai-scores"
TOOL = os.environ.get("SMARTREGION") or "smartregion"
DRAWS = 400000
SPEC = '{"factors": [{"id": "w", "vary": "weights", "distribution": "uniform"}]}'


def main():
    done = subprocess.run(
        [TOOL, "robust", SCORES / "data.csv", "-f", SCORES / "framework.json", "--set", "normalise.method=goalposts",
         "--nodes", "index", "--draws", str(DRAWS), "--seed", "23", "-F", "json", "-r", "-"],
        input=SPEC.encode(), stdout=subprocess.PIPE, check=True)
    rows = {row["region"]: row for row in json.loads(done.stdout)["rows"]}
    expected = {(row["region"], int(row["rank"])): int(row["draws"]) / DRAWS
                for row in csv.DictReader((HERE / "acceptability.csv").open(encoding="utf-8"))}
    wrong, worst = 0, 0
    for region, row in rows.items():
        for rank, draws in enumerate(row["rank_histogram"], 1):
            share, other = draws / DRAWS, expected.get((region, rank), 0)
            middle = (share + other) / 2
            allowed = min(0.004, 5 * math.sqrt(2 * middle * (1 - middle) / DRAWS) + 1e-5)
            worst = max(worst, abs(share - other))
            if abs(share - other) > allowed:
                print(f"{region} rank {rank}: {share} is not {other} within {allowed:.5f}")
                wrong += 1
    if len(rows) != 23 or len(expected) < 200:
        print("not all countries or ranks are there")
        wrong += 1
    print(f"greatest difference {worst:.5f}")
    return 1 if wrong else 0


sys.exit(main())
