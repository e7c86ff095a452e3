#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole process: start, read 193 x 26, score, write csv, end."""

import json
import pathlib
import statistics
import subprocess
import sys
import time

root = pathlib.Path(__file__).resolve().parent.parent
data = root / "examples" / "data" / "countries-2018"
command = [sys.argv[1], "score", "--quiet", "-F", "csv", "-f", str(data / "framework.json"), str(data / "data.csv")]


def milliseconds(arguments):
    times = []
    for _ in range(51):
        start = time.perf_counter()
        subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


print(json.dumps({"case": "whole process 193 x 26", "milliseconds": round(milliseconds(command), 2),
                  "milliseconds_of_true": round(milliseconds(["true"]), 2)}))
