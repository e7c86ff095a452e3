# SPDX-License-Identifier: MIT
"""The verb stability against a computation of its own, on the shipped countries and on small random cases."""

import csv
import io
import itertools
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction as F

TOOL, DATA = os.environ["SMARTREGION"], pathlib.Path(os.environ["DATA"]) / "countries-2018"
WRONG = []


def expect(holds, *what):
    if not holds:
        WRONG.append(what)


def near(a, b, tolerance=1e-9):
    return (a is None) == (b is None) and (a is None or abs(a - b) <= tolerance * max(1.0, abs(b)))


def run(framework, data, *arguments):
    command = [TOOL, "stability", "--quiet", "-f", str(framework), *arguments, str(data)]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=200).stdout


def table(framework, data, *arguments):
    return list(csv.DictReader(io.StringIO(run(framework, data, "-F", "csv", *arguments))))


def number(text):
    return float(text) if text else None


# ---- scores ----

def indicators(node):
    return [node] if "children" not in node else [x for child in node["children"] for x in indicators(child)]


def nodes_below(node, parent=None):
    """(node, parent) in pre-order, the root first."""
    yield node, parent
    for child in node.get("children", []):
        yield from nodes_below(child, node)


def normalise_all(framework, rows, method):
    """{(region, indicator): score}"""
    scores = {}
    for one in indicators(framework):
        name = one["id"]
        known = [float(row[name]) for row in rows if row[name]]
        low, high = (min(known), max(known)) if known else (0, 0)
        for row in rows:
            if not row[name]:
                continue
            x = float(row[name])
            if method == "goalposts":
                scores[row["region"], name] = 100 * min(1, max(0, (x - one["worst"]) / (one["best"] - one["worst"])))
            elif method == "minmax" and high > low:
                share = (x - low) / (high - low)
                scores[row["region"], name] = 100 * (1 - share if one["best"] < one["worst"] else share)
            elif method == "none":
                scores[row["region"], name] = x
    return scores


def index_of(node, region, scores, weights, geometric=False):
    if "children" not in node:
        return scores.get((region, node["id"]))
    parts = [(weights[child["id"]], index_of(child, region, scores, weights, geometric)) for child in node["children"]]
    parts = [(w, y) for w, y in parts if y is not None]
    total = sum(w for w, _ in parts)
    if not total > 0:
        return None
    if geometric:
        return math.exp(sum(w * math.log(max(y, 1)) for w, y in parts) / total)
    return sum(w * y for w, y in parts) / total


def weights_of(framework):
    return {node["id"]: float(node.get("weight", 1)) for node, _ in nodes_below(framework)}


def index_all(framework, rows, method):
    scores, weights = normalise_all(framework, rows, method), weights_of(framework)
    return {row["region"]: index_of(framework, row["region"], scores, weights) for row in rows}


# ---- one item less ----

def without(node, name):
    """The tree without a node, and without parents that nothing is left below."""
    if node["id"] == name:
        return None
    if "children" not in node:
        return node
    children = [x for x in (without(child, name) for child in node["children"]) if x]
    return {**node, "children": children} if children else None


def ranks_of(scores):
    known = [y for y in scores.values() if y is not None]
    return {r: None if y is None else 1 + sum(other > y for other in known) for r, y in scores.items()}


def tau_b(pairs):
    concordant = discordant = x_ties = y_ties = reversed_pairs = 0
    for (a, b), (c, d) in itertools.combinations(pairs, 2):
        x, y = (a > c) - (a < c), (b > d) - (b < d)
        concordant += x * y > 0
        discordant += x * y < 0
        x_ties += x == 0
        y_ties += y == 0
    count = len(pairs) * (len(pairs) - 1) // 2
    return (concordant - discordant) / math.sqrt((count - x_ties) * (count - y_ties)), discordant


def check_leave_out(method, levels):
    framework = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
    with open(DATA / "data.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    arguments = ["--set", "normalise.method=" + method]
    before = index_all(framework, rows, method)
    for level in levels:
        found, summary = {}, {}
        for row in table(DATA / "framework.json", DATA / "data.csv", "--level", level, *arguments):
            expect(row["level"] == level, row)
            found.setdefault(row["left_out"], []).append(row)
        for row in table(DATA / "framework.json", DATA / "data.csv", "--level", level, "--section", "summary", *arguments):
            summary[row["left_out"]] = row
        names = {"indicator": [x["id"] for x in indicators(framework)],
                 "criterion": [x["id"] for x in framework["children"]],
                 "region": [row["region"] for row in rows]}[level]
        expect(list(summary) == names, level, list(summary)[:5])
        # every region is a fit of its own: a third of them in this program
        for name in names[::3] if level == "region" else names:
            tree = framework if level == "region" else without(framework, name)
            others = [row for row in rows if level != "region" or row["region"] != name]
            after = index_all(tree, others, method)
            told = {row["region"]: row for row in found[name]}
            expect(set(told) == set(after), level, name)
            ranks = ranks_of({r: before[r] for r in after})
            library = ranks_of({r: number(row["score_after"]) for r, row in told.items()})
            pairs = []
            for region, row in told.items():
                expect(near(number(row["score_before"]), before[region]), level, name, region, "before")
                expect(near(number(row["score_after"]), after[region]), level, name, region, row, after[region])
                expect(number(row["rank_before"]) == ranks[region], level, name, region, row, ranks[region])
                expect(number(row["rank_after"]) == library[region], level, name, region, row)
                if row["rank_after"] and row["rank_before"]:
                    pairs.append((float(row["rank_before"]), float(row["rank_after"]), region))
            shifts = {region: b - a for a, b, region in pairs}
            tau, reversals = tau_b([(a, b) for a, b, _ in pairs])
            one = summary[name]
            expect(near(number(one["mean_shift"]), sum(map(abs, shifts.values())) / len(shifts)), level, name, one)
            expect(number(one["most_shift"]) == max(map(abs, shifts.values())), level, name, one)
            expect(number(one["reversals"]) == reversals, level, name, one, reversals)
            expect(near(number(one["kendall"]), tau), level, name, one, tau)
            expect((number(one["gain"]) or 0) == max(0, -min(shifts.values())), level, name, one)
            expect((number(one["loss"]) or 0) == max(0, max(shifts.values())), level, name, one)
            if one["gains_most"]:
                expect(-shifts[one["gains_most"]] == number(one["gain"]), level, name, one)
            if one["loses_most"]:
                expect(shifts[one["loses_most"]] == number(one["loss"]), level, name, one)


# ---- break-even weights ----

def with_share(node, parent, weights, share):
    changed = dict(weights)
    others = sum(weights[x["id"]] for x in parent["children"] if x is not node)
    for sibling in parent["children"]:
        changed[sibling["id"]] = share if sibling is node else (1 - share) * weights[sibling["id"]] / others
    return changed


def roots_of(difference, steps=4000):
    """Shares at which a function changes its sign, by bisection; touching is not seen."""
    roots, before = [], difference(0.0)
    for step in range(1, steps + 1):
        low, high, after = (step - 1) / steps, step / steps, difference(step / steps)
        if before is not None and after is not None and (before > 0) != (after > 0):
            for _ in range(80):
                middle = (low + high) / 2
                value = difference(middle)
                if (value > 0) == (before > 0):
                    low = middle
                else:
                    high = middle
            if abs(difference(low)) < 1e-6:
                roots.append(low)
        before = after
    return roots


def check_pair(framework, data, scores, first, second, *arguments, geometric=False, steps=4000):
    weights = weights_of(framework)
    for row, (node, parent) in zip(table(data / "framework.json", data / "data.csv", "--pair",
                                         "%s,%s" % (first, second), *arguments),
                                   list(nodes_below(framework))[1:]):
        expect(row["node"] == node["id"], row, node["id"])
        siblings = sum(weights[x["id"]] for x in parent["children"])
        now = weights[node["id"]] / siblings
        expect(near(number(row["share"]), now), row, now)
        if siblings == weights[node["id"]]:
            expect(row["status"] == "alone", row)
            continue

        def difference(share):
            changed = with_share(node, parent, weights, share)
            a = index_of(framework, first, scores, changed, geometric)
            b = index_of(framework, second, scores, changed, geometric)
            return None if a is None or b is None else a - b

        if row["status"] == "always":
            expect(all(abs(difference(x / 16)) < 1e-9 for x in range(1, 16)), row, "not always")
            continue
        roots = roots_of(difference, steps)
        if row["status"] == "none":
            # a root at the very end is one by luck of rounding
            expect(not [x for x in roots if 1e-9 < x < 1 - 1e-9], row, roots)
            continue
        expect(row["status"] == "found", row)
        share = number(row["break_even"])
        expect(0 <= share <= 1 and abs(difference(share)) < 1e-6, row, difference(share))
        expect(near(number(row["change"]), share - now) and
               (now == 0 or near(number(row["relative_change"]), (share - now) / now)), row)
        expect(all(abs(x - now) > abs(share - now) - 1e-7 for x in roots), row, roots)


def effective(framework):
    result = {}

    def walk(node, share):
        if "children" not in node:
            result[node["id"]] = share
        total = sum(F(x.get("weight", 1)) for x in node.get("children", []))
        for child in node.get("children", []):
            walk(child, share * F(child.get("weight", 1)) / total)

    walk(framework, F(1))
    return result


def least_change(weights, difference):
    """Least sum of |change| with the same sum and a difference of 0: at a corner all but two changes are 0 or all."""
    names, best = list(weights), None
    now = sum(weights[x] * difference[x] for x in names)
    for a, b in itertools.combinations(names, 2):
        rest = [x for x in names if x not in (a, b)]
        for choice in itertools.product([0, 1], repeat=len(rest)):
            moved = {x: -weights[x] * c for x, c in zip(rest, choice)}
            total, gap = -sum(moved.values()), -now - sum(moved[x] * difference[x] for x in rest)
            if difference[a] == difference[b]:
                continue
            moved[a] = (gap - total * difference[b]) / (difference[a] - difference[b])
            moved[b] = total - moved[a]
            if all(moved[x] >= -weights[x] for x in names):
                size = sum(map(abs, moved.values()))
                best = size if best is None else min(best, size)
    return best


def check_least_change(framework, data, values, first, second):
    document = json.loads(run(data / "framework.json", data / "data.csv", "-F", "json", "--set", "normalise.method=none",
                              "--pair", "%s,%s" % (first, second)))
    weights = {x: w for x, w in effective(framework).items() if w > 0}
    difference = {x: F(values[first, x]) - F(values[second, x]) for x in weights}
    best = 0 if sum(weights[x] * difference[x] for x in weights) == 0 else least_change(weights, difference)
    expect(near(document["distance"], None if best is None else float(best)), first, second, document["distance"], best)
    told = {row["node"]: row["nearest_weight"] for row in document["rows"] if row["effective_weight"] is not None}
    if best is None:
        expect(document["reason"] and not any(told.values()), document["reason"])
        return
    expect(near(sum(told.values()), 1) and min(told.values()) >= 0, told)
    expect(abs(sum(told[x] * float(difference[x]) for x in weights)) < 1e-9, told)
    expect(near(sum(abs(told[x] - float(weights[x])) for x in weights), float(best)), told, best)


def check_critical(framework, data, scores, regions):
    """The least changes over all pairs, from the break-even shares of each pair, as they were checked above."""
    weights = weights_of(framework)
    index = {r: index_of(framework, r, scores, weights) for r in regions}
    top = max(index.values())
    best = {}
    for first, second in itertools.combinations(regions, 2):
        if index[first] == index[second]:
            continue
        for row in table(data / "framework.json", data / "data.csv", "--set", "normalise.method=none", "--pair",
                         "%s,%s" % (first, second)):
            if row["status"] == "found":
                change = abs(float(row["change"]))
                for kind in ("any", "top") if top in (index[first], index[second]) else ("any",):
                    best[kind, row["node"]] = min(best.get((kind, row["node"]), 2), change)
    for row in table(data / "framework.json", data / "data.csv", "--set", "normalise.method=none", "--critical"):
        for kind in ("any", "top"):
            told = number(row[kind + "_change"])
            expect(near(None if told is None else abs(told), best.get((kind, row["node"]))), row, kind,
                   best.get((kind, row["node"])))
            expect((told is None) == (not row[kind + "_region"]), row)
            if row[kind + "_region"]:
                expect(index[row[kind + "_region"]] > index[row[kind + "_other"]], row)


def check_random(folder, seed):
    rng = random.Random(seed)

    def leaf(name):
        return {"id": name, "weight": rng.choice([1, 1, 2, 3])}

    framework = {"id": "index", "children": [
        {"id": "p", "weight": rng.choice([1, 2]), "children": [leaf("a"), leaf("b"), leaf("c")]},
        {"id": "q", "weight": rng.choice([1, 3]), "children": [leaf("d"), leaf("e")]},
        leaf("f")]}
    regions = ["r%d" % i for i in range(5)]
    names = [x["id"] for x in indicators(framework)]
    values = {(r, x): float(rng.randrange(1, 20)) for r in regions for x in names}
    (folder / "framework.json").write_text(json.dumps(framework), encoding="utf-8")

    def write(values):
        with open(folder / "data.csv", "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["region", *names])
            for r in regions:
                out.writerow([r, *(int(values[r, x]) if (r, x) in values else "" for x in names)])

    write(values)
    for first, second in [("r0", "r1"), ("r2", "r1"), ("r3", "r4")]:
        check_least_change(framework, folder, values, first, second)
    check_critical(framework, folder, values, regions)
    # holes renormalise: the difference is a quotient, with up to two roots
    holed = dict(values)
    for r, x in [("r0", "a"), ("r1", "e"), ("r2", "b"), ("r2", "f")]:
        del holed[r, x]
    write(holed)
    for first, second in [("r0", "r1"), ("r2", "r3"), ("r4", "r0")]:
        check_pair(framework, folder, holed, first, second, "--set", "normalise.method=none", steps=500)
    write(values)
    for first, second in [("r0", "r1"), ("r2", "r3")]:
        check_pair(framework, folder, values, first, second, "--set", "normalise.method=none", "--set",
                   "aggregate.method=geometric", geometric=True, steps=500)


def main():
    check_leave_out("goalposts", ["indicator", "criterion"])
    check_leave_out("minmax", ["region"])
    framework = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
    with open(DATA / "data.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    scores = normalise_all(framework, rows, "goalposts")
    for first, second in [("VNM", "THA"), ("CHE", "SWE"), ("AFG", "TCD")]:
        check_pair(framework, DATA, scores, first, second, steps=300)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(6):
            check_random(pathlib.Path(folder), seed)
    print("\n".join(map(str, WRONG[:40])) or "ok")
    return 1 if WRONG else 0


if __name__ == "__main__":
    sys.exit(main())
