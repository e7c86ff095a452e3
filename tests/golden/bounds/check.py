# SPDX-License-Identifier: MIT
"""Exact bounds against an enumeration in fractions, on small random trees with all kinds of sets of weights."""

import csv
import io
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction as F

NEVER, POSSIBLE, NECESSARY = "never", "possible", "necessary"


# ---- the set of weights as inequalities a . u >= 0 ----

def leaves_of(node):
    return [node["id"]] if "children" not in node else [x for c in node["children"] for x in leaves_of(c)]


def families(tree, level):
    """(parent's leaves, [(child's leaves, share, id)]) of every family; a weight of 0 takes no part."""
    if level == "leaf":
        shares = {}

        def walk(node, share):
            if "children" not in node:
                shares[node["id"]] = share
                return
            total = sum(c["weight"] for c in node["children"])
            for c in node["children"]:
                walk(c, share * F(c["weight"], total))

        walk(tree, F(1))
        yield leaves_of(tree), [([leaf], share, leaf) for leaf, share in shares.items() if share > 0]
        return
    if "children" in tree:
        total = sum(c["weight"] for c in tree["children"])
        yield leaves_of(tree), [(leaves_of(c), F(c["weight"], total), c["id"]) for c in tree["children"] if c["weight"]]
        for child in tree["children"]:
            yield from families(child, level)


def inequalities(tree, spec, leaves):
    place = {leaf: i for i, leaf in enumerate(leaves)}
    rows = []

    def row(terms):
        one = [F(0)] * len(leaves)
        for group, factor in terms:
            for leaf in group:
                one[place[leaf]] += factor
        rows.append(one)

    for leaf in leaves:
        row([([leaf], F(1))])
    for parent, members in families(tree, spec.get("level", "family")):
        dead = [leaf for leaf in parent if not any(leaf in group for group, _, _ in members)]
        for leaf in dead:
            row([([leaf], F(-1))])
        if len(members) < 2:
            continue
        kind = spec["distribution"]
        if kind == "box":
            for group, _, _ in members:
                row([(group, F(1)), (parent, -F(str(spec["low"])))])
                row([(group, F(-1)), (parent, F(str(spec["high"])))])
        elif kind == "noise":
            p = F(spec["percent"], 100)
            for (a, wa, _), (b, wb, _) in itertools.permutations(members, 2):
                row([(b, (1 + p) * wa), (a, -(1 - p) * wb)])
        elif kind == "ordered":
            for (a, wa, _), (b, wb, _) in itertools.permutations(members, 2):
                if wa > wb:
                    row([(a, F(1)), (b, F(-1))])
    return rows


# ---- corners ----

def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def reduced(row, basis):
    """The row (right side last) without the columns that the basis has solved for."""
    for pivot, one in basis:
        if row[pivot] != 0:
            factor = row[pivot]
            row = [x - factor * y for x, y in zip(row, one)]
    return row


def corners(bounds, planes, n):
    """Points of the set in which n - 1 of the bounds and planes (a . u = b) meet."""
    hyper = sorted({tuple(a) + (F(0),) for a in bounds} | {tuple(a) + (b,) for a, b in planes})
    found = set()

    def meet(first, basis):
        if len(basis) == n:
            u = [F(0)] * n
            for pivot, row in reversed(basis):
                u[pivot] = row[n] - sum(row[k] * u[k] for k in range(n) if k != pivot)
            if all(dot(a, u) >= 0 for a in bounds):
                found.add(tuple(u))
            return
        for i in range(first, len(hyper) - (n - len(basis)) + 1):
            row = reduced(list(hyper[i]), basis)
            pivot = next((k for k in range(n) if row[k] != 0), None)
            if pivot is not None:
                meet(i + 1, basis + [(pivot, [x / row[pivot] for x in row])])

    meet(0, [(0, [F(1)] * (n + 1))])
    return found


# ---- what must come out ----

def expected(tree, spec, values, leaves):
    n = len(leaves)
    bounds = inequalities(tree, spec, leaves)
    every = [v for row in values for v in row]
    threshold = F(1, 10 ** 9) * (max(every) - min(every) or 1)
    vertices = corners(bounds, [], n)
    assert vertices
    pairs, ranks = {}, []
    for i, j in itertools.permutations(range(len(values)), 2):
        d = [x - y for x, y in zip(values[i], values[j])]
        ends = [dot(d, u) for u in vertices]
        pairs[i, j] = NECESSARY if min(ends) > threshold else POSSIBLE if max(ends) > threshold else NEVER
    for i in range(len(values)):
        others = [[x - y for x, y in zip(row, values[i])] for k, row in enumerate(values) if k != i]
        best = min(sum(dot(d, u) > threshold for d in others)
                   for u in corners(bounds, [(d, threshold) for d in others], n))
        higher = threshold * F(1001, 1000)
        worst = max(sum(dot(d, u) >= higher for d in others)
                    for u in corners(bounds, [(d, higher) for d in others], n))
        ranks.append((1 + best, 1 + worst))
    return pairs, ranks


# ---- cases ----

def indicator(name, weight):
    return {"id": name, "weight": weight}


def make_tree(rng, shape):
    names = iter("abcdefgh")

    def weight():
        return rng.choice([1, 1, 2, 3, 5])

    def build(part):
        return [indicator(next(names), weight()) if p == 1
                else {"id": "g%d" % rng.randrange(10 ** 6), "weight": weight(), "children": build(p)} for p in part]

    return {"id": "index", "children": build(shape)}


SHAPES = [[1, 1, 1], [1, [1, 1]], [1, 1, 1, 1], [[1, 1], [1, 1]], [[1, [1, 1]], 1]]


def make_case(number):
    rng = random.Random(number)
    tree = make_tree(rng, SHAPES[number % len(SHAPES)])
    leaves = leaves_of(tree)
    if number % 7 == 3:
        tree["children"][0]["weight"] = 0
    kind = ["uniform", "box", "noise", "ordered", "noise"][number // 2 % 5]
    spec = {"vary": "weights", "distribution": kind}
    if number % 3 == 0:
        spec["level"] = "leaf"
    if kind == "box":
        spec.update(low=0.125, high=0.75)
    if kind == "noise":
        spec["percent"] = rng.choice([10, 25, 50, 100])
    greatest = rng.choice([2, 4, 100])
    values = [[F(rng.randrange(greatest + 1)) for _ in leaves] for _ in range(rng.choice([4, 5, 6]))]
    return tree, leaves, spec, values


def run(folder, tree, leaves, spec, values, what):
    (folder / "framework.json").write_text(json.dumps(tree), encoding="utf-8")
    with open(folder / "data.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["region", *leaves])
        for i, row in enumerate(values):
            out.writerow(["r%d" % i, *map(int, row)])
    command = [os.environ["PRINT_BOUNDS"], folder / "framework.json", folder / "data.csv",
               '{"normalise": {"method": "none"}}', json.dumps(spec), "100000", what]
    text = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=60).stdout
    return list(csv.DictReader(io.StringIO(text)))


def check(folder, number):
    tree, leaves, spec, values = make_case(number)
    pairs, ranks = expected(tree, spec, values, leaves)
    wrong = []
    for i, row in enumerate(run(folder, tree, leaves, spec, values, "csv")):
        told = tuple(int(row[k]) for k in ("rank_best", "rank_worst", "best_reached", "worst_reached"))
        if told != ranks[i] * 2:
            wrong.append((number, spec, row["region"], told, ranks[i]))
    for row in run(folder, tree, leaves, spec, values, "pairs"):
        i, j = int(row["region"][1:]), int(row["other"][1:])
        if pairs.pop((i, j)) != row["outranks"]:
            wrong.append((number, spec, i, j, row["outranks"]))
    return wrong + [(number, "missing", pair) for pair in pairs]


def main():
    first, count = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (0, 16)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            wrong += check(pathlib.Path(folder), number)
    print("\n".join(map(str, wrong)) or "ok: %d cases" % count)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
