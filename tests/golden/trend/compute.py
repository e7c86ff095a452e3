#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The trend of thirteen countries' Human Development Index, without the library: compute.py FILE, in the folder of the
case; FILE is expected.csv (scores), raw.csv (raw values) or convergence.csv (from 2010 on).

Student's t by the finite sums of Abramowitz and Stegun 26.7.3 and 26.7.4, its quantile by halving."""

import csv
import math
import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).parent
INDICATORS = ["life_expectancy", "expected_schooling", "mean_schooling", "gni_per_capita"]
NODES = ["hdi", "health", "life_expectancy", "education", "expected_schooling", "mean_schooling", "income",
         "gni_per_capita"]
BEST = {"life_expectancy": 85, "expected_schooling": 18, "mean_schooling": 15, "gni_per_capita": 75000}
COLUMNS = ["first", "last", "change", "cagr", "slope", "rank_first", "rank_last", "period_first", "period_last",
           "growth", "slope_low", "slope_high", "slope_p", "sen_slope", "rank_move", "years", "values", "target",
           "years_to_target"]

rows = list(csv.DictReader((HERE / "data.csv").open()))
regions = list(dict.fromkeys(row["region"] for row in rows))
periods = sorted({row["period"] for row in rows})
continents = list(dict.fromkeys(row["continent"] for row in rows))
continent = {row["region"]: row["continent"] for row in rows}


def scores_of(row):
    raw = {i: float(row[i]) if row[i] else None for i in INDICATORS}

    def between(x, low, high):
        return None if x is None else min(1, max(0, (x - low) / (high - low)))

    s = {"life_expectancy": between(raw["life_expectancy"], 20, 85),
         "expected_schooling": between(raw["expected_schooling"], 0, 18),
         "mean_schooling": between(raw["mean_schooling"], 0, 15),
         "gni_per_capita": between(raw["gni_per_capita"] and math.log(raw["gni_per_capita"]), math.log(100),
                                   math.log(75000))}
    s["health"], s["income"] = s["life_expectancy"], s["gni_per_capita"]
    both = [s["expected_schooling"], s["mean_schooling"]]
    s["education"] = None if None in both else sum(both) / 2
    three = [s["health"], s["education"], s["income"]]
    s["hdi"] = None if None in three else math.prod(three) ** (1 / 3)
    return s, raw


table = {(row["region"], row["period"]): scores_of(row) for row in rows}


def beyond(t, degrees):
    """Two-sided probability of Student's t beyond |t|; whole degrees of freedom."""
    angle = math.atan(abs(t) / math.sqrt(degrees))
    cosine, term, total = math.cos(angle), 1.0, 0.0
    if degrees % 2:
        term = cosine
        for k in range(1, (degrees - 1) // 2 + 1):
            total += term
            term *= cosine ** 2 * 2 * k / (2 * k + 1)
        return 1 - 2 / math.pi * (angle + math.sin(angle) * total)
    for k in range(degrees // 2):
        total += term
        term *= cosine ** 2 * (2 * k + 1) / (2 * k + 2)
    return 1 - math.sin(angle) * total


def quantile(p, degrees):
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle, degrees) > p else (low, middle)
    return high


def line(x, y):
    """Slope, standard error, t, p, share explained; None where there are too few points."""
    n = len(x)
    if n < 2:
        return [None] * 5
    mx, my = math.fsum(x) / n, math.fsum(y) / n
    xx = math.fsum((a - mx) ** 2 for a in x)
    slope = math.fsum((a - mx) * (b - my) for a, b in zip(x, y)) / xx
    rest = math.fsum((b - my - slope * (a - mx)) ** 2 for a, b in zip(x, y))
    explained = 1 - rest / math.fsum((b - my) ** 2 for b in y)
    if n < 3:
        return [slope, None, None, None, explained]
    se = math.sqrt(rest / (n - 2) / xx)
    return [slope, se, slope / se, beyond(slope / se, n - 2), explained]


def ranks(node, period):
    of = {r: table[r, period][0][node] for r in regions if (r, period) in table}
    return {r: None if s is None else 1 + sum(o is not None and o > s for o in of.values()) for r, s in of.items()}


def value(region, period, node, raw):
    if (region, period) not in table:
        return None
    scores, values = table[region, period]
    return values[node] if raw and node in INDICATORS else scores[node]


def trend(raw):
    ranked = {(node, p): ranks(node, p) for node in NODES for p in periods}
    for region in regions:
        for node in NODES:
            points = [(p, value(region, p, node, raw)) for p in periods if value(region, p, node, raw) is not None]
            x, y = [float(p) for p, _ in points], [v for _, v in points]
            (p0, v0), (p1, v1) = points[0], points[-1]
            years = x[-1] - x[0]
            slope, se, _, p, _ = line(x, y)
            half = quantile(0.05, len(x) - 2) * se
            pairs = [(y[j] - y[i]) / (x[j] - x[i]) for i in range(len(x)) for j in range(i + 1, len(x))]
            target = BEST[node] if raw and node in INDICATORS else 1
            to_go = 0 if v1 >= target else (target - v1) / slope if slope > 0 else None
            r0, r1 = ranked[node, p0][region], ranked[node, p1][region]
            yield [region, node, v0, v1, v1 - v0, (v1 / v0) ** (1 / years) - 1, slope, r0, r1, p0, p1,
                   (v1 - v0) / abs(v0), slope - half, slope + half, p, statistics.median(pairs), r0 - r1, years, len(x),
                   target, to_go]


def convergence(periods):
    for node in NODES:
        for group in [None, *continents]:
            name = f"{group}|{node}" if group else node
            inside = [r for r in regions if group in (None, continent[r])]
            whole = [r for r in inside if all(value(r, p, node, False) is not None for p in periods)]
            sds, cvs = [], []
            for p in periods:
                values = [value(r, p, node, False) for r in whole]
                mean = math.fsum(values) / len(values) if values else None
                sd = None
                if len(values) > 1:
                    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))
                sds.append(sd)
                cvs.append(sd / mean if sd is not None else None)
                yield ["sigma_regions", name, p, len(whole)]
                yield ["sigma_mean", name, p, mean]
                yield ["sigma_sd", name, p, sd]
                yield ["sigma_cv", name, p, cvs[-1]]
            years = [float(p) for p in periods]
            for what, series in (("sd", sds), ("cv", cvs)):
                slope, _, _, p, _ = line(years, series) if None not in series else [None] * 5
                yield ["sigma_trend", name, f"{what}_slope", slope]
                yield ["sigma_trend", name, f"{what}_p", p]
            both = [(value(r, periods[0], node, False), value(r, periods[-1], node, False)) for r in inside]
            both = [(a, b) for a, b in both if a and b and a > 0 and b > 0]
            span = years[-1] - years[0]
            b, se, t, p, explained = line([math.log(a) for a, _ in both], [math.log(b / a) / span for a, b in both])
            speed = -math.log(1 + b * span) / span if b is not None and 1 + b * span > 0 else None
            for what, number in (("regions", len(both)), ("coefficient", b), ("se", se), ("t", t), ("p", p),
                                 ("r_squared", explained), ("speed", speed),
                                 ("half_life", math.log(2) / speed if speed and speed > 0 else None)):
                yield ["beta", name, what, number]


def text(cell):
    return "" if cell is None else cell if isinstance(cell, str) else f"{cell:.15g}"


what = sys.argv[1]
with open(HERE / what, "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    if what == "convergence.csv":
        writer.writerow(["section", "row", "column", "value"])
        writer.writerows([text(cell) for cell in row] for row in convergence([p for p in periods if p >= "2010"]))
    else:
        writer.writerow(["region", "node", *COLUMNS])
        writer.writerows([text(cell) for cell in row] for row in trend(what == "raw.csv"))
