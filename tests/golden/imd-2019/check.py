# SPDX-License-Identifier: MIT
"""Ranks 32,844 areas of England by the preset `imd` and compares with the published ranks."""

import array
import csv
import json
import lzma
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOOL = os.environ.get("SMARTREGION") or "smartregion"
AREAS = 32844
WEIGHTS = {"income": 22.5, "employment": 22.5, "education": 13.5, "health": 13.5, "crime": 9.3, "housing": 9.3,
           "environment": 9.3}
# What the digits that are not published may move: see SOURCE.md.
MOST_DIFFERENT, MOST_PLACES = 30, 1


def read_columns():
    numbers = array.array("H")
    numbers.frombytes(lzma.decompress((HERE / "ranks.xz").read_bytes()))
    if sys.byteorder == "big":
        numbers.byteswap()
    return [numbers[start:start + AREAS] for start in range(0, len(numbers), AREAS)]


def main():
    *domains, published = read_columns()
    framework = {"format": "smartregion-framework/1", "id": "imd", "children": [
        {"id": domain, "weight": weight, "direction": "lower"} for domain, weight in WEIGHTS.items()]}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "framework.json").write_text(json.dumps(framework), encoding="utf-8")
        with open(folder / "data.csv", "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["region", *WEIGHTS])
            out.writerows([number + 1, *ranks] for number, ranks in enumerate(zip(*domains)))
        out = folder / "scores.csv"
        subprocess.run([TOOL, "score", str(folder / "data.csv"), "-f", str(folder / "framework.json"), "-p", "imd",
                        "-o", str(out)], check=True, timeout=300)
        with open(out, encoding="utf-8", newline="") as file:
            ranks = {int(row["region"]): int(row["rank"]) for row in csv.DictReader(file) if row["node"] == "imd"}
    differences = [abs(ranks[number + 1] - rank) for number, rank in enumerate(published)]
    different = sum(1 for difference in differences if difference)
    print(f"{len(differences)} areas, {different} ranks differ, by {max(differences)} at most")
    fine = len(differences) == AREAS and different <= MOST_DIFFERENT and max(differences) <= MOST_PLACES
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
