#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Targets of the shipped countries against an independent computation: see SOURCE.md. Standard library only."""

import csv
import io
import itertools
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

TOOL = os.environ["SMARTREGION"]
DATA = Path(os.environ["DATA"], "countries-2018")
FRAMEWORK = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
ROWS = {row["region"]: row for row in csv.DictReader(open(DATA / "data.csv", encoding="utf-8", newline=""))}
INDICATORS = {one["id"]: (criterion["id"], one) for criterion in FRAMEWORK["children"] for one in criterion["children"]}
NEAR = Fraction(1, 10 ** 9)


def exact(number):
    return Fraction(float(number))


def share(value, one):
    """Of the way from the worst to the best goalpost, clamped."""
    worst, best = exact(one["worst"]), exact(one["best"])
    return min(Fraction(1), max(Fraction(0), (value - worst) / (best - worst)))


def index(row):
    """Equal weights of what there is, in and across criteria; None without any."""
    criteria = {}
    for name, (criterion, one) in INDICATORS.items():
        if row[name]:
            criteria.setdefault(criterion, []).append(100 * share(exact(row[name]), one))
    means = [sum(scores) / len(scores) for scores in criteria.values()]
    return sum(means) / len(means) if means else None


SCORES = {region: index(row) for region, row in ROWS.items()}


def rank(region, score):
    return 1 + sum(1 for other, its in SCORES.items() if other != region and its is not None and its > score)


def least_effort(region, wanted, fixed=()):
    """(indicator, to, effort) of the cheapest way to a rank, [] when it is there; None when there is none."""
    others = sorted((score for other, score in SCORES.items() if other != region and score is not None), reverse=True)
    lacking = others[wanted - 1] - SCORES[region]
    present = {}
    for name, (criterion, one) in INDICATORS.items():
        if ROWS[region][name]:
            present.setdefault(criterion, []).append(name)
    ways = []
    for name, (criterion, one) in INDICATORS.items():
        if not ROWS[region][name] or name in fixed:
            continue
        value, worst, best = exact(ROWS[region][name]), exact(one["worst"]), exact(one["best"])
        way = (best - value) / (best - worst)
        if way > 0: # beyond the worst goalpost there is a part of the way that gains nothing
            ways.append((Fraction(100, len(present) * len(present[criterion])), min(way, 1), max(way - 1, 0), name))
    ways.sort(key=lambda one: (-one[0], -one[1]))
    late = [one for one in ways if one[2] > 0]
    best_way = None
    for size in range(len(late) + 1):
        for opened in itertools.combinations(late, size):
            taken = knapsack([one for one in ways if one[2] == 0 or one in opened], lacking)
            if taken is None or any(one[3] not in [name for name, _ in taken] for one in opened):
                continue
            taken = [(name, effort + next(one[2] for one in ways if one[3] == name)) for name, effort in taken]
            if best_way is None or sum(effort for _, effort in taken) < sum(effort for _, effort in best_way):
                best_way = taken
    if best_way is None:
        return None
    spans = {name: exact(INDICATORS[name][1]["best"]) - exact(INDICATORS[name][1]["worst"]) for name, _ in best_way}
    return [(name, exact(ROWS[region][name]) + effort * spans[name], effort) for name, effort in best_way]


def knapsack(ways, lacking):
    """[(indicator, effort)] by ratio; None when all together are not enough."""
    taken = []
    for rate, way, _, name in ways:
        if lacking <= 0:
            break
        effort = min(way, lacking / rate)
        taken.append((name, effort))
        lacking -= effort * rate
    return None if lacking > 0 else taken


def run(*arguments):
    done = subprocess.run([TOOL, *arguments, "-f", str(DATA / "framework.json"), str(DATA / "data.csv")],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def check(region, wanted, fixed=()):
    options = [word for name in fixed for word in ("--fix", name)]
    found = table(run("target", region, "--rank", str(wanted), "-F", "csv", *options))
    document = json.loads(run("target", region, "--rank", str(wanted), "-F", "json", *options))
    expected = least_effort(region, wanted, fixed)
    if expected is None:
        assert found == [] and document["status"] == "unreachable", document["status"]
        return
    assert document["status"] == "optimal", document["status"]
    total = sum(effort for _, _, effort in expected)
    assert abs(exact(document["effort"]) - total) <= NEAR * max(1, total), (document["effort"], float(total))
    assert exact(document["lower_bound"]) <= total * (1 + NEAR)
    order = list(INDICATORS)
    expected.sort(key=lambda one: order.index(one[0]))
    assert [row["indicator"] for row in found] == [name for name, _, _ in expected], (found, expected)
    moved = dict(ROWS[region])
    for row, (name, to, effort) in zip(found, expected):
        assert row["region"] == region and float(row["from"]) == float(ROWS[region][name])
        assert abs(exact(row["to"]) - to) <= NEAR * max(1, abs(to)), (row, float(to))
        assert abs(exact(row["effort"]) - effort) <= NEAR * max(1, effort), (row, float(effort))
        moved[name] = row["to"]
    # what is printed, by hand: exact fractions may lie a rounding below the goal, never more
    reached = index(moved)
    assert rank(region, reached + Fraction(1, 10 ** 12)) <= wanted, (region, float(reached))
    if not found:
        return
    changes = [word for row in found for word in ("--change", f"{row['indicator']}=={row['to']}")]
    after = [row for row in table(run("whatif", region, "-F", "csv", *changes))
             if row["region"] == region and row["node"] == FRAMEWORK["id"]][0]
    assert float(after["rank_after"]) <= wanted, after
    assert abs(exact(after["score_after"]) - reached) <= NEAR, after


def main():
    passed, failed = 0, 0
    cases = [("VNM", wanted, fixed) for wanted in (84, 83, 70, 50, 20, 7, 1)
             for fixed in ((), ("journal_articles",), ("rd_expenditure", "top_universities", "journal_articles"))]
    cases += [(region, wanted, ()) for region in ("THA", "DNK", "BRA", "IND") for wanted in (100, 50, 10)]
    for case in cases:
        try:
            check(*case)
            passed += 1
        except AssertionError as wrong:
            print(f"{case}: {wrong}", file=sys.stderr)
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
