# SPDX-License-Identifier: MIT
"""A linear program in rational numbers: slow, and right. The simplex method by Bland's rule on a tableau of fractions.

The numbers of the problem are taken as the doubles they are."""

from fractions import Fraction
from math import inf, isinf, nan


def split(problem):
    """The problem as: least cost . y where matrix y = right, y >= 0; and how x is made of y."""
    cost, columns, makers = [], [], []
    rows = [[Fraction(v) for v in row] for row in problem.matrix.tolist()]
    sign = -1 if problem.maximise else 1
    fixed, shift = Fraction(0), [Fraction(0)] * len(rows)
    extra = []
    for j, (low, high, price) in enumerate(zip(problem.low.tolist(), problem.high.tolist(),
                                               problem.objective.tolist())):
        column, price = [row[j] for row in rows], sign * Fraction(price)
        base, turns = (Fraction(low), 1) if not isinf(low) else (Fraction(high), -1) if not isinf(high) else (0, 1)
        fixed += price * base
        shift = [s + a * base for s, a in zip(shift, column)]
        columns.append([turns * a for a in column])
        cost.append(turns * price)
        if isinf(low) and isinf(high):
            columns.append([-a for a in column])
            cost.append(-price)
        elif not isinf(low) and not isinf(high):
            extra.append((len(columns) - 1, Fraction(high) - Fraction(low)))
    equations = []
    for i, (low, high) in enumerate(zip(problem.row_low.tolist(), problem.row_high.tolist())):
        entries = {k: column[i] for k, column in enumerate(columns) if column[i] != 0}
        if not isinf(low) and low == high:
            equations.append((entries, 0, Fraction(low) - shift[i]))
            continue
        if not isinf(low):
            equations.append((entries, -1, Fraction(low) - shift[i]))
        if not isinf(high):
            equations.append((entries, 1, Fraction(high) - shift[i]))
    equations += [({k: Fraction(1)}, 1, room) for k, room in extra]
    return cost, equations, fixed, sign


def pivot(table, row, column):
    inverse = 1 / table[row][column]
    table[row] = [v * inverse for v in table[row]]
    for i, other in enumerate(table):
        if i != row and other[column] != 0:
            factor = other[column]
            table[i] = [v - factor * p if p else v for v, p in zip(other, table[row])]


def descend(table, basis, allowed):
    """Steps until the last row has no negative entry in an allowed column. False: unbounded."""
    while True:
        entering = next((k for k in range(allowed) if table[-1][k] < 0), None)
        if entering is None:
            return True
        best = None
        for i, row in enumerate(table[:-1]):
            if row[entering] > 0:
                key = (row[-1] / row[entering], basis[i])
                best = (key, i) if best is None or key < best[0] else best
        if best is None:
            return False
        pivot(table, best[1], entering)
        basis[best[1]] = entering


def solve_exactly(problem):
    """(status, optimum) as a fraction; the optimum of another status is not a number."""
    if (problem.low > problem.high).any() or (problem.row_low > problem.row_high).any():
        return "infeasible", nan
    cost, equations, fixed, sign = split(problem)
    slacks = sum(1 for _, slack, _ in equations if slack)
    plain = len(cost) + slacks
    width = plain + len(equations)
    table, basis, place = [], [], len(cost)
    for i, (entries, slack, right) in enumerate(equations):
        row = [Fraction(0)] * (width + 1)
        for k, entry in entries.items():
            row[k] = entry
        if slack:
            row[place] = Fraction(slack)
            place += 1
        row[-1] = right
        if right < 0:
            row = [-v for v in row]
        row[plain + i] = Fraction(1)
        table.append(row)
        basis.append(plain + i)
    last = [Fraction(0)] * (width + 1)
    for row in table:
        last = [a - b for a, b in zip(last, row)]
    for i in range(len(equations)):
        last[plain + i] = Fraction(0)
    table.append(last)
    descend(table, basis, plain)
    if table[-1][-1] < 0:
        return "infeasible", nan
    for i in range(len(equations)):
        if basis[i] >= plain:
            column = next((k for k in range(plain) if table[i][k] != 0), None)
            if column is not None:
                pivot(table, i, column)
                basis[i] = column
    last = [Fraction(c) for c in cost] + [Fraction(0)] * (width + 1 - len(cost))
    for i, column in enumerate(basis):
        if column < plain and last[column] != 0:
            factor = last[column]
            last = [a - factor * b for a, b in zip(last, table[i])]
    table[-1] = last
    if not descend(table, basis, plain):
        return "unbounded", -sign * inf
    return "optimal", sign * (fixed - table[-1][-1])
