#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs score_region and compares what it prints with what its last line promises and with the README.

usage: check_score_region.py PROGRAM score_region.c README.md DATA.csv"""

import re
import subprocess
import sys

LINES_MOST = 29


def main():
    program, source, readme, data = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        code = file.read()
    with open(readme, encoding="utf-8") as file:
        shown = re.findall(r"^```c\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)
    faults = []
    lines = code.count("\n")
    if lines > LINES_MOST:
        faults.append(f"{source}: {lines} lines, expected {LINES_MOST} at most")
    if shown != [code]:
        faults.append(f"{readme}: its one block of C is not {source} letter by letter")
    promised = re.search(r"/\* prints: (.*?) \*/\n\Z", code)
    with open(data, "rb") as rows:
        run = subprocess.run([program], stdin=rows, capture_output=True, text=True, encoding="utf-8", check=False)
    if run.returncode != 0 or promised is None or run.stdout != promised[1] + "\n":
        faults.append(f"{source}: exit {run.returncode}, printed {run.stdout!r}, promised {promised and promised[1]!r}")
    # A text that is no table is refused, by exit status and on standard error.
    wrong = subprocess.run([program], input="region\n", capture_output=True, text=True, encoding="utf-8", check=False)
    if wrong.returncode == 0 or wrong.stdout or not wrong.stderr:
        faults.append(f"{source}: no values at all, exit {wrong.returncode}, {wrong.stderr!r}")
    if faults:
        sys.exit("\n".join(faults))
    print(run.stdout, end="")


main()
