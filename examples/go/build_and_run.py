#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Vets, builds and runs the Go example without touching the network; exit 77, skipped, where there is no Go.

usage: build_and_run.py BUILD_ROOT WORK_FOLDER ARGUMENT..."""

import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77


def main():
    build_root, work = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    go = shutil.which("go")
    compiler = shutil.which(os.environ.get("CC", "cc").split()[0])
    if go is None or compiler is None:
        print("there is no go" if go is None else "there is no C compiler")
        return SKIPPED
    environment = dict(os.environ, CGO_ENABLED="1", GOPROXY="off", GOFLAGS="-mod=mod", GO111MODULE="on",
                       GOTOOLCHAIN="local", GOSUMDB="off", GOENV="off", GOCACHE=str(work / "cache"),
                       GOPATH=str(work / "path"), PKG_CONFIG_PATH=str(build_root / "meson-uninstalled"),
                       LD_LIBRARY_PATH=str(build_root / "lib"))
    program = work / "score_region"
    folder = pathlib.Path(__file__).resolve().parent
    for command in (["vet", "."], ["build", "-buildvcs=false", "-o", str(program), "."]):
        status = subprocess.run([go, *command], cwd=folder, env=environment, check=False).returncode
        if status != 0:
            print(f"go {command[0]}: exit {status}", file=sys.stderr)
            return status
    return subprocess.run([str(program), *sys.argv[3:]], env=environment, check=False).returncode


sys.exit(main())
