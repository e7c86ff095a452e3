#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Explanations of shipped countries, computed without the library.

Reads data.csv and framework.json of the shipped data set and writes one of the expected files beside this file. Every
number is read as the nearest double, as any program would; sums and means are exact (fractions, rounded once at the
end), geometric means are computed to 50 digits. Shapley values are the mean over all orders of the criteria of what
each adds, as they are defined. Standard library only.

usage: compute.py FILE [DATA_DIRECTORY]
"""
import csv
import itertools
import json
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
getcontext().prec = 50


def exact(number):
    return Fraction(float(number))


class World:
    def __init__(self, folder):
        self.framework = json.loads((folder / "framework.json").read_text(encoding="utf-8"))
        with open(folder / "data.csv", encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.criteria = self.framework["children"]
        self.indicators = [one for criterion in self.criteria for one in criterion["children"]]

    def region(self, name):
        row = next(row for row in self.rows if row["region"] == name)
        return Region(self, {one["id"]: exact(row[one["id"]]) if row[one["id"]] else None for one in self.indicators})

    def regions(self):
        return [self.region(row["region"]) for row in self.rows]


def weight_of(node):
    return exact(node.get("weight", 1))


def mean_of_present(nodes, scores):
    """Weighted mean of the scores there are, and the share of each node's weight in it."""
    total = sum(weight_of(node) for node in nodes if scores[node["id"]] is not None)
    if not total:
        return None, {node["id"]: Fraction(0) for node in nodes}
    shares = {node["id"]: weight_of(node) / total if scores[node["id"]] is not None else Fraction(0) for node in nodes}
    return sum(shares[key] * scores[key] for key in shares if scores[key] is not None), shares


class Region:
    """Values or scores of the indicators, and what follows from them."""

    def __init__(self, world, values, scores=None):
        self.world, self.values = world, values
        self.scores = dict(scores) if scores else {one["id"]: self.normalise(one) for one in world.indicators}
        self.shares = {}
        for criterion in world.criteria:
            self.scores[criterion["id"]], shares = mean_of_present(criterion["children"], self.scores)
            self.shares.update(shares)
        self.scores["index"], shares = mean_of_present(world.criteria, self.scores)
        self.shares.update(shares)

    def normalise(self, indicator):
        value = self.values[indicator["id"]]
        if value is None:
            return None
        worst, best = exact(indicator["worst"]), exact(indicator["best"])
        return 100 * min(Fraction(1), max(Fraction(0), (value - worst) / (best - worst)))


def explained(region):
    """Rows of (node, value, normalised, weight, contribution)."""
    world, rows = region.world, {}
    for criterion in world.criteria:
        above = region.shares[criterion["id"]]
        for one in criterion["children"]:
            weight, score = above * region.shares[one["id"]], region.scores[one["id"]]
            rows[one["id"]] = [region.values[one["id"]], score, weight, weight * score if score is not None else None]
        parts = [rows[one["id"]][3] for one in criterion["children"] if rows[one["id"]][3] is not None]
        rows[criterion["id"]] = [None, region.scores[criterion["id"]], above, sum(parts) if parts else None]
    rows["index"] = [None, region.scores["index"], Fraction(1), sum(rows[c["id"]][3] or 0 for c in world.criteria)]
    return rows


def less(a, b):
    return a - b if a is not None and b is not None else None


def compared(a, b):
    """The same of a difference: a child that one of the two lacks stands at that one's score of the parent."""
    world, rows = a.world, {}

    def there(node):
        return a.scores[node["id"]] is not None or b.scores[node["id"]] is not None

    def shares(nodes):
        total = sum(weight_of(node) for node in nodes if there(node))
        return {node["id"]: weight_of(node) / total if there(node) else Fraction(0) for node in nodes}

    outer = shares(world.criteria)
    for criterion in world.criteria:
        inner, up = shares(criterion["children"]), outer[criterion["id"]]
        x, y = a.scores[criterion["id"]], b.scores[criterion["id"]]
        assert x is not None and y is not None, "no criterion is missing in the chosen regions"
        for one in criterion["children"]:
            key, weight = one["id"], up * inner[one["id"]]
            here, other = a.scores[key], b.scores[key]
            part = weight * ((x if here is None else here) - (y if other is None else other)) if there(one) else None
            rows[key] = [less(a.values[key], b.values[key]), less(here, other), weight, part]
        parts = [rows[one["id"]][3] for one in criterion["children"] if rows[one["id"]][3] is not None]
        rows[criterion["id"]] = [None, x - y, up, sum(parts)]
    rows["index"] = [None, a.scores["index"] - b.scores["index"], Fraction(1),
                     sum(rows[c["id"]][3] for c in world.criteria)]
    return rows


def decimal(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def geometric(world, scores):
    """Weighted geometric mean of the criteria, what is below 1 (a hundredth of the range) raised to 1."""
    total = sum(decimal(weight_of(c)) for c in world.criteria)
    logs = sum(decimal(weight_of(c)) * max(scores[c["id"]], Decimal(1)).ln() for c in world.criteria)
    return (logs / total).exp()


def shapley(world, inside, outside):
    """Mean over all orders of what each criterion adds when it goes from outside to inside."""
    keys = [c["id"] for c in world.criteria]
    worth = {}
    for size in range(len(keys) + 1):
        for members in itertools.combinations(keys, size):
            worth[frozenset(members)] = geometric(world, {k: inside[k] if k in members else outside[k] for k in keys})
    parts, orders = dict.fromkeys(keys, Decimal(0)), 0
    for order in itertools.permutations(keys):
        before, orders = frozenset(), orders + 1
        for key in order:
            after = before | {key}
            parts[key] += worth[after] - worth[before]
            before = after
    return worth[frozenset()], {key: part / orders for key, part in parts.items()}


def explained_geometrically(region):
    """The root geometric: parts of the criteria above a score of 1, and what 1 itself is worth by weight. A criterion's
    part goes on to its indicators by what they are of the criterion above 1, the rest by weight."""
    world = region.world
    scores = {c["id"]: decimal(region.scores[c["id"]]) for c in world.criteria}
    floor, rows = dict.fromkeys(scores, Decimal(1)), {}
    nothing, parts = shapley(world, scores, floor)
    for criterion in world.criteria:
        key = criterion["id"]
        share = decimal(region.shares[key])
        slope = parts[key] / (scores[key] - 1)
        for one in criterion["children"]:
            inner = decimal(region.shares[one["id"]])
            rest = inner * (share * nothing - slope)
            rows[one["id"]] = [region.values[one["id"]], region.scores[one["id"]],
                               region.shares[key] * region.shares[one["id"]],
                               rest + slope * inner * decimal(region.scores[one["id"]])]
        rows[key] = [None, region.scores[key], region.shares[key], share * nothing + parts[key]]
    index = geometric(world, scores)
    rows["index"] = [None, index, Fraction(1), index]
    return rows


def compared_geometrically(a, b):
    """Shapley values from b to a; a criterion's part goes on by what its indicators are of the criterion's difference."""
    world, rows = a.world, {}
    x, y = [{c["id"]: decimal(one.scores[c["id"]]) for c in world.criteria} for one in (a, b)]
    _, parts = shapley(world, x, y)
    for criterion in world.criteria:
        key = criterion["id"]
        for one in criterion["children"]:
            score = less(a.scores[one["id"]], b.scores[one["id"]])
            inner = a.shares[one["id"]]
            rows[one["id"]] = [less(a.values[one["id"]], b.values[one["id"]]), score, a.shares[key] * inner,
                               parts[key] / (x[key] - y[key]) * decimal(inner * score)]
        rows[key] = [None, a.scores[key] - b.scores[key], a.shares[key], parts[key]]
    difference = geometric(world, x) - geometric(world, y)
    rows["index"] = [None, difference, Fraction(1), difference]
    return rows


def against(region, others, middle):
    """explain, with the score of the reference and the difference in place of value and weight."""
    world = region.world
    scores = {}
    for one in world.indicators:
        present = [other.scores[one["id"]] for other in others if other.scores[one["id"]] is not None]
        scores[one["id"]] = middle(present)
    reference = Region(world, {one["id"]: None for one in world.indicators}, scores)
    own, difference = explained(region), compared(region, reference)
    return {key: [reference.scores[key], own[key][1], difference[key][3], own[key][3]] for key in own}


def median(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(values):
    return sum(values) / len(values)


def first(world, count):
    regions = world.regions()
    return [one for one in regions if 1 + sum(o.scores["index"] > one.scores["index"] for o in regions) <= count]


FILES = {
    "explain-vnm.csv": lambda w: explained(w.region("VNM")),
    "explain-afg.csv": lambda w: explained(w.region("AFG")),
    "compare-vnm-tha.csv": lambda w: compared(w.region("VNM"), w.region("THA")),
    "compare-vnm-afg.csv": lambda w: compared(w.region("VNM"), w.region("AFG")),
    "geometric-vnm.csv": lambda w: explained_geometrically(w.region("VNM")),
    "geometric-vnm-tha.csv": lambda w: compared_geometrically(w.region("VNM"), w.region("THA")),
    "median-vnm.csv": lambda w: against(w.region("VNM"), w.regions(), median),
    "top7-vnm.csv": lambda w: against(w.region("VNM"), first(w, 7), mean),
}


def text(number):
    return "" if number is None else "%.17g" % float(number)


def main():
    name = sys.argv[1]
    world = World(Path(sys.argv[2]) if len(sys.argv) > 2 else HERE.parents[2] / "examples" / "data" / "countries-2018")
    rows = FILES[name](world)
    columns = "reference,normalised,difference,contribution" if name.startswith(("median", "top7")) \
        else "value,normalised,weight,contribution"
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        file.write("node,%s\n" % columns)
        for node in ["index"] + [key for c in world.criteria for key in [c["id"]] + [o["id"] for o in c["children"]]]:
            file.write(",".join([node] + [text(number) for number in rows[node]]) + "\n")


if __name__ == "__main__":
    main()
