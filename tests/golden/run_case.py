#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the golden cases of one folder: run_case.py FOLDER

FOLDER/case.txt is read line by line; # begins a comment, {data} stands for the folder of the shipped data sets.

  run ARGUMENT...              runs the tool in FOLDER; its standard output, csv, is what follows looks at
  fails STATUS TEXT...         the last run ended with this exit status, and its messages hold the text
  where COLUMN VALUE...        only rows with one of these values count, until the next run
  key COLUMN...                the columns that name a row
  column NAME [AS] TOLERANCE   a column that is compared (AS: its name in the expected file); the tolerance is the
                               greatest difference of two numbers, or `text` for the same text; an empty cell is only
                               like an empty cell
  compare FILE ROWS            every row of FILE is a row of the output and the other way round, ROWS of them
  row VALUE... : NAME=VALUE... one row by its key, with columns as above
  recompute PROGRAM FILE [ARGUMENT...]   the Python program, run in a copy of FOLDER without FILE, makes FILE again,
                               byte for byte

Each compare, row, fails and recompute is one test. The environment gives SMARTREGION, the tool, and DATA."""

import csv
import io
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

TOOL = os.environ.get("SMARTREGION") or "smartregion"
DATA = os.environ["DATA"]
# Differences told of one comparison.
MOST = 5


class Wrong(Exception):
    """What is wrong with the case or with what came out."""


def number(text):
    """Strictly what the tool writes: digits, a point, an exponent."""
    try:
        return float(text) if set(text) <= set("0123456789+-.e") else None
    except ValueError:
        return None


def differ(found, expected, tolerance):
    if tolerance == "text" or found == "" or expected == "":
        return found != expected
    a, b = number(found), number(expected)
    return a is None or b is None or not abs(a - b) <= float(tolerance)


class Case:
    def __init__(self, folder):
        self.folder = folder
        self.passed = self.failed = 0
        self.done, self.filters, self.keys, self.columns = None, [], [], {}

    # ---- what the lines do ----

    def run(self, *arguments):
        self.done = subprocess.run([TOOL, *arguments], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, encoding="utf-8", timeout=300, check=False)
        self.filters = []

    def where(self, column, *values):
        self.filters.append((column, values))

    def key(self, *columns):
        self.keys, self.columns = list(columns), {}

    def column(self, name, *rest):
        *renamed, tolerance = rest
        self.columns[name] = (renamed[0] if renamed else name, tolerance)

    def fails(self, status, *words):
        if self.done.returncode != int(status) or " ".join(words) not in self.done.stderr:
            raise Wrong(f"exit {self.done.returncode}: {self.done.stderr}")

    def compare(self, file, rows):
        found = self.rows()
        expected = self.by_key(csv.DictReader(open(self.folder / file, encoding="utf-8", newline="")), file)
        if len(expected) != int(rows):
            raise Wrong(f"{file} has {len(expected)} rows, expected {rows}")
        wrong = [f"{' '.join(key)}: no such row in the output" for key in expected if key not in found]
        wrong += [f"{' '.join(key)}: not expected" for key in found if key not in expected]
        for key, row in expected.items():
            for name, (other, tolerance) in self.columns.items():
                if key in found and differ(found[key][name], row[other], tolerance):
                    wrong.append(f"{' '.join(key)}: {name} is {found[key][name]}, expected {row[other]} ({tolerance})")
        if wrong:
            raise Wrong("\n  ".join([f"{len(wrong)} differences", *wrong[:MOST]]))

    def row(self, *words):
        place = words.index(":")
        found = self.rows().get(tuple(words[:place]))
        if found is None:
            raise Wrong(f"no row {' '.join(words[:place])}")
        for name, value in (word.split("=", 1) for word in words[place + 1:]):
            if differ(found[name], value, self.columns[name][1]):
                raise Wrong(f"{name} is {found[name]}, expected {value} ({self.columns[name][1]})")

    def recompute(self, program, file, *arguments):
        with tempfile.TemporaryDirectory() as copy:
            copied = pathlib.Path(copy, self.folder.name)
            shutil.copytree(self.folder, copied)
            (copied / file).unlink()
            subprocess.run([sys.executable, str(copied / program), *arguments], check=True)
            if (copied / file).read_bytes() != (self.folder / file).read_bytes():
                raise Wrong(f"{program} makes another {file}")

    # ---- what they share ----

    def by_key(self, rows, what):
        table = {}
        for row in rows:
            key = tuple(row[name] for name in self.keys)
            if key in table:
                raise Wrong(f"{what} has two rows {' '.join(key)}")
            table[key] = row
        return table

    def rows(self):
        if self.done.returncode != 0:
            raise Wrong(f"exit {self.done.returncode}: {self.done.stderr}")
        rows = csv.DictReader(io.StringIO(self.done.stdout, newline=""))
        return self.by_key((row for row in rows if all(row[name] in values for name, values in self.filters)), "the output")

    def play(self):
        commands = {name: getattr(self, name) for name in
                    ("run", "fails", "where", "key", "column", "compare", "row", "recompute")}
        lines = (self.folder / "case.txt").read_text(encoding="utf-8").splitlines()
        for place, line in enumerate(lines, 1):
            words = [word.replace("{data}", DATA) for word in shlex.split(line, comments=True)]
            if not words:
                continue
            tested = words[0] in ("fails", "compare", "row", "recompute")
            try:
                commands[words[0]](*words[1:])
                self.passed += tested
            except Wrong as wrong:
                print(f"{self.folder.name}/case.txt:{place}: {line.strip()}\n  {wrong}", file=sys.stderr)
                self.failed += 1


def main():
    case = Case(pathlib.Path(sys.argv[1]))
    case.play()
    print(f"{case.passed} passed, {case.failed} failed")
    return 1 if case.failed or not case.passed else 0


sys.exit(main())
