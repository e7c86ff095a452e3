#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every figure of the portfolio, without the library: compute.py [FILE], in the folder of the case.

The best set is found by scoring every set that the budget allows; nothing is bounded or left out."""

import csv
import itertools
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
REGION, BUDGET = "here", 150
TAXONOMIES = {"actors": ["state", "business", "academia"],
              "fields": ["people", "business", "technology", "foundations"],
              "criteria": ["skills", "places", "links"], "goals": ["learn", "live", "move", "pay"]}
COLUMN = {"goals": "goals:learn|live|move|pay"}

framework = json.loads((HERE / "framework.json").read_text())
rows = {row["region"]: row for row in csv.DictReader((HERE / "data.csv").open())}
initiatives = list(csv.DictReader((HERE / "initiatives.csv").open()))
leaves = {leaf["id"]: leaf for node in framework["children"] for leaf in node["children"]}
raw = {region: {i: float(row[i]) if row[i] else None for i in leaves} for region, row in rows.items()}


def pieces(text):
    return [piece for piece in text.replace(";", "|").split("|") if piece]


def index(values):
    """Goalposts to 1..100 clamped; weighted arithmetic means, `places` geometric."""
    total = weights = 0
    for node in framework["children"]:
        scores = []
        for leaf in node["children"]:
            x = values[leaf["id"]]
            if x is not None:
                score = 1 + 99 * (x - leaf["worst"]) / (leaf["best"] - leaf["worst"])
                scores.append(min(100, max(1, score)))
        mean = math.prod(scores) ** (1 / len(scores)) if node["id"] == "places" else sum(scores) / len(scores)
        total += node["weight"] * mean
        weights += node["weight"]
    return total / weights


effects = {}
for row in initiatives:
    parsed = []
    for text in pieces(row["effects"]):
        target, change = text.split("=")
        kind = "%" if change.endswith("%") else "+" if change[0] in "+-" else "="
        parsed.append((target, kind, float(change.rstrip("%"))))
    effects[row["id"]] = parsed
budget = {row["id"]: float(row["budget"]) if row["budget"] else None for row in initiatives}
open_ones = [row["id"] for row in initiatives if row["status"] not in ("done", "cancelled")]
counted = [row for row in initiatives if row["status"] != "cancelled"]


def values_after(chosen, clip=True):
    values = dict(raw[REGION])
    for i, leaf in leaves.items():
        best_set, shift = None, 0
        for one in open_ones:
            for target, kind, amount in effects[one] if one in chosen else ():
                if target != i:
                    continue
                if kind == "=":
                    better = min if leaf["best"] < leaf["worst"] else max
                    best_set = amount if best_set is None else better(best_set, amount)
                else:
                    shift += amount if kind == "+" else values[i] * amount / 100
        after = (best_set if best_set is not None else values[i]) + shift
        values[i] = min(100, max(0, after)) if clip and leaf.get("kind") == "share" else after
    return values


def score(chosen):
    return index(values_after(chosen))


others = [index(values) for region, values in raw.items() if region != REGION]


def rank(of):
    return 1 + sum(other > of for other in others)


table = []


def put(section, row, column, value):
    table.append((section, row, column, value))


def coverage():
    put("size", "portfolio", "initiatives", len(counted))
    put("size", "portfolio", "cancelled", len(initiatives) - len(counted))
    put("size", "portfolio", "done", sum(row["status"] == "done" for row in initiatives))
    put("size", "portfolio", "budget", sum(budget[row["id"]] or 0 for row in counted))
    put("size", "portfolio", "without_budget", sum(budget[row["id"]] is None for row in counted))
    put("size", "portfolio", "without_effects", sum(not effects[row["id"]] for row in counted))
    of = {(row["id"], name): pieces(row[COLUMN.get(name, name)]) for row in counted for name in TAXONOMIES}
    for name, categories in TAXONOMIES.items():
        for c in categories:
            inside = [row["id"] for row in counted if c in of[row["id"], name]]
            put(f"coverage_{name}", c, "initiatives", len(inside))
            put(f"coverage_{name}", c, "share", len(inside) / len(counted))
            put(f"coverage_{name}", c, "budget", sum((budget[i] or 0) / len(of[i, name]) for i in inside))
    for a, b in itertools.combinations(TAXONOMIES, 2):
        for x, y in itertools.product(TAXONOMIES[a], TAXONOMIES[b]):
            inside = [row["id"] for row in counted if x in of[row["id"], a] and y in of[row["id"], b]]
            put(f"coverage_{a}_{b}", x, y, len(inside))
            put(f"budget_{a}_{b}", x, y, sum((budget[i] or 0) / (len(of[i, a]) * len(of[i, b])) for i in inside))
            if not inside:
                put(f"empty_{a}_{b}", x, y, 0)
    for x, y, z in itertools.product(*(TAXONOMIES[t] for t in ("actors", "fields", "criteria"))):
        count = sum(x in of[row["id"], "actors"] and y in of[row["id"], "fields"] and z in of[row["id"], "criteria"]
                    for row in counted)
        put("coverage_actors_fields_criteria", f"{x}|{y}", z, count)
        if not count:
            put("empty_actors_fields_criteria", f"{x}|{y}", z, 0)
    for row in counted:
        for name in TAXONOMIES:
            if not of[row["id"], name]:
                put("uncategorised", row["id"], name, 0)


def helix():
    actors = TAXONOMIES["actors"]
    patterns = [tuple(a in pieces(row["actors"]) for a in actors) for row in counted]

    def entropy(places):
        seen = [tuple(p[i] for i in places) for p in patterns]
        return -sum(seen.count(s) / len(seen) * math.log2(seen.count(s) / len(seen)) for s in set(seen))

    for size in range(4):
        for places in itertools.combinations(range(3), size):
            name = "|".join(actors[i] for i in places) or "none"
            exact = sum(p == tuple(i in places for i in range(3)) for p in patterns)
            put("triple_helix", name, "initiatives", exact)
            if size > 0:
                put("triple_helix", name, "entropy", entropy(places))
            if size == 2:
                put("triple_helix", name, "transmission",
                    sum(entropy((i,)) for i in places) - entropy(places))
            if size == 3:
                put("triple_helix", name, "transmission",
                    sum(entropy((i,)) for i in places)
                    - sum(entropy(two) for two in itertools.combinations(places, 2)) + entropy(places))

    def evenness(amounts):
        return -sum(x / sum(amounts) * math.log(x / sum(amounts)) for x in amounts if x) / math.log(3)

    put("triple_helix_balance", "actors", "evenness", evenness([sum(p[i] for p in patterns) for i in range(3)]))
    put("triple_helix_balance", "actors", "evenness_budget", evenness(
        [sum((budget[row["id"]] or 0) / sum(p) for row, p in zip(counted, patterns) if p[i]) for i in range(3)]))


def lift():
    before, everything = score(()), score(open_ones)
    put("baseline", REGION, "score", before)
    put("baseline", REGION, "rank", rank(before))
    put("baseline", REGION, "regions", len(rows))
    put("baseline", REGION, "score_all", everything)
    put("baseline", REGION, "rank_all", rank(everything))
    for one in open_ones:
        for target, *_ in effects[one]:
            put("effects", one, target, values_after([one])[target] - raw[REGION][target])
    for i in leaves:
        if values_after(open_ones, clip=False)[i] != values_after(open_ones)[i]:
            put("flag_clipped", i, "value", values_after(open_ones, clip=False)[i])
    for one in open_ones:
        alone = score([one])
        put("uplift", one, "score_alone", alone)
        put("uplift", one, "uplift_alone", alone - before)
        put("uplift", one, "rank_alone", rank(alone))
        put("uplift", one, "uplift_last", everything - score([other for other in open_ones if other != one]))
        put("uplift", one, "budget", budget[one])
        put("uplift", one, "uplift_per_budget", (alone - before) / budget[one] if budget[one] else None)


def order():
    done, now, spent = [], score(()), 0
    while len(done) < len(open_ones):
        best = None
        for one in open_ones:
            if one in done:
                continue
            gain = score(done + [one]) - now
            known = budget[one] is not None
            key = (2, gain / budget[one]) if known and gain > 0 else (1, gain) if not known and gain > 0 else (0, gain)
            if best is None or key > best[0]:
                best = (key, one, gain)
        _, one, gain = best
        done.append(one)
        now = score(done)
        spent += budget[one] or 0
        put("order", one, "place", len(done))
        put("order", one, "uplift", gain)
        put("order", one, "uplift_per_budget", gain / budget[one] if budget[one] else None)
        put("order", one, "budget_cumulative", spent)
        put("order", one, "score", now)
        put("order", one, "rank", rank(now))


def best_set():
    eligible = [one for one in open_ones if budget[one] is not None and budget[one] <= BUDGET and effects[one]]
    best, sets = None, 0
    for size in range(len(eligible) + 1):
        for chosen in itertools.combinations(eligible, size):
            cost = sum(budget[one] for one in chosen)
            if cost <= BUDGET:
                sets += 1
                key = (score(chosen), -cost)
                if best is None or key > best[0]:
                    best = (key, chosen)
    (top, cost), chosen = best
    for one in chosen:
        put("best_set", one, "budget", budget[one])
        put("best_set", one, "uplift_last", top - score([other for other in chosen if other != one]))
    for column, value in (("limit", BUDGET), ("budget", -cost), ("initiatives", len(chosen)), ("score", top),
                          ("uplift", top - score(())), ("rank", rank(top)), ("bound", top), ("gap", 0), ("exact", 1),
                          ("sets_scored", sets)):
        put("best_set_total", "best_set", column, value)


coverage()
helix()
lift()
order()
best_set()
with open(HERE / (sys.argv[1] if len(sys.argv) > 1 else "expected.csv"), "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["section", "row", "column", "value"])
    writer.writerows((s, r, c, "" if v is None else f"{v:.15g}") for s, r, c, v in table)
