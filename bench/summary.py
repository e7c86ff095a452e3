#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Ratios from the lines of one run, beside the aims they are measured against."""

import json
import sys

lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8") if line.startswith("{")]
ours = [line for line in lines if "two_reads" in line]
peers = [line for line in lines if "peer" in line]


def pick(case, threads, kernel=None):
    for line in ours:
        if line["case"] == case and line["threads"] == threads and kernel in (None, line["kernel"]):
            return line
    return None


def row(what, measured, aim):
    print(f"| {what} | {measured} | {aim} |")


print("| what | measured | aim |")
print("|---|---|---|")
for case in ("minmax arithmetic", "minmax geometric"):
    line = pick(case, 2)
    aims = ("at most 1.25", "at most 1.7") if case.endswith("arithmetic") else ("-", "-")
    row(f"{case}, 2 threads: scores / two reads", f"{line['scores_over_reads']:.2f}", aims[0])
    row(f"{case}, 2 threads: with ranks / two reads", f"{line['ranks_over_reads']:.2f}", aims[1])
    for peer in peers:
        if peer["case"] == case:
            row(f"{peer['peer']} ({peer['way']}) with ranks / ours",
                f"{peer['with_ranks'] / line['with_ranks']:.1f}", "at least 4" if "numpy" in peer["peer"] else "-")
row("z-score / min-max, 1 thread, scores",
    f"{pick('zscore arithmetic', 1)['fit_and_score'] / pick('minmax arithmetic', 1)['fit_and_score']:.2f}", "at most 8")
for line in lines:
    if line["case"] == "one region":
        row(f"one region, {line['indicators']} indicators", f"{line['microseconds']} µs, {line['allocations']} allocations",
            "under 2 µs, 0")
    if line["case"] == "whole process 193 x 26":
        row(line["case"], f"{line['milliseconds']} ms (`true`: {line['milliseconds_of_true']} ms)", "under 15 ms")
csv = sorted(line["megabytes_a_second"] for line in lines if line["case"] == "csv")
peak = max(line["peak_over_cells"] for line in lines if line["case"] == "csv")
row("csv, 1 thread", f"{csv[len(csv) // 2]:.0f} MB/s", "at least 200")
row("csv, peak resident memory / 8 bytes a cell", f"{peak:.2f}", "under 1.3")
for line in lines:
    if line["case"] == "copeland" and line["rows"] == 1000:
        row("copeland 1,000 x 50, 1 thread", f"{1e3 * line['score']:.1f} ms", "under 50 ms")
for line in lines:
    if line["case"] == "bod" and "peer" not in line:
        row("benefit of the doubt 1,000 x 20, 1 thread", f"{1e3 * line['score']:.0f} ms", "under 500 ms")
        for peer in peers:
            if peer["case"] == "bod":
                row(f"{peer['peer']} ({peer['way']}) / ours, greatest difference of the mean score "
                    f"{abs(peer['mean'] - line['mean']):.0e}", f"{peer['scores'] / line['score']:.1f}", "-")
for line in lines:
    if line["case"] == "audit" and line["threads"] == 1:
        row(f"audit 1,000 x 50{', a tenth missing' if line['holes'] else ''}, 1 thread", f"{1e3 * line['seconds']:.0f} ms",
            "under 200 ms")
for line in lines:
    if line["case"] == "impute" and line["method"] == "em":
        row("imputation by em, 1,000 x 50, a tenth missing, 1 thread", f"{1e3 * line['seconds']:.0f} ms", "under 1 s")
for line in lines:
    if line["case"] == "draws":
        row(f"a draw of 51 x 49, {line['spec']}, threads: {line['threads']}", f"{line['microseconds']} µs",
            "at most 10 µs" if line["threads"] == 1 and line["spec"] == "full recipe" else "-")
    if line["case"] == "fused multiply-add":
        row("fused multiply-add in registers, AVX2, 1 thread", f"{line['gigaflops']} Gflop/s", "-")
    if line["case"] == "dgemm":
        row("dgemm of 1,000 x 1,000 in numpy, 1 thread", f"{line['gigaflops']} Gflop/s", "-")
for line in lines:
    if line["case"] not in ("weights", "weights of a tree") or "kernel" not in line:
        continue
    what = f"{line['case']}, 100,000 draws, {line['rows']} x {48 if 'tree' in line['case'] else 49}, {line['kernel']}"
    aim = {"x86-64-v3": "at least 5 times numpy 1.24", "x86-64-v4": "at least 10 times numpy 1.24"}
    times = [f"{peer['seconds'] / line['seconds']:.1f} times as fast as {peer['peer']}" for peer in peers
             if peer["case"] == line["case"] and peer.get("rows") == line["rows"]]
    row(f"{what}, 1 thread", ", ".join([f"{1e3 * line['seconds']:.1f} ms", *times]), aim.get(line["kernel"], "-"))
    row(f"{what}, 2 threads / 1", f"{line['two_threads'] / line['seconds']:.2f}", "near 0.5")
    for bound in lines:
        if bound["case"] == "weights bound" and (bound["rows"], bound["kernel"]) == (line["rows"], line["kernel"]) \
                and line["case"] == "weights":
            row(f"{what} / the sum of its parts' lower bounds", f"{line['seconds'] / bound['seconds']:.2f}", "under 2")
