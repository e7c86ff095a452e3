#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random linear programs, solved by the library and by HiGHS: compare_highs.py SOLVE_PROGRAMS [PROBLEMS [SEED]]

Runs under the Python that the environment names as PEERS_PYTHON, where there is one; scripts/peers-python makes it. Exits
with 77, which Meson counts as skipped, where the packages highspy and numpy are not installed. The last line counts
what agrees.

Statuses must be the same and optima agree within 1e-7 of the sizes of the terms that make up the objective. HiGHS may
give up or answer "infeasible or unbounded"; it is then asked again without presolve and without an objective. Where the
two still differ, the rational numbers decide: exact.py solves the problem without rounding. Only an answer of the
library that these contradict counts as a failure.
"""

import os
import subprocess
import sys

try:
    import highspy
    import numpy as np
except ImportError as missing:
    other = os.environ.pop("PEERS_PYTHON", "")
    if os.path.exists(other):
        os.execv(other, [other, *sys.argv])
    print(f"left out: {missing}")
    sys.exit(77)

from exact import solve_exactly

INF = float("inf")


class Problem:
    """Least or greatest objective . x within row_low <= matrix x <= row_high and low <= x <= high."""

    def __init__(self, matrix, objective, maximise, row_low, row_high, low, high):
        self.matrix = np.asarray(matrix, dtype=float)
        self.objective, self.maximise = np.asarray(objective, dtype=float), maximise
        self.row_low, self.row_high = np.asarray(row_low, dtype=float), np.asarray(row_high, dtype=float)
        self.low, self.high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)

    def changed(self, **parts):
        copy = Problem(self.matrix, self.objective, self.maximise, self.row_low, self.row_high, self.low, self.high)
        for name, part in parts.items():
            setattr(copy, name, part)
        return copy


# ---- problems ----


def whole(rng, shape, least, most):
    return rng.integers(least, most + 1, shape).astype(float)


def random_bounds(rng, count):
    """0 and above; or none; or both; or fixed; or above only."""
    kind = rng.choice(5, count, p=[0.5, 0.15, 0.2, 0.05, 0.1])
    a, b = np.sort(whole(rng, (2, count), -5, 10), axis=0)
    low = np.select([kind == 0, kind == 1, kind == 4], [0, -INF, -INF], a)
    high = np.select([kind <= 1, kind == 3], [INF, a], b)
    return low, high


def anything(rng, rows, columns):
    """Rows of every kind; more often than not infeasible or unbounded."""
    matrix = rng.normal(size=(rows, columns)) * (rng.random((rows, columns)) < 0.8)
    kind = rng.integers(0, 4, rows)
    right = rng.normal(size=rows) * 3
    row_low = np.where(kind == 0, -INF, right)
    row_high = np.select([kind == 1, kind == 2], [INF, right], right + 4 * rng.random(rows))
    low, high = random_bounds(rng, columns)
    return Problem(matrix, rng.normal(size=columns), rng.random() < 0.5, row_low, row_high, low, high)


def feasible(rng, rows, columns):
    """A point is drawn first and the rows around it; fewer equations than columns, or rounding would rule it out."""
    problem = anything(rng, rows, columns)
    low, high = problem.low, problem.high
    start = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high - 3, -2))
    end = np.where(np.isfinite(high), high, start + 6)
    value = problem.matrix @ (start + (end - start) * rng.random(columns))
    equal = rng.random(rows) < 0.2
    equal &= np.cumsum(equal) < columns
    row_low = np.where(np.isfinite(problem.row_low), value - np.where(equal, 0, rng.random(rows)), -INF)
    row_high = np.where(equal & np.isfinite(row_low), row_low,
                        np.where(np.isfinite(problem.row_high), value + rng.random(rows), INF))
    return problem.changed(row_low=row_low, row_high=row_high)


def bounded(rng, rows, columns):
    """Feasible, and every variable in a box: always optimal."""
    problem = feasible(rng, rows, columns)
    low = np.where(np.isfinite(problem.low), problem.low, -20)
    return problem.changed(low=low, high=np.where(np.isfinite(problem.high), problem.high, low + 40))


def degenerate(rng, rows, columns):
    """Small whole numbers, right sides mostly 0, rows and columns that repeat or add up."""
    matrix = whole(rng, (rows, columns), -2, 2)
    for _ in range(rows // 3):
        a, b, c = rng.integers(0, rows, 3)
        matrix[a] = matrix[b] + matrix[c] * rng.integers(0, 2)
    if columns > 2:
        matrix[:, rng.integers(columns)] = matrix[:, rng.integers(columns)]
    right = np.where(rng.random(rows) < 0.7, 0, whole(rng, rows, 0, 3))
    kind = rng.integers(0, 6, rows)
    row_low = np.where(kind == 0, right, np.where(kind == 1, -right, -INF))
    row_high = np.where(kind == 1, INF, right)
    high = np.where(rng.random(columns) < 0.5, INF, whole(rng, columns, 0, 3))
    return Problem(matrix, whole(rng, columns, -3, 3), rng.random() < 0.5, row_low, row_high, np.zeros(columns), high)


def infeasible(rng, rows, columns):
    """Feasible, then a row that a combination of two others and the bounds rule out by a small or a large margin."""
    problem = bounded(rng, max(rows, 2), columns)
    weights = rng.random(2)
    first, second = rng.integers(0, len(problem.matrix), 2)
    row = weights[0] * problem.matrix[first] + weights[1] * problem.matrix[second]
    most = np.maximum(row * problem.low, row * problem.high).sum()
    least = most + 10.0 ** rng.integers(-4, 3)
    return problem.changed(matrix=np.vstack([problem.matrix, row]), row_low=np.append(problem.row_low, least),
                           row_high=np.append(problem.row_high, INF))


def badly_scaled(rng, rows, columns):
    """Any of the others in units that differ by many powers of ten; where ties matter, of two, which break none."""
    make = [feasible, bounded, degenerate, infeasible][rng.integers(4)]
    problem = make(rng, rows, columns)
    base, spread = (2.0, 20) if make is degenerate else (10.0, rng.integers(1, 7))
    by_row = base ** rng.integers(-spread, spread + 1, len(problem.matrix))
    by_column = base ** rng.integers(-spread, spread + 1, columns)
    return problem.changed(matrix=problem.matrix * by_row[:, None] * by_column,
                           objective=problem.objective * by_column, row_low=problem.row_low * by_row,
                           row_high=problem.row_high * by_row, low=problem.low / by_column,
                           high=problem.high / by_column)


def benefit_of_the_doubt(rng, rows, columns):
    """What the library has the solver for, with and without restrictions of the weights."""
    rows, columns = 4 * rows, max(columns, 2)
    scores = rng.random((rows, columns)) ** 2
    if rng.random() < 0.3:
        scores = np.round(scores, 1)
    matrix, row_low, row_high = scores, np.full(rows, -INF), np.ones(rows)
    if rng.random() < 0.5:
        low, high = rng.random() / columns, 1 / columns + rng.random() * (1 - 1 / columns)
        eye, ones = np.eye(columns), np.ones((columns, columns))
        matrix = np.vstack([scores, eye - low * ones, eye - high * ones])
        row_low = np.concatenate([row_low, np.zeros(columns), np.full(columns, -INF)])
        row_high = np.concatenate([row_high, np.full(columns, INF), np.zeros(columns)])
    return Problem(matrix, scores[rng.integers(rows)], True, row_low, row_high, np.zeros(columns),
                   np.full(columns, INF))


def flat(rng, rows, columns):
    """Objectives that are parallel to a row, and costs of 0: many optima."""
    problem = feasible(rng, rows, columns)
    if rng.random() < 0.5:
        return problem.changed(objective=problem.matrix[rng.integers(rows)].copy())
    return problem.changed(objective=problem.objective * (rng.random(columns) < 0.4))


FAMILIES = [anything, feasible, bounded, degenerate, infeasible, badly_scaled, benefit_of_the_doubt, flat]


def draw(rng, number):
    make = FAMILIES[number % len(FAMILIES)]
    largest = 40 if number % 16 >= 14 else 12 if number % 3 else 5
    return make, make(rng, int(rng.integers(1, largest + 1)), int(rng.integers(1, largest + 1)))


def variations(rng, problem):
    """Changes after which the library starts from where it stands, each with its command."""
    kind = rng.integers(4)
    rows, columns = problem.matrix.shape
    if kind == 0:
        objective = problem.objective * rng.normal(size=columns)
        yield problem.changed(objective=objective), ["objective", sense(problem), *map(repr, objective.tolist())]
    elif kind == 1:
        row = int(rng.integers(rows))
        shift = rng.normal() * max(abs(v) for v in (problem.row_low[row], problem.row_high[row], 1) if np.isfinite(v))
        row_low, row_high = problem.row_low.copy(), problem.row_high.copy()
        row_low[row] += shift
        row_high[row] += shift
        yield (problem.changed(row_low=row_low, row_high=row_high),
               ["row", str(row), repr(float(row_low[row])), repr(float(row_high[row]))])
    elif kind == 2:
        column = int(rng.integers(columns))
        low, high = problem.low.copy(), problem.high.copy()
        low[column], high[column] = -INF, INF
        yield problem.changed(low=low, high=high), ["column", str(column), "-inf", "inf"]


# ---- solvers ----


def sense(problem):
    return "max" if problem.maximise else "min"


def command(problem):
    rows, columns = problem.matrix.shape
    parts = [problem.objective, problem.row_low, problem.row_high, problem.low, problem.high, problem.matrix]
    numbers = np.concatenate([np.ravel(part) for part in parts]).tolist()
    return ["load", str(rows), str(columns), sense(problem), *map(repr, numbers)]


class Library:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def solve(self, words):
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        status, optimum, *x = self.process.stdout.readline().split()
        return status, float(optimum), np.array([float(v) for v in x])


class Highs:
    STATUSES = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
    }

    def run(self, problem, presolve, objective):
        highs = highspy.Highs()
        highs.silent()
        highs.setOptionValue("presolve", presolve)
        highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
        highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = problem.matrix.shape
        lp.sense_ = highspy.ObjSense.kMaximize if problem.maximise else highspy.ObjSense.kMinimize
        lp.col_cost_ = objective
        lp.col_lower_, lp.col_upper_ = problem.low, problem.high
        lp.row_lower_, lp.row_upper_ = problem.row_low, problem.row_high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.arange(lp.num_row_ + 1) * lp.num_col_
        lp.a_matrix_.index_ = np.tile(np.arange(lp.num_col_), lp.num_row_)
        lp.a_matrix_.value_ = problem.matrix.ravel()
        highs.passModel(lp)
        highs.run()
        return self.STATUSES.get(highs.getModelStatus(), "failed"), highs.getInfo().objective_function_value

    def solve(self, problem):
        status, optimum = self.run(problem, "choose", problem.objective)
        if status == "failed":
            status, optimum = self.run(problem, "off", problem.objective)
        if status == "failed":
            status, _ = self.run(problem, "off", np.zeros(len(problem.objective)))
            status = "unbounded" if status == "optimal" else status
        return status, optimum


def agree(problem, ours, theirs):
    if ours[0] != theirs[0]:
        return False
    if ours[0] != "optimal":
        return True
    size = 1 + np.abs(problem.objective * ours[2]).sum()
    return abs(ours[1] - theirs[1]) <= 1e-7 * size


# ---- the comparison ----


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 8000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    rng = np.random.default_rng(seed)
    library, highs = Library(program), Highs()
    seen, passed, failed, decided = {}, 0, 0, 0
    for number in range(count):
        make, problem = draw(rng, number)
        cases = [(problem, command(problem))]
        cases += variations(rng, problem)
        for place, (case, words) in enumerate(cases):
            ours, theirs = library.solve(words), highs.solve(case)
            fine = agree(case, ours, theirs)
            if not fine and ours[0] != "failed":
                decided += 1
                exact = solve_exactly(case)
                fine = agree(case, ours, exact)
                print(f"{make.__name__} {number}.{place}: HiGHS says {theirs[0]} {theirs[1]!r}, the library {ours[0]} "
                      f"{ours[1]!r}, exactly it is {exact[0]} {float(exact[1])!r}")
            elif not fine:
                print(f"{make.__name__} {number}.{place}: HiGHS says {theirs[0]} {theirs[1]!r}, the library gave up")
            key = (make.__name__, ours[0])
            seen[key] = seen.get(key, 0) + 1
            passed += fine
            failed += not fine
    for (name, status), times in sorted(seen.items()):
        print(f"{name:24} {status:12} {times}")
    print(f"{decided} decided by rational numbers")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
