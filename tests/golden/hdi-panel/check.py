# SPDX-License-Identifier: MIT
"""Human Development Index of 33 years: every index within half a unit of its last printed digit."""

import csv
import io
import lzma
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOOL = os.environ.get("SMARTREGION") or "smartregion"
FIRST_YEAR = 1990
TOLERANCE = 0.0005
ROWS = 6171


def read_panel():
    """{column: {(region, year): text}}"""
    panel, column = {}, None
    for line in lzma.open(HERE / "panel.xz", "rt", encoding="utf-8"):
        region, *values = line.strip().split(",")
        if not values:
            column = panel.setdefault(region, {})
            continue
        column.update({(region, FIRST_YEAR + i): value for i, value in enumerate(values)})
    return panel


def main():
    panel = read_panel()
    published = {cell: float(value) for cell, value in panel.pop("hdi").items() if value}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "data.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["region", "period", *panel])
            rows.writerows([region, year, *(values[region, year] for values in panel.values())]
                           for region, year in published)
        text = subprocess.run([TOOL, "score", "-f", str(HERE.parent / "hdi-2022" / "framework.json"), "-p", "hdi",
                               "--quiet", "-F", "csv", str(path)],
                              stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=120).stdout
    found = {(r["region"], int(r["period"])): float(r["score"] or "nan")
             for r in csv.DictReader(io.StringIO(text)) if r["node"] == "hdi"}
    # What was printed with three digits is off by up to half a unit of the last: 1e-12 is for its binary form.
    wrong = [cell for cell in published if not abs(found.get(cell, float("nan")) - published[cell]) <= TOLERANCE + 1e-12]
    for region, year in wrong[:5]:
        print(f"{region} {year}: {found.get((region, year))}, published {published[region, year]}")
    if len(published) != ROWS or len(found) != ROWS:
        print(f"{len(published)} published, {len(found)} scored, expected {ROWS}")
        wrong.append(None)
    worst = max(abs(found[cell] - published[cell]) for cell in found if cell in published)
    print(f"largest difference of {len(found)}: {worst:.6f}")
    print(f"{1 - bool(wrong)} passed, {int(bool(wrong))} failed")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
