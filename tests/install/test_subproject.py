#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Builds a project that has libsmartregion in its subprojects/, and looks at what was built there.

The environment gives SOURCE_ROOT and MESON, see meson.build."""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["SOURCE_ROOT"])
MESON = shlex.split(os.environ["MESON"])
CONSUMER = pathlib.Path(__file__).resolve().parent / "consumer"


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, encoding="utf-8",
                          check=False)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Subproject(unittest.TestCase):
    def test_subproject(self):
        with tempfile.TemporaryDirectory() as folder:
            project = pathlib.Path(folder) / "project"
            build = pathlib.Path(folder) / "build"
            shutil.copytree(CONSUMER, project)
            (project / "subprojects").mkdir()
            (project / "subprojects/libsmartregion").symlink_to(SOURCE, target_is_directory=True)
            # The fallback is forced: an installed libsmartregion must not stand in for the subproject. Not optimised:
            # this is about what is built, not how fast it is.
            run(*MESON, "setup", "--wrap-mode=forcefallback", "-Doptimization=0", "-Dlibsmartregion:optimization=0",
                "-Ddebug=false", "-Dlibsmartregion:default_library=static", build, project)
            targets = json.loads(run(*MESON, "introspect", "--targets", build))
            self.assertEqual({target["name"] for target in targets if target["type"] == "executable"}, {"consumer"})
            self.assertEqual(json.loads(run(*MESON, "introspect", "--tests", build)), [])
            folders = {pathlib.Path(target["defined_in"]).parent.relative_to(project).as_posix() for target in targets}
            self.assertEqual(folders, {".", "subprojects/libsmartregion/include/smartregion",
                                       "subprojects/libsmartregion/lib"})
            run(*MESON, "compile", "-C", build)
            version, index = run(build / "consumer").split()
            self.assertEqual(version, json.loads(run(*MESON, "introspect", "--projectinfo", build))
                             ["subprojects"][0]["version"])
            self.assertGreater(float(index), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
