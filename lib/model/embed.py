#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a file as the numbers of a C array, for texts longer than a string literal may be."""

import sys


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as text:
        content = text.read()
    with open(target, "w", encoding="ascii", newline="\n") as out:
        for start in range(0, len(content), 24):
            out.write(",".join(str(byte) for byte in content[start:start + 24]) + ",\n")


main()
