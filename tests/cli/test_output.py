# SPDX-License-Identifier: MIT
"""Where output goes: whole or not at all, the format by the ending, and exit 3 when it cannot be written."""

import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest

import harness
from harness import INTERRUPTED, OUTPUT, TOOL


class Output(harness.Case):
    def test_format_by_ending(self):
        self.tool("score", "-f", "framework.json", "data.csv", "-o", "out.csv")
        self.tool("score", "-f", "framework.json", "data.csv", "-o", "out.json")
        self.tool("score", "-f", "framework.json", "data.csv", "-o", "out.txt")
        self.assertTrue((self.folder / "out.csv").read_text(encoding="utf-8").startswith("region,period,node,"))
        json.loads((self.folder / "out.json").read_text(encoding="utf-8"))
        self.assertIn("Tiny index", (self.folder / "out.txt").read_text(encoding="utf-8"))
        self.tool("score", "-f", "framework.json", "data.csv", "-o", "out.json", "-F", "csv")
        self.assertTrue((self.folder / "out.json").read_text(encoding="utf-8").startswith("region,period,node,"))

    def test_file_is_the_same_as_standard_output(self):
        expected, _ = self.score("data.csv")
        text, _ = self.score("data.csv", "-o", "out.csv")
        self.assertEqual(text, "")
        self.assertEqual((self.folder / "out.csv").read_text(encoding="utf-8"), expected)
        self.assertEqual(self.files(), ["data.csv", "framework.json", "out.csv"])
        self.assertEqual(self.score("data.csv", "-o", "-")[0], expected)

    def test_a_failure_leaves_the_old_file(self):
        self.write("out.csv", "old\n")
        self.write("wrong.csv", "region,x,y,z\nA,one,2,3\n")
        self.score("wrong.csv", "-o", "out.csv", code=harness.INPUT)
        self.assertEqual((self.folder / "out.csv").read_text(encoding="utf-8"), "old\n")
        self.score("data.csv", "-o", "out.csv")
        self.assertIn("region,", (self.folder / "out.csv").read_text(encoding="utf-8"))

    def test_output_may_replace_its_input(self):
        expected, _ = self.score("data.csv")
        self.score("data.csv", "-o", "data.csv")
        self.assertEqual((self.folder / "data.csv").read_text(encoding="utf-8"), expected)

    def test_link_and_mode_stay(self):
        real = self.folder / "real.csv"
        self.write("real.csv", "old\n")
        real.chmod(0o640)
        os.symlink("real.csv", self.folder / "link.csv")
        self.score("data.csv", "-o", "link.csv")
        self.assertTrue((self.folder / "link.csv").is_symlink())
        self.assertTrue(real.read_text(encoding="utf-8").startswith("region,"))
        self.assertEqual(real.stat().st_mode & 0o777, 0o640)

    def test_to_a_directory(self):
        os.mkdir(self.folder / "folder")
        _, messages = self.score("data.csv", "-o", "folder", code=OUTPUT)
        self.assertIn("folder: cannot be written: is a directory", messages)
        self.score("data.csv", "-o", "folder/", code=OUTPUT)
        self.assertEqual(os.listdir(self.folder / "folder"), [])

    def test_where_nothing_can_be_written(self):
        before = self.files()
        _, messages = self.score("data.csv", "-o", "none/out.csv", code=OUTPUT)
        self.assertIn("none/out.csv: cannot be written", messages)
        if pathlib.Path("/proc/self").exists():
            self.score("data.csv", "-o", "/proc/out.csv", code=OUTPUT)
        if os.geteuid():
            os.mkdir(self.folder / "shut", 0o555)
            self.score("data.csv", "-o", "shut/out.csv", code=OUTPUT)
            before.append("shut")
        self.assertEqual(self.files(), sorted(before))

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_full(self):
        _, messages = self.score("data.csv", "-o", "/dev/full", code=OUTPUT)
        self.assertIn("/dev/full: cannot be written: ", messages)
        for arguments in (["score", "-f", "framework.json", "data.csv"], ["version"], ["help"], ["methods"],
                          ["framework", "-F", "json"], ["fit", "-f", "framework.json", "data.csv"]):
            with open("/dev/full", "wb") as full:
                _, messages = self.tool(*arguments, code=OUTPUT, stdout=full)
            self.assertIn("standard output: cannot be written: ", messages)

    def test_closed_standard_output(self):
        for format in ("csv", "json", "table"):
            done = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', TOOL, "score", "-f", "framework.json", "-F",
                                   format, "data.csv"], cwd=self.folder, stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, OUTPUT, done.stderr)
            self.assertIn(b"standard output: cannot be written", done.stderr)

    def test_pipe_closed_by_its_reader(self):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as pipe:
            _, messages = self.score("data.csv", code=OUTPUT, stdout=pipe)
        self.assertIn("standard output: cannot be written", messages)

    def test_standard_input(self):
        expected, _ = self.score("data.csv")
        text, _ = self.score("-", stdin=harness.DATA.encode())
        self.assertEqual(text, expected)
        _, messages = self.score("-", stdin=b"region,x,y,z\nA,one,2,3\n", code=harness.INPUT)
        self.assertIn("standard input:2: x: ", messages)
        framework = json.dumps(harness.FRAMEWORK).encode()
        text, _ = self.tool("score", "-f", "-", "-F", "csv", "data.csv", stdin=framework)
        self.assertEqual(text, expected)

    def test_closed_standard_input(self):
        done = subprocess.run(["sh", "-c", 'exec "$0" "$@" <&-', TOOL, "score", "-f", "framework.json", "-"],
                              cwd=self.folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, harness.INPUT)
        self.assertEqual(done.stdout, b"")


class Interrupt(harness.Case):
    def start(self, *arguments, **more):
        return subprocess.Popen([TOOL, *arguments], cwd=self.folder, stderr=subprocess.PIPE, env=self.environment(),
                                **more)

    def test_while_reading(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("score", "-f", "framework.json", "-", "-o", "out.csv", stdin=subprocess.PIPE)
            process.stdin.write(harness.DATA.encode())
            process.stdin.flush()
            time.sleep(0.2)
            self.assertIsNone(process.poll())
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=20), INTERRUPTED)
            process.stdin.close()
            process.stderr.close()
            self.assertEqual(self.files(), ["data.csv", "framework.json"])

    def large(self, rows=150000):
        self.write("large.csv", "region,x,y,z\n" + "".join(f"R{i},{i % 11},{i % 101},{i % 61}\n" for i in range(rows)))

    def test_while_writing(self):
        """A reader that does not read stops the tool within its output; the signal must get through."""
        self.large()
        process = self.start("score", "-f", "framework.json", "-F", "csv", "large.csv", stdout=subprocess.PIPE)
        self.assertTrue(process.stdout.read(1))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=20), INTERRUPTED)
        process.stdout.close()
        process.stderr.close()

    def test_while_writing_a_file(self):
        self.large()
        process = self.start("score", "-f", "framework.json", "large.csv", "-o", "out.csv")
        caught = None
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            caught = next((name for name in os.listdir(self.folder) if name.endswith(".tmp")), None)
            if caught:
                process.send_signal(signal.SIGINT)
                break
        self.assertTrue(caught, "the temporary file was never seen")
        self.assertEqual(process.wait(timeout=20), INTERRUPTED)
        process.stderr.close()
        self.assertEqual(self.files(), ["data.csv", "framework.json", "large.csv"])

    def test_twice(self):
        process = self.start("score", "-f", "framework.json", "-", "-o", "out.csv", stdin=subprocess.PIPE)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=20), INTERRUPTED)
        process.stdin.close()
        process.stderr.close()
        self.assertEqual(self.files(), ["data.csv", "framework.json"])


class Pipes(harness.Case):
    def test_named_pipes(self):
        os.mkfifo(self.folder / "in")
        os.mkfifo(self.folder / "out")
        writer = threading.Thread(target=lambda: (self.folder / "in").write_text(harness.DATA, encoding="utf-8"))
        writer.start()
        result = []
        reader = threading.Thread(target=lambda: result.append((self.folder / "out").read_text(encoding="utf-8")))
        reader.start()
        self.score("in", "-o", "out")
        writer.join()
        reader.join()
        self.assertEqual(result[0], self.score("data.csv")[0])


if __name__ == "__main__":
    harness.main()
