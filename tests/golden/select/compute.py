# SPDX-License-Identifier: MIT
"""The funnel without the library: scores, gates, mixed stages, ballots (Kemeny by trying every order), cut, reasons.

usage: compute.py DATA_FOLDER CASE EXPECTED_FILE, one of the cases below. Only the standard library is used.

The case `reasons` holds the regions that never came to a rank; those of ballots, but borda_share, the last stage."""

import csv
import fractions
import itertools
import json
import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
MISSING = {"", "NA", "NaN", ":", "..", "-"}


# ---- scores ----

def indicator_score(node, text):
    if text in MISSING:
        return None
    share = (float(text) - node["worst"]) / (node["best"] - node["worst"])
    return 100 * min(max(share, 0.0), 1.0)


def mean(pairs):
    pairs = [(weight, value) for weight, value in pairs if value is not None]
    total = sum(weight for weight, _ in pairs)
    return sum(weight * value for weight, value in pairs) / total if total else None


class World:
    """The data, and every score by node id."""

    def __init__(self, folder):
        self.tree = json.loads((folder / "framework.json").read_text(encoding="utf-8"))
        with open(folder / "data.csv", encoding="utf-8", newline="") as file:
            self.rows = {row["region"]: row for row in csv.DictReader(file)}
        self.names, self.criteria = {}, [node["id"] for node in self.tree["children"]]
        self.scores = {region: {} for region in self.rows}
        self.coverage = {}
        for region, row in self.rows.items():
            self.coverage[region] = self.fill(self.tree, row, self.scores[region])[1]

    def fill(self, node, row, scores):
        """Score and coverage."""
        self.names[node["id"]] = node["name"]["en"]
        if "children" not in node:
            score = indicator_score(node, row[node["id"]])
            found = score, float(score is not None)
        else:
            below = [(child.get("weight", 1), *self.fill(child, row, scores)) for child in node["children"]]
            total = sum(weight for weight, _, _ in below)
            found = (mean([(weight, score) for weight, score, _ in below]),
                     sum(weight * coverage for weight, _, coverage in below) / total)
        scores[node["id"]] = found[0]
        return found

    def value(self, region, name):
        if name in self.scores[region]:
            return self.scores[region][name]
        text = self.rows[region][name]
        return None if text in MISSING else float(text)


# ---- ballots ----

def read_ballots(path):
    ballots = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ballot = ballots.setdefault(row["juror"], {})
            if row["rank"]:
                ballot[row["region"]] = fractions.Fraction(row["rank"])
    return list(ballots.values())


def places(ballot, members, incomplete):
    """Exact places 1 to m; None where the juror abstains."""
    m, placed = len(members), [r for r in members if r in ballot]
    found = {}
    for region in members:
        if region in ballot:
            before = sum(ballot[other] < ballot[region] for other in placed)
            level = sum(ballot[other] == ballot[region] for other in placed)
            place = before + fractions.Fraction(level + 1, 2)
            if incomplete == "abstain" and len(placed) < m:
                place = (1 + (place - 1) * fractions.Fraction(m - 1, len(placed) - 1) if len(placed) > 1
                         else fractions.Fraction(m + 1, 2))
            found[region] = place
        else:
            found[region] = fractions.Fraction(len(placed) + 1 + m, 2) if incomplete == "share" else None
    return found


def margins(jury, members):
    found = {}
    for a, b in itertools.permutations(members, 2):
        apart = [ballot for ballot in jury if ballot[a] is not None and ballot[b] is not None]
        net = sum((ballot[a] < ballot[b]) - (ballot[a] > ballot[b]) for ballot in apart)
        found[a, b] = fractions.Fraction(net, len(apart)) if apart else fractions.Fraction(0)
    return found


def kemeny(jury, members):
    """Points of the best order, the first in the order of the members; neighbours that are level share theirs."""
    margin = margins(jury, members)
    best, order = None, None
    for candidate in itertools.permutations(members):
        agreement = sum(margin[a, b] for a, b in itertools.combinations(candidate, 2))
        if best is None or agreement > best:
            best, order = agreement, candidate
    points, start = {}, 0
    while start < len(order):
        end = start + 1
        while end < len(order) and all(margin[order[i], order[end]] == 0 for i in range(start, end)):
            end += 1
        for region in order[start:end]:
            points[region] = len(order) - fractions.Fraction(start + 1 + end, 2)
        start = end
    return points


def result(ballots, members, rule, incomplete):
    """By region, and the worst and the best that there can be."""
    jury, m = [places(ballot, members, incomplete) for ballot in ballots], len(members)
    given = {region: [ballot[region] for ballot in jury if ballot[region] is not None] for region in members}
    if rule == "copeland":
        margin = margins(jury, members)
        return {a: sum((margin[a, b] > 0) - (margin[a, b] < 0) for b in members if b != a) for a in members}, 1 - m, m - 1
    if rule == "kemeny":
        return kemeny(jury, members), 0, m - 1
    if rule == "median_rank":
        return {region: statistics.median(given[region]) for region in members}, m, 1
    average = {region: sum(given[region]) / len(given[region]) for region in members}
    if rule == "mean_rank":
        return average, m, 1
    return {region: m - average[region] for region in members}, 0, m - 1


# ---- stages ----

def mapped(values, worst, best):
    if best == worst:
        return {region: 50.0 for region in values}
    return {region: None if value is None else 100 * float((value - worst) / (best - worst))
            for region, value in values.items()}


def part_values(world, part, members, previous, stage):
    name, scale = part.get("name"), part.get("scale")
    if name == "previous":
        return {region: previous[region] for region in members}
    if name == "ballots":
        return mapped(*result(stage["ballots"], members, stage["rule"], stage.get("incomplete", "share")))
    values = {region: world.value(region, name) for region in members}
    if scale:
        return mapped(values, *scale)
    if name in world.names:
        return values
    there = [value for value in values.values() if value is not None]
    return mapped(values, min(there), max(there))


def text_of(value, other):
    text, beside = f"{value:.2f}", f"{other:.2f}"
    if text == beside and value != other:
        return repr(value)
    return text.rstrip("0").rstrip(".")


def run(world, stages, gates):
    members = list(world.rows)
    previous = {region: world.scores[region]["index"] for region in members}
    for stage in stages:
        kept, rows = [], []
        for region in members:
            wrong = []
            if world.coverage[region] < stage.get("coverage", 0):
                wrong.append(f"coverage is {text_of(world.coverage[region], stage['coverage'])}, at least "
                             f"{text_of(stage['coverage'], world.coverage[region])} is asked for")
            for name, least in gates:
                value = world.value(region, name)
                if value is None:
                    wrong.append(f"{world.names[name]} has no value, the gate asks for {least:g}")
                elif value < least:
                    wrong.append(f"{world.names[name]} is {text_of(value, least)}, below the gate {least:g}")
            if wrong:
                rows.append((region, None, None, "no", "; ".join(wrong)))
            else:
                kept.append(region)
        parts = [(part, part_values(world, part, kept, previous, stage)) for part in stage["parts"]]
        score = {}
        for region in kept:
            lacking = [part["name"] for part, values in parts if values[region] is None]
            if lacking:
                rows.append((region, None, None, "no", f"{lacking[0]}, a part of the score, has no value"))
            else:
                total = sum(part["weight"] for part, _ in parts)
                score[region] = sum(part["weight"] * values[region] for part, values in parts) / total
        order = sorted(score, key=lambda region: -score[region])
        cut = score[order[min(stage["keep"], len(order)) - 1]]
        through = [region for region in order if score[region] >= cut]
        for region in order:
            rank = 1 + sum(score[other] > score[region] for other in order)
            rows.append((region, score[region], rank, "yes" if region in through else "no", ""))
        for row in rows:
            yield (row[0], stage["id"], *row[1:])
        members = [region for region in members if region in through]
        previous = score


def cases(folder, world):
    def stage(name, keep, parts, **more):
        return dict(id=name, keep=keep, parts=[dict(part) for part in parts], **more)

    def part(name, weight=1, scale=None):
        return {"name": name, "weight": weight, "scale": scale}

    gate = [(criterion, 40) for criterion in world.criteria]
    plain = [stage("smart21", 21, [part("index")]), stage("top7", 7, [part("index")]),
             stage("winner", 1, [part("index")])]
    found = {
        "gate": (plain, gate),
        "mix": ([stage("a", 21, [part("index", 2), part("broadband", 1)]),
                 stage("b", 7, [part("previous", 0.7), part("population", 0.3)]),
                 stage("c", 1, [part("previous", 1), part("innovation", 0.5, (0, 110))])], []),
        "reasons": (plain, gate),
        "gaps": ([stage("a", 150, [part("population", 1), part("rd_expenditure", 1)])], []),
    }
    for rule in ("borda", "mean_rank", "median_rank", "copeland", "kemeny"):
        for incomplete in ("share", "abstain"):
            jury = {"ballots": read_ballots(folder / "jury-illustration.csv"), "rule": rule, "incomplete": incomplete}
            found[f"{rule}_{incomplete}"] = (
                [stage("smart21", 21, [part("index")], coverage=0.6),
                 stage("top7", 7, [part("previous", 0.5), part("innovation", 0.5)]),
                 stage("winner", 1, [part("previous", 0.5), part("ballots", 0.5)], **jury)], gate)
    return found


def main():
    folder, name, target = pathlib.Path(sys.argv[1], "countries-2018"), sys.argv[2], sys.argv[3]
    world = World(folder)
    with open(HERE / target, "w", encoding="utf-8", newline="\n") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["region", "stage", "score", "rank", "passed", "why"])
        for row in run(world, *cases(folder, world)[name]):
            if (name == "reasons" and row[3] is not None) or (name[-5:] in ("share", "stain") and name != "borda_share"
                                                              and row[1] != "winner"):
                continue
            out.writerow("" if cell is None else repr(cell) if isinstance(cell, float) else cell for cell in row)


main()
