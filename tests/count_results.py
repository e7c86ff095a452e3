#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the results of one `meson test` run: count_results.py TESTLOG.json EXIT_STATUS

Prints "PASSED FAILED SKIPPED". A test that says how many it holds inside is counted so: Check's "Checks: 9, Failures:
1, Errors: 0", unittest's "Ran 9 tests" with "FAILED (failures=1, errors=0)", or a last line "8 passed, 1 failed". Any
other test counts as one. A test that Meson holds for failed counts as one failure at least, and so does a run without
results.
"""

import json
import re
import sys

CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)$", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_BAD = re.compile(r"\b(?:failures|errors)=(\d+)")
LAST_LINE = re.compile(r"^(\d+) passed, (\d+) failed$")


def inner_counts(text):
    """(run, failed) of what the output tells, or (1, 0)."""
    check = CHECK.findall(text)
    if check:
        return sum(int(c[0]) for c in check), sum(int(c[1]) + int(c[2]) for c in check)
    lines = text.rstrip().splitlines()
    last = LAST_LINE.match(lines[-1]) if lines else None
    if last:
        return int(last[1]) + int(last[2]), int(last[2])
    unittest = UNITTEST.findall(text)
    if unittest:
        return sum(map(int, unittest)), sum(map(int, UNITTEST_BAD.findall(text)))
    return 1, 0


def count(results):
    passed = failed = skipped = 0
    for result in results:
        outcome = result["result"]
        if outcome == "SKIP":
            skipped += 1
            continue
        run, bad = inner_counts("\n".join(filter(None, (result.get("stdout"), result.get("stderr")))))
        if outcome not in ("OK", "EXPECTEDFAIL"):
            bad = max(bad, 1)
        passed += max(run - bad, 0)
        failed += bad
    return passed, failed, skipped


def main():
    log, status = sys.argv[1:]
    try:
        with open(log, encoding="utf-8") as lines:
            passed, failed, skipped = count(json.loads(line) for line in lines)
    except FileNotFoundError:
        passed, failed, skipped = 0, 1, 0
    if status != "0" and failed == 0:
        failed = 1
    print(passed, failed, skipped)


if __name__ == "__main__":
    main()
