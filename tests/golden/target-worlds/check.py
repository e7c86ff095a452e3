#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Targets of worlds by chance: see SOURCE.md. usage: check.py [FIRST COUNT]"""

import csv
import io
import json
import math
import os
import random
import subprocess
import sys
import tempfile

TOOL = os.environ["SMARTREGION"]
REGIONS = 8
TRIALS = 45
# Of the effort: what is cheaper by less is the same.
NEAR = 1e-9
TRANSFORMS = {
    "none": (lambda x: x, 0, 100),
    "log": (math.log, 1, 100),
    "sqrt": (math.sqrt, 0, 100),
    "cbrt": (lambda x: math.copysign(abs(x) ** (1 / 3), x), -50, 50),
    "logit": (lambda x: math.log(x / (1 - x)), 0.05, 0.95),
}


class World:
    """A framework, its data and one region's target."""

    def __init__(self, seed, hard):
        self.chance = random.Random(seed)
        self.hard = hard
        self.nodes = {}
        self.framework = self.tree()
        self.ids = list(self.nodes)
        self.rows = [{name: self.value(name) for name in self.ids} for _ in range(REGIONS)]
        self.region = self.chance.randrange(REGIONS)
        self.rank = self.chance.randint(1, 4)
        priced = self.chance.random() < 0.5
        self.costs = {name: self.chance.choice([0.5, 1, 2, 3]) for name in self.ids
                      if priced and self.chance.random() < 0.6}
        self.start = self.rows[self.region]

    def leaf(self):
        chance, number = self.chance, len(self.nodes)
        transform = chance.choice(["none"] * 4 + (["log", "sqrt", "cbrt", "logit"] if self.hard else []))
        _, low, high = TRANSFORMS[transform]
        kind = chance.choice(["number"] * 4 + (["count"] if self.hard and transform in ("none", "log", "sqrt") else []))
        direction = chance.choice(["higher", "higher", "lower"] + (["target"] if transform in ("none", "cbrt") else []))
        first, second = sorted(chance.sample([low + (high - low) * k / 20 for k in range(2, 19)], 2))
        node = {"id": f"x{number}", "direction": direction, "transform": transform, "kind": kind,
                "weight": chance.choice([1, 1, 2, 3])}
        if direction == "target":
            node.update(worst=low + (high - low) * 0.05, best=low + (high - low) * 0.95,
                        optimum=chance.choice([first, second]))
        else:
            node.update(zip(("worst", "best") if direction == "higher" else ("best", "worst"), (first, second)))
        self.nodes[node["id"]] = node
        return node

    def mean(self):
        others = ["geometric", "harmonic", {"method": "power", "p": 0.5}, {"method": "power", "p": -2.5}, "min"]
        return self.chance.choice(["arithmetic"] * 2 + (others if self.hard else []))

    def tree(self):
        children = []
        for number in range(self.chance.randint(1, 3)):
            if self.chance.random() < 0.4:
                children.append(self.leaf())
                continue
            children.append({"id": f"c{number}", "weight": self.chance.choice([1, 2]), "aggregate": self.mean(),
                             "children": [self.leaf() for _ in range(self.chance.randint(1, 3))]})
        return {"id": "index", "aggregate": self.mean(), "children": children,
                "plan": {"normalise": {"method": "goalposts", "range": [1, 100]}}}

    def value(self, name):
        node = self.nodes[name]
        _, low, high = TRANSFORMS[node["transform"]]
        value = low + (high - low) * self.chance.randint(0, 20) / 20
        if node["kind"] == "count":
            value = float(round(value))
        return None if self.chance.random() < 0.08 else round(value, 4)

    # ---- the independent score ----

    def leaf_score(self, node, value):
        transform = TRANSFORMS[node["transform"]][0]
        z, worst, best = (transform(number) for number in (value, node["worst"], node["best"]))
        if node["direction"] == "target":
            optimum = transform(node["optimum"])
            worst_side = (z < optimum) == (worst < optimum)
            share = (z - worst) / (optimum - worst) if worst_side else (best - z) / (best - optimum)
        else:
            share = (z - worst) / (best - worst)
        return 1 + 99 * min(1, max(0, share))

    def score(self, values, node=None):
        node = node or self.framework
        if "children" not in node:
            return None if values[node["id"]] is None else self.leaf_score(node, values[node["id"]])
        parts = [(child.get("weight", 1), self.score(values, child)) for child in node["children"]]
        parts = [(weight, score) for weight, score in parts if score is not None]
        if not parts:
            return None
        method = node.get("aggregate", "arithmetic")
        if method == "min":
            return min(score for _, score in parts)
        power = method["p"] if isinstance(method, dict) else {"arithmetic": 1, "geometric": 0, "harmonic": -1}[method]
        total = sum(weight for weight, _ in parts)
        if power == 0:
            return math.exp(sum(weight * math.log(score) for weight, score in parts) / total)
        return (sum(weight * score ** power for weight, score in parts) / total) ** (1 / power)

    # ---- what may move ----

    def levers(self):
        """(indicator, value, limit, direction, cost, whole) of each that can be improved."""
        found = []
        for name in self.ids:
            value, node = self.start[name], self.nodes[name]
            if value is None:
                continue
            limit = node["optimum"] if node["direction"] == "target" else node["best"]
            toward = 1 if limit > value else -1
            if node["direction"] != "target" and (toward > 0) != (node["direction"] == "higher"):
                continue
            whole = node["kind"] == "count"
            if whole:
                limit = math.floor(limit) if toward > 0 else math.ceil(limit)
            if (limit - value) * toward > 0:
                cost = self.costs.get(name, 1 / abs(node["best"] - node["worst"]))
                found.append((name, value, limit, toward, cost, whole))
        return found

    def moved(self, levers, efforts):
        values = dict(self.start)
        for (name, value, limit, toward, cost, _), effort in zip(levers, efforts):
            values[name] = limit if effort >= abs(limit - value) * cost else value + toward * effort / cost
        return self.score(values)


def take_back(world, levers, efforts, goal, order):
    """Every effort as little as the goal allows, one after another."""
    for place in order:
        cost, whole, kept = levers[place][4], levers[place][5], efforts[place]
        efforts[place] = 0
        if world.moved(levers, efforts) >= goal:
            continue
        if whole:
            steps = round(kept / cost)
            while steps > 0:
                efforts[place] = (steps - 1) * cost
                if world.moved(levers, efforts) < goal:
                    break
                steps -= 1
            efforts[place] = steps * cost
            continue
        low, high = 0, kept
        for _ in range(60):
            efforts[place] = (low + high) / 2
            if world.moved(levers, efforts) >= goal:
                high = efforts[place]
            else:
                low = efforts[place]
        efforts[place] = high


def search(world, levers, goal, found):
    """The least effort that chance finds, from anywhere and from around what was found."""
    chance = random.Random(world.region)
    ways = [abs(limit - value) * cost for _, value, limit, _, cost, _ in levers]
    least = math.inf
    for trial in range(TRIALS):
        if trial % 3 == 0:
            efforts = [chance.choice([0, 1, chance.random()]) * way for way in ways]
        else:
            spread = 0.02 if trial % 3 == 1 else 0.2
            efforts = [min(way, max(0, effort + chance.gauss(0, spread) * way)) for effort, way in zip(found, ways)]
        for place, lever in enumerate(levers):
            if lever[5]:
                efforts[place] = min(math.ceil(efforts[place] / lever[4] - 1e-9) * lever[4], ways[place])
        order = list(range(len(levers)))
        chance.shuffle(order)
        for place in order:
            if world.moved(levers, efforts) >= goal:
                break
            efforts[place] = ways[place]
        if world.moved(levers, efforts) < goal:
            continue
        chance.shuffle(order)
        take_back(world, levers, efforts, goal, order)
        least = min(least, sum(efforts))
    return least


def check(seed, hard, folder):
    """The status of the target, "none" for a region without a score; AssertionError when something is wrong."""
    world = World(seed, hard)
    with open(f"{folder}/f.json", "w", encoding="utf-8") as file:
        json.dump(world.framework, file)
    with open(f"{folder}/c.json", "w", encoding="utf-8") as file:
        json.dump({"costs": world.costs}, file)
    with open(f"{folder}/d.csv", "w", encoding="utf-8") as file:
        file.write("region," + ",".join(world.ids) + "\n")
        for place, row in enumerate(world.rows):
            cells = ["" if row[name] is None else repr(row[name]) for name in world.ids]
            file.write(f"R{place}," + ",".join(cells) + "\n")
    region = f"R{world.region}"

    def run(*words):
        return subprocess.run([TOOL, *words, "-f", "f.json", "d.csv"], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False)

    done = run("target", region, "--rank", str(world.rank), "-F", "json", "--costs", "c.json")
    before = world.score(world.start)
    if before is None:
        assert done.returncode == 1 and "no score" in done.stderr, done.stderr
        return "none"
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    goal, status = answer["goal_score"], answer["status"]
    assert abs(before - answer["score_before"]) <= 1e-9 * max(1, before)
    levers = world.levers()
    ways = [abs(limit - value) * cost for _, value, limit, _, cost, _ in levers]
    if status == "unreachable":
        assert world.moved(levers, ways) < goal + 1e-9 and not answer["rows"]
        return status
    assert status in ("optimal", "bounded"), status
    to = {row["indicator"]: row["to"] for row in answer["rows"]}
    assert set(to) <= {lever[0] for lever in levers}
    efforts = [abs(to.get(name, value) - value) * cost for name, value, _, _, cost, _ in levers]
    for name, value, limit, toward, _, whole in levers:
        proposed = to.get(name, value)
        assert 0 <= (proposed - value) * toward <= (limit - value) * toward, (name, value, proposed, limit)
        assert not whole or proposed == round(proposed)
    total = sum(efforts)
    assert abs(total - answer["effort"]) <= NEAR * max(1, total), (total, answer["effort"])
    if to:
        assert world.score({**world.start, **to}) >= goal - 1e-9 * max(1, goal)
        changes = [word for name, value in to.items() for word in ("--change", f"{name}=={value!r}")]
        told = run("whatif", region, "-F", "csv", *changes)
        after = [row for row in csv.DictReader(io.StringIO(told.stdout))
                 if row["region"] == region and row["node"] == "index"][0]
        assert float(after["rank_after"]) <= world.rank and float(after["score_after"]) >= goal, (after, goal)
    # a goal that our own sum reaches by a rounding is no cheaper way
    least = search(world, levers, goal + 1e-9 * max(1, goal), efforts)
    assert least >= answer["lower_bound"] - NEAR * max(1, total), (status, least, answer["lower_bound"])
    assert status != "optimal" or least >= total - NEAR * max(1, total), (least, total)
    return status


def main():
    first, count = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (1, 120)
    failed, seen = 0, {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            try:
                status = check(seed, seed % 3 > 0, folder)
                seen[status] = seen.get(status, 0) + 1
            except AssertionError as wrong:
                print(f"world {seed}: {wrong}", file=sys.stderr)
                failed += 1
    # most must be proven, or the search proves nothing
    if seen.get("optimal", 0) < 0.9 * count:
        print(f"too few are optimal: {seen}", file=sys.stderr)
        failed += 1
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
