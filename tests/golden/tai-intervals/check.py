# SPDX-License-Identifier: MIT
"""Best and worst ranks over three sets of weights, and whether all of them are proven to be reached."""

import csv
import io
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TAI = HERE.parent / "tai-scores"
PLAN = '{"normalise": {"method": "goalposts"}, "weights": {"method": "equal"}}'
SETS = {"simplex": '{"distribution": "uniform"}', "w05_30": '{"distribution": "box", "low": 0.05, "high": 0.30}',
        "w10_15": '{"vary": "weights", "distribution": "box", "low": 0.10, "high": 0.15}'}


def main():
    with open(HERE / "expected.csv", encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    wrong = []
    for name, weights in SETS.items():
        command = [os.environ["PRINT_BOUNDS"], TAI / "framework.json", TAI / "data.csv", PLAN, weights, "20000", "csv"]
        text = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=60).stdout
        found = {row["region"]: row for row in csv.DictReader(io.StringIO(text))}
        for row in expected:
            one = found[row["region"]]
            told = [one[k] for k in ("rank", "rank_best", "rank_worst", "best_reached", "worst_reached")]
            best, worst = row[name + "_best"], row[name + "_worst"]
            if told != [row["equal_weight_rank"], best, worst, best, worst]:
                wrong.append((name, row["region"], told, best, worst))
        if len(found) != len(expected):
            wrong.append((name, len(found)))
    print("\n".join(map(str, wrong)) or "ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
