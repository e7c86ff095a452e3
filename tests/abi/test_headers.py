#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every public header alone, twice in one file, as an older C and as C++, pedantically.

usage: test_headers.py c|c++ INCLUDE_FOLDER...; the environment gives CC. Exit 77, skipped, without a C++ compiler."""

import os
import pathlib
import shlex
import shutil
import subprocess
import sys

SKIPPED = 77
STRICT = ["-pedantic-errors", "-Wall", "-Wextra", "-Wundef", "-Wshadow", "-Werror", "-fsyntax-only"]
LANGUAGES = {
    "c": (["-x", "c"], ["-std=c99", "-std=c11"], ["-Wstrict-prototypes", "-Wc++-compat"]),
    "c++": (["-x", "c++"], ["-std=c++17"], []),
}


def compiler(language):
    if language == "c":
        return shlex.split(os.environ["CC"])
    wanted = shlex.split(os.environ["CXX"]) if "CXX" in os.environ else ["c++"]
    return wanted if shutil.which(wanted[0]) else None


def main():
    language, *folders = sys.argv[1:]
    command = compiler(language)
    if command is None:
        print("there is no C++ compiler")
        return SKIPPED
    headers = sorted({path.name for folder in folders for path in pathlib.Path(folder, "smartregion").glob("*.h")})
    wanted, standards, warnings = LANGUAGES[language]
    places = [f"-I{folder}" for folder in folders]
    failed = 0
    for standard in standards:
        for header in headers:
            # A header of macros alone leaves nothing to compile, which C forbids.
            code = f"#include <smartregion/{header}>\n" * 2 + "extern int something;\n"
            done = subprocess.run([*command, *wanted, standard, *STRICT, *warnings, *places, "-"], input=code,
                                  capture_output=True, text=True, encoding="utf-8", check=False)
            if done.returncode != 0 or done.stderr:
                print(f"{header}, {standard}:\n{done.stderr}", file=sys.stderr)
                failed += 1
    print(f"{len(headers)} headers, {failed} failures")
    # Every header but messages.h and version.h is written by hand; a run that finds none has looked in the wrong place.
    return 1 if failed or not {"smartregion.h", "messages.h", "version.h"} <= set(headers) else 0


sys.exit(main())
