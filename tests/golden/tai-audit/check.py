# SPDX-License-Identifier: MIT
"""Compares what the tool says of the Technology Achievement Index with what the Handbook prints."""

import csv
import io
import itertools
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOOL = os.environ.get("SMARTREGION") or "smartregion"


def run(*arguments):
    command = [TOOL, *arguments, "--quiet", "-F", "csv", "-f", str(HERE / "framework.json"), str(HERE / "data.csv")]
    text = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=120).stdout
    return list(csv.DictReader(io.StringIO(text)))


def audit(*arguments):
    return {(r["section"], r["row"], r["column"]): float(r["value"] or "nan") for r in run("audit", *arguments)}


def weights(method, normalise, *arguments):
    rows = run("weights", "--set", "weights.method=" + method, "--set", "normalise.method=" + normalise, *arguments)
    return {r["node"]: float(r["effective_weight"]) for r in rows}


def align(cells, found, expected):
    """The order and signs of the found columns that bring them nearest to the expected ones."""
    rows = sorted({row for row, _ in expected})
    columns = sorted({column for _, column in expected})
    there = sorted({column for _, column in found})

    def distance(order):
        total = 0
        for column, other in zip(columns, order):
            total += min(sum((expected[r, column] - sign * found[r, other]) ** 2 for r in rows) for sign in (1, -1))
        return total

    order = min(itertools.permutations(there), key=distance) if len(there) <= 4 else there
    for column, other in zip(columns, order):
        sign = min((1, -1), key=lambda s: sum((expected[r, column] - s * found[r, other]) ** 2 for r in rows))
        for row in rows:
            cells[row, column] = sign * found[row, other]
    return dict(zip(columns, order))


def main():
    with open(HERE / "expected.csv", encoding="utf-8") as file:
        wanted = list(csv.DictReader(file))
    found = audit("--retain", "4")
    order = {}
    for section in ("loadings", "varimax"):
        expected = {(r["row"], r["column"]): float(r["value"]) for r in wanted if r["section"] == section}
        there = {(row, column): value for (s, row, column), value in found.items() if s == section}
        aligned = {}
        order[section] = align(aligned, there, expected)
        found.update({(section, *cell): value for cell, value in aligned.items()})
    explained = {f: found["varimax_explained", "tai", f] for f in ("F1", "F2", "F3", "F4")}
    for column, other in order["varimax"].items():
        found["varimax_explained", "tai", column] = explained[other]

    asked = {
        "weights factor share": weights("factor", "minmax", "--set", "weights.retain=share"),
        "weights entropy none": weights("entropy", "none"),
        "weights gini none": weights("gini", "none"),
        "weights critic minmax": weights("critic", "minmax"),
        "weights standard_deviation minmax": weights("standard_deviation", "minmax"),
    }
    for section, of_node in asked.items():
        found.update({(section, node, "effective_weight"): weight for node, weight in of_node.items()})
    found.update({cell: value for cell, value in audit("-p", str(HERE / "ahp.json")).items() if cell[0] == "ahp"})

    wrong = 0
    for r in wanted:
        cell = r["section"], r["row"], r["column"]
        value = found.get(cell, float("nan"))
        if not abs(value - float(r["value"])) <= float(r["tolerance"]):
            print(f"table {r['table']}: {' '.join(cell)} is {value}, expected {r['value']} within {r['tolerance']}")
            wrong += 1
    print(f"{len(wanted)} numbers, {wrong} wrong")
    return wrong or len(wanted) < 200


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
