# SPDX-License-Identifier: MIT
"""What stands around the tool: completion, manual page, and that it needs nothing but the public interface."""

import re
import shutil
import subprocess
import unittest

import harness
from harness import SOURCE, TOOL

CLI = SOURCE / "cli"


class Completion(harness.Case):
    def complete(self, *words):
        script = f"""
            compopt() {{ :; }}
            source {CLI}/completion/smartregion.bash
            COMP_WORDS=({TOOL} {' '.join(f"'{w}'" for w in words)})
            COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
            _smartregion
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def setUp(self):
        super().setUp()
        if not shutil.which("bash"):
            self.skipTest("no bash")

    def test_verbs(self):
        self.assertEqual(self.complete("sc"), ["score"])
        self.assertIn("framework", self.complete(""))

    def test_options(self):
        self.assertEqual(self.complete("score", "--high"), ["--highlight"])
        self.assertEqual(self.complete("weights", "--high"), [])
        self.assertEqual(self.complete("score", "--format", "j"), ["json"])
        self.assertEqual(self.complete("score", "--format", "="), ["table", "csv", "json"])
        self.assertEqual(self.complete("score", "--format", "=", "c"), ["csv"])

    def test_names(self):
        self.assertIn("icf-2026", self.complete("score", "-f", "icf"))
        self.assertIn("hdi", self.complete("plan", "-p", "hd"))
        self.assertEqual(self.complete("methods", "geom"), ["geometric"])
        self.assertEqual(self.complete("score", "--set", "norm"), ["normalise.method="])

    def test_files(self):
        self.assertEqual(self.complete("score", "dat"), ["data.csv"])
        self.assertIn("framework.json", self.complete("score", "-f", "frame"))


class Manual(unittest.TestCase):
    TEXT = (CLI / "smartregion.1.in").read_text(encoding="utf-8")

    def test_every_option_and_verb_has_its_place(self):
        helped = subprocess.run([TOOL, "--help"], stdout=subprocess.PIPE, check=True, text=True).stdout
        plain = self.TEXT.replace("\\-", "-")
        for option in sorted(set(re.findall(r"--[a-z-]+", helped)) - {"--name"}):
            self.assertIn(option, plain)
        for verb in re.findall(r"(?m)^  ([a-z]+) ", helped):
            self.assertRegex(plain, rf"\.B {verb}\b")

    def test_clean(self):
        checkers = (["mandoc", "-Tlint", "-W", "warning"], ["groff", "-man", "-ww", "-Tutf8", "-K", "utf8"])
        found = [checker for checker in checkers if shutil.which(checker[0])]
        if not found:
            self.skipTest("neither mandoc nor groff")
        for checker in found:
            done = subprocess.run(checker, input=self.TEXT.replace("@VERSION@", "1.0.0"), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, check=False)
            complaints = done.stderr + (done.stdout if checker[0] == "mandoc" else "")
            self.assertEqual(complaints, "")


class Interface(unittest.TestCase):
    C_LIBRARY = {"errno.h", "fcntl.h", "limits.h", "math.h", "signal.h", "stdarg.h", "stddef.h", "stdint.h", "stdio.h",
                 "stdlib.h", "string.h", "sys/stat.h", "time.h", "unistd.h"}

    def test_only_public_headers(self):
        own = {path.name for path in CLI.glob("*.h")}
        self.assertTrue(own)
        for path in [*CLI.glob("*.c"), *CLI.glob("*.h")]:
            for line in path.read_text(encoding="utf-8").splitlines():
                if not line.startswith("#include"):
                    continue
                system, private = re.match(r'#include (?:<(.*)>|"(.*)")', line).groups()
                if private:
                    self.assertIn(private, own, path.name)
                elif not system.startswith("smartregion/"):
                    self.assertIn(system, self.C_LIBRARY, path.name)

    def test_no_locale(self):
        for path in CLI.glob("*.c"):
            self.assertNotRegex(path.read_text(encoding="utf-8"), r"setlocale *\((?!\))", path.name)


if __name__ == "__main__":
    harness.main()
