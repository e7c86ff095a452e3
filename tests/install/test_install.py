#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs the built library into a temporary folder and uses it as a stranger would, through pkg-config alone.

The environment gives BUILD_ROOT, SOURCE_ROOT, MESON and CC, see meson.build."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["BUILD_ROOT"])
SOURCE = pathlib.Path(os.environ["SOURCE_ROOT"])
MESON = shlex.split(os.environ["MESON"])
CC = shlex.split(os.environ["CC"])
CONSUMER = pathlib.Path(__file__).resolve().parent / "consumer/consumer.c"
PRINTED = re.compile(r"(\S+) (\d+\.\d\d)\n")


def run(*command, **settings):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, encoding="utf-8",
                          check=False, **settings)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def options():
    listed = json.loads(run(*MESON, "introspect", "--buildoptions", BUILD))
    return {option["name"]: option["value"] for option in listed}


def goalpost_score(framework, node, value):
    """(value - worst) / (best - worst) on 0 to 100, of the framework's file."""
    for child in framework.get("children", []):
        score = goalpost_score(child, node, value)
        if score is not None:
            return score
    if framework["id"] != node:
        return None
    return 100 * (value - framework["worst"]) / (framework["best"] - framework["worst"])


class Installed(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.stage = pathlib.Path(folder.name) / "stage"
        run(*MESON, "install", "-C", BUILD, "--no-rebuild", "--destdir", cls.stage)
        cls.options = options()
        cls.prefix = cls.stage / cls.options["prefix"].lstrip("/")
        cls.libdir = cls.prefix / cls.options["libdir"]
        cls.includedir = cls.prefix / cls.options["includedir"]
        cls.version = json.loads(run(*MESON, "introspect", "--projectinfo", BUILD))["version"]
        cls.environment = dict(os.environ, PKG_CONFIG_PATH=str(cls.libdir / "pkgconfig"),
                               PKG_CONFIG_SYSROOT_DIR=str(cls.stage), PKG_CONFIG_ALLOW_SYSTEM_CFLAGS="1",
                               PKG_CONFIG_ALLOW_SYSTEM_LIBS="1", LD_LIBRARY_PATH=str(cls.libdir))

    def pkg_config(self, *arguments):
        return shlex.split(run("pkg-config", *arguments, "smartregion-1", env=self.environment))

    def has(self, kind):
        return self.options["default_library"] in ("both", kind)

    def has_tool(self):
        return (BUILD / "cli/smartregion").exists()

    def test_layout(self):
        """Exactly these files, nothing private among them."""
        manual = self.prefix / self.options["datadir"] / "doc/smartregion/manual"
        found = sorted(str(path.relative_to(self.prefix)) for path in self.stage.rglob("*")
                       if not path.is_dir() and manual not in path.parents)
        self.assertEqual((manual / "html/index.html").exists(), self.options["docs"] == "enabled")
        lib, include = self.options["libdir"], f"{self.options['includedir']}/smartregion-1/smartregion"
        headers = {path.name for path in (SOURCE / "include/smartregion").glob("*.h")} | {"version.h", "messages.h"}
        expected = [f"{include}/{name}" for name in headers] + [f"{lib}/pkgconfig/smartregion-1.pc"]
        major = self.version.split(".")[0]
        if self.has("shared"):
            expected += [f"{lib}/libsmartregion.so{end}" for end in ("", f".{major}", f".{self.version}")]
        if self.has("static"):
            expected += [f"{lib}/libsmartregion.a"]
        if self.has_tool():
            expected += [f"{self.options['bindir']}/smartregion", f"{self.options['mandir']}/man1/smartregion.1",
                         f"{self.options['datadir']}/bash-completion/completions/smartregion"]
        self.assertEqual(found, sorted(expected))

    def test_soname(self):
        if not self.has("shared"):
            self.skipTest("no shared library")
        dynamic = run("readelf", "-d", self.libdir / "libsmartregion.so")
        self.assertEqual(re.findall(r"\(SONAME\).*\[(.*)\]", dynamic), ["libsmartregion.so.1"])
        self.assertEqual(re.findall(r"\((?:RPATH|RUNPATH)\).*", dynamic), [])
        self.assertEqual(os.readlink(self.libdir / "libsmartregion.so.1"), f"libsmartregion.so.{self.version}")

    def test_pkg_config(self):
        self.assertEqual(self.pkg_config("--modversion"), [self.version])
        self.assertIn(f"-I{self.includedir}/smartregion-1", self.pkg_config("--cflags"))
        libraries = self.pkg_config("--libs")
        self.assertEqual(libraries[:2], [f"-L{self.libdir}", "-lsmartregion"])
        if self.has("shared"):  # what the library itself needs is no business of its users
            self.assertEqual(libraries[2:], [])
        self.assertIn("-ljansson", self.pkg_config("--static", "--libs"))
        text = (self.libdir / "pkgconfig/smartregion-1.pc").read_text(encoding="utf-8")
        for private in (str(SOURCE), str(BUILD), str(self.stage)):
            self.assertNotIn(private, text)

    def test_no_path_of_the_build(self):
        """What is installed must not depend on where it was built; debug information may."""
        names = [path for path in self.includedir.rglob("*.h")]
        if self.has_tool():
            names += [self.prefix / self.options["mandir"] / "man1/smartregion.1"]
        for path in names:
            text = path.read_text(encoding="utf-8")
            self.assertNotIn(str(BUILD), text, path)
            self.assertNotIn(str(SOURCE), text, path)

    def compile_and_run(self, name, libraries):
        program = self.stage / name
        # Warnings of the consumer and the headers count; those of link-time optimisation are about the library.
        run(*CC, "-std=c11", "-Wall", "-Wextra", "-Werror", "-c", "-o", f"{program}.o", CONSUMER,
            *self.pkg_config("--cflags"))
        run(*CC, "-o", program, f"{program}.o", *libraries)
        printed = PRINTED.fullmatch(run(program, env=self.environment))
        self.assertIsNotNone(printed)
        self.assertEqual(printed[1], self.version)
        framework = json.loads((SOURCE / "lib/model/icf-2026.json").read_text(encoding="utf-8"))
        # One indicator is present in each of two criteria of equal weight: the index is the mean of the two scores.
        index = (goalpost_score(framework, "household_internet", 91.5) + goalpost_score(framework, "pm25", 24)) / 2
        self.assertEqual(printed[2], f"{index:.2f}")
        return re.findall(r"\(NEEDED\).*\[(libsmartregion.*)\]", run("readelf", "-d", program))

    def test_shared_consumer(self):
        if not self.has("shared"):
            self.skipTest("no shared library")
        needed = self.compile_and_run("shared", self.pkg_config("--libs"))
        self.assertEqual(needed, ["libsmartregion.so.1"])

    def test_static_consumer(self):
        """The flags that pkg-config gives must be enough when nothing but the archive is there."""
        if not self.has("static"):
            self.skipTest("no static library")
        libraries = ["-l:libsmartregion.a" if flag == "-lsmartregion" else flag
                     for flag in self.pkg_config("--static", "--libs")]
        self.assertIn("-l:libsmartregion.a", libraries)
        self.assertEqual(self.compile_and_run("static", libraries), [])

    def test_tool(self):
        """The installed tool runs with the installed library, from an empty folder."""
        if not self.has_tool() or not self.has("shared"):
            self.skipTest("no tool")
        with tempfile.TemporaryDirectory() as empty:
            printed = run(self.prefix / self.options["bindir"] / "smartregion", "version", cwd=empty,
                          env=self.environment)
        self.assertIn(self.version, printed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
