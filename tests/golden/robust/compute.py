# SPDX-License-Identifier: MIT
"""The draws of spec.json made again without the library, in the Python standard library: Philox 4x32-10 as Salmon,
Moraes, Dror and Shaw (2011) define it, the numbering of dimensions and draws as doc/methods/robustness.md states it,
weights, alternatives, scores and ranks. Writes expected.csv."""

import csv
import json
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
MASK = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        even, odd = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [odd >> 32 ^ c[1] ^ k[0], odd & MASK, even >> 32 ^ c[3] ^ k[1], even & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def uniform(seed, dimension, draw):
    """32 draws stand in a chunk; draws l and l + 16 of a chunk share one block of four words."""
    block = draw // 32 * 16 + draw % 16
    words = philox([block & MASK, block >> 32, dimension & MASK, dimension >> 32], [seed & MASK, seed >> 32])
    low, high = words[:2] if draw % 32 < 16 else words[2:]
    return ((high << 32 | low) >> 12) * 2.0 ** -52 + 2.0 ** -53


def normalise(method, column, worst, best):
    present = [x for x in column if x is not None]
    if method == "goalposts":
        share = {x: min(1, max(0, (x - worst) / (best - worst))) for x in present}
    else:
        turned = sorted(x if best > worst else -x for x in present)
        share = {x: turned.index(x if best > worst else -x) / (len(present) - 1) for x in present}
    return [None if x is None else 1 + 99 * share[x] for x in column]


def mean(method, weights, values):
    pairs = [(w, y) for w, y in zip(weights, values) if y is not None]
    if not pairs:
        return None
    total = sum(w for w, _ in pairs)
    if method == "arithmetic":
        return sum(w * y for w, y in pairs) / total
    return math.exp(sum(w * math.log(y) for w, y in pairs) / total)


def ranks(scores):
    return [1 + sum(other is not None and other > s for other in scores) for s in scores]


def quantile(values, p):
    return sorted(values)[max(math.ceil(p * len(values) - 1e-9), 1) - 1]


def main():
    framework = json.loads((HERE / "framework.json").read_text(encoding="utf-8"))
    spec = json.loads((HERE / "spec.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader((HERE / "data.csv").open(encoding="utf-8")))
    criteria = framework["children"]
    leaves = [leaf for criterion in criteria for leaf in criterion["children"]]
    columns = {leaf["id"]: [float(row[leaf["id"]]) if row[leaf["id"]] else None for row in rows] for leaf in leaves}
    tables = {method: {leaf["id"]: normalise(method, columns[leaf["id"]], leaf["worst"], leaf["best"]) for leaf in leaves}
              for method in ("goalposts", "percentile_rank")}

    def score(method, table, weights):
        """Index and criteria, in pre-order, of every region."""
        below = [[mean(method, weights[criterion["id"]], [table[leaf["id"]][r] for leaf in criterion["children"]])
                  for r in range(len(rows))] for criterion in criteria]
        index = [mean(method, weights["i"], [column[r] for column in below]) for r in range(len(rows))]
        return [index, *below]

    given = {"i": [c.get("weight", 1) for c in criteria]}
    given.update({c["id"]: [leaf.get("weight", 1) for leaf in c["children"]] for c in criteria})
    base = score("arithmetic", tables["goalposts"], given)
    base_ranks = [ranks(column) for column in base]
    seen = [[[] for _ in rows] for _ in base]
    noise = spec["factors"][0]["percent"] / 100
    for draw in range(spec["draws"]):
        # w: nodes in pre-order without the root: a x1 x2 b x3 x4 x5 own dimensions 0 to 6; agg 7; top 8, 9; norm 10
        u = [uniform(spec["seed"], d, draw) for d in range(11)]
        factor = [1 - noise + 2 * noise * x for x in u]
        weights = {"a": [3 * factor[1], factor[2]], "b": factor[4:7], "i": [-math.log(u[8]), -math.log(u[9])]}
        method = ("arithmetic", "geometric")[int(2 * u[7])]
        table = tables[("goalposts", "percentile_rank")[int(2 * u[10])]]
        for node, column in enumerate(score(method, table, weights)):
            for region, rank in enumerate(ranks(column)):
                seen[node][region].append(rank)
    with (HERE / "expected.csv").open("w", encoding="utf-8", newline="\n") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("region node score rank rank_mean rank_p05 rank_p50 rank_p95 rank_best rank_worst p_top1 p_top7 "
                     "p_top21".split())
        for region, row in enumerate(rows):
            for node, name in enumerate(["i"] + [c["id"] for c in criteria]):
                found = seen[node][region]
                out.writerow([row["region"], name, repr(base[node][region]), base_ranks[node][region],
                              repr(sum(found) / len(found)), *(quantile(found, p) for p in (0.05, 0.5, 0.95)),
                              min(found), max(found),
                              *(repr(sum(rank <= n for rank in found) / len(found)) for n in (1, 7, 21))])


main()
