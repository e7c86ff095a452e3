#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command under a locale with a decimal comma: with_locale.py FOLDER COMMAND...

The locale is made in FOLDER by localedef from the sources of the C library (Debian's package `locales`). Exit 77,
skipped, where there are none. SMR_TEST_LOCALE tells test programs to call setlocale()."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
NAME = "de_DE.UTF-8"


def make(folder):
    """Whether FOLDER holds the locale. Several runs may make it at the same time: the first that is done wins."""
    target = folder / NAME
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as part:
            made = pathlib.Path(part, NAME)
            done = subprocess.run([shutil.which("localedef"), "-i", "de_DE", "-f", "UTF-8", str(made)],
                                  capture_output=True, text=True, errors="replace", check=False)
            if not made.is_dir():
                print(done.stderr.strip())
                return False
            try:
                made.rename(target)
            except OSError:
                pass
    return target.is_dir()


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    if shutil.which("localedef") is None or not make(folder):
        print(f"localedef or its source of {NAME} is not there")
        return SKIPPED
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    environment.update(LOCPATH=str(folder), LC_ALL=NAME, SMR_TEST_LOCALE="1")
    return subprocess.run(sys.argv[2:], env=environment, check=False).returncode


sys.exit(main())
