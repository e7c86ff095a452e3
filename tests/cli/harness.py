# SPDX-License-Identifier: MIT
"""Runs the tool in an empty folder and looks at exit code, both streams and the files it leaves."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = os.environ.get("SMARTREGION") or "smartregion"
TESTS = pathlib.Path(__file__).resolve().parent
SOURCE = TESTS.parent.parent

FINE, INPUT, USAGE, OUTPUT, INTERRUPTED = 0, 1, 2, 3, 130

# x: 0 to 10, y: 100 to 0 (lower is better), z: 0 to 60; all marks below can be worked out by head.
FRAMEWORK = {
    "format": "smartregion-framework/1",
    "id": "index",
    "name": {"en": "Tiny index", "vi": "Chỉ số nhỏ"},
    "plan": {"normalise": {"method": "goalposts", "range": [0, 100]}},
    "children": [
        {"id": "a", "name": {"en": "First", "vi": "Nền tảng kết nối"}, "children": [
            {"id": "x", "worst": 0, "best": 10},
            {"id": "y", "worst": 100, "best": 0}]},
        {"id": "b", "name": {"en": "Second"}, "children": [
            {"id": "z", "worst": 0, "best": 60}]},
    ],
}
DATA = """region,name,x,y,z
A,Alpha,5,20,30
B,Bêta,10,100,
C,"Gamma, the third",0,0,60
"""


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.write("framework.json", FRAMEWORK)
        self.write("data.csv", DATA)

    def write(self, name, content):
        """Writes text, bytes or, as JSON, anything else."""
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            path.write_text(json.dumps(content), encoding="utf-8")
        return name

    def files(self):
        return sorted(os.listdir(self.folder))

    def environment(self, **changes):
        environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "LC_ALL", "LANG")}
        environment.update(changes)
        return environment

    def tool(self, *arguments, code=FINE, stdin=None, stdout=subprocess.PIPE, env=None):
        """Runs the tool, checks its exit code, and gives (stdout, stderr) as text."""
        done = subprocess.run([TOOL, *map(str, arguments)], cwd=self.folder, input=stdin, stdout=stdout,
                              stderr=subprocess.PIPE, env=env or self.environment(), timeout=120, check=False)
        text = (done.stdout or b"").decode("utf-8")
        messages = done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, f"{arguments}\n{text[:2000]}\n{messages[:2000]}")
        if code not in (FINE, INTERRUPTED):
            self.assertTrue(messages.strip(), f"{arguments}: no message")
        return text, messages

    def score(self, *arguments, code=FINE, **more):
        """score with the small framework and csv output."""
        return self.tool("score", "-f", "framework.json", "-F", "csv", *arguments, code=code, **more)

    def refused(self, *arguments, code=INPUT, says=(), **more):
        """The run fails with every text of `says` in its messages, and leaves no output file."""
        before = self.files()
        text, messages = self.tool(*arguments, "-o", "out.csv", code=code, **more)
        self.assertEqual(text, "")
        self.assertEqual(self.files(), before, "files were left")
        for part in [says] if isinstance(says, str) else says:
            self.assertIn(part, messages)
        for line in messages.splitlines():
            self.assertTrue(line.strip(), "an empty line among the messages")
        return messages


def main():
    sys.dont_write_bytecode = True
    unittest.main(verbosity=1)
