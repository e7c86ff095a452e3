#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sixty initiatives whose gains add up, and the best of all sets: many.py, in the folder of the case.

The one indicator is far from its goalposts, so that the index is 60 plus the sum of the gains; budgets are whole, so
that dynamic programming over the budget finds the best set exactly. Gains are whole multiples of 1/1000."""

import csv
import pathlib

HERE = pathlib.Path(__file__).parent
BUDGET, COUNT = 700, 60
state = 20210731


def draw(low, high):
    global state
    state = state * 6364136223846793005 % 2**64 + 1442695040888963407
    return low + (state >> 33) % (high - low + 1)


items = [(draw(5, 80), draw(10, 400)) for _ in range(COUNT)]
best = [0] * (BUDGET + 1)
for cost, gain in items:
    for room in range(BUDGET, cost - 1, -1):
        best[room] = max(best[room], best[room - cost] + gain)
with open(HERE / "many.csv", "w", encoding="utf-8", newline="") as file:
    file.write("id,budget,effects\n")
    for place, (cost, gain) in enumerate(items, 1):
        file.write(f"i{place},{cost},x=+{gain / 1000}\n")
with open(HERE / "many_expected.csv", "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["section", "row", "column", "value"])
    score = 60 + best[BUDGET] / 1000
    for column, value in (("score", score), ("uplift", best[BUDGET] / 1000), ("bound", score), ("exact", 1)):
        writer.writerow(["best_set_total", "best_set", column, f"{value:.15g}"])
