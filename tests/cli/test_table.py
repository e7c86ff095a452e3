# SPDX-License-Identifier: MIT
"""Tables for people: snapshots, alignment of Vietnamese text, colour only on a terminal."""

import os
import pty
import re
import subprocess
import unicodedata

import harness
from harness import SOURCE, TESTS, TOOL


def width(text):
    return sum(0 if unicodedata.combining(c) else 1 for c in text)


class Table(harness.Case):
    def golden(self, name, *arguments):
        text, messages = self.tool(*arguments)
        self.assertEqual(text, (TESTS / "golden" / name).read_text(encoding="utf-8"))
        for line in text.splitlines():
            self.assertEqual(line, line.rstrip(), "blanks at the end of a line")
        return messages

    def many(self, count):
        self.write("many.csv", "region,name,x,y,z\n" + "".join(
            f"R{i:03},Region {i},{i / 10},{100 - i},{i / 2}\n" for i in range(count)))
        return ["score", "-f", "framework.json", "many.csv"]

    def listed(self, text):
        """Number of regions in the table."""
        return len(re.findall(r"(?m)^ *\d+ +R\d{3} ", text))

    def test_snapshot(self):
        self.golden("table.txt", "score", "-f", "framework.json", "data.csv", "--highlight", "B")

    def test_snapshot_in_vietnamese(self):
        self.golden("table_vi.txt", "score", "-f", "framework.json", "data.csv", "--lang", "vi", "--highlight",
                    "Alpha")

    def test_snapshot_of_one_region(self):
        self.write("one.csv", "region,name,period,x,y,z\nA,Alpha,2024,5,20,\n")
        self.golden("region.txt", "score", "-f", "framework.json", "one.csv")

    def test_one_region_with_the_built_in_framework(self):
        data = SOURCE / "examples" / "data" / "one-region" / "data-half.csv"
        text, _ = self.tool("score", data)
        for heading in ("Broadband", "Knowledge workforce", "Innovation", "Sustainability", "Digital inclusion",
                        "Advocacy"):
            self.assertIn(heading, text)
        self.assertIn("no value", text)
        text, _ = self.tool("score", data, "--lang", "vi")
        for heading in ("Nền tảng kết nối băng thông rộng", "Đổi mới sáng tạo", "không có số liệu"):
            self.assertIn(heading.lower(), text.lower())

    def test_long_list_is_cut(self):
        text, _ = self.tool(*self.many(41))
        self.assertIn("Regions not shown: 26 ", text)
        for shown in ("R040", "R031", "R004", "R000"):
            self.assertIn(shown, text)
        for hidden in ("R030", "R005"):
            self.assertNotIn(hidden, text)
        self.assertEqual(self.listed(self.tool(*self.many(40))[0]), 40)

    def test_rows_asked_for(self):
        arguments = self.many(60)
        text, _ = self.tool(*arguments, "--top", "3")
        self.assertEqual(self.listed(text), 3)
        text, _ = self.tool(*arguments, "--top", "3", "--bottom", "2", "--highlight", "R030", "--highlight",
                            "Region 20")
        self.assertEqual([r for r in ("R059", "R057", "R056", "R030", "R020", "R001", "R000", "R002") if r in text],
                         ["R059", "R057", "R030", "R020", "R001", "R000"])
        self.assertIn("rank", text.lower())
        for everything in ("all", "0"):
            text, _ = self.tool(*arguments, "--top", everything)
            self.assertEqual(self.listed(text), 60)
            self.assertNotIn("not shown:", text)

    def test_columns_line_up(self):
        """Combining marks take no room: a decomposed name is as wide as a composed one."""
        name = "Bình Dương"
        self.write("names.csv", "region,name,x,y,z\n"
                   f"A,{unicodedata.normalize('NFC', name)},1,2,3\nB,{unicodedata.normalize('NFD', name)},4,5,6\n")
        text, _ = self.tool("score", "-f", "framework.json", "names.csv")
        ends = {width(line) for line in text.splitlines() if "nh D" in unicodedata.normalize("NFC", line)}
        self.assertEqual(len(ends), 1, text)

    def test_not_computed(self):
        self.write("none.csv", "region,x,y,z\nA,1,2,3\nB,,,\n")
        text, _ = self.tool("score", "-f", "framework.json", "none.csv")
        self.assertIn("-¹", text)
        self.assertIn("¹ not computed", text)
        self.assertIn("Regions without a rank: 1.", text)

    def test_control_characters_of_names(self):
        self.write("names.csv", "region,name,x,y,z\nA,\x1b[31mred,1,2,3\nB,b,1,2,3\n")
        self.assertNotIn("\x1b", self.tool("score", "-f", "framework.json", "names.csv")[0])

    def test_other_verbs_line_up(self):
        for arguments in (["weights", "-f", "framework.json", "data.csv"], ["framework"], ["methods"],
                          ["methods", "minmax"], ["steps", "-f", "framework.json", "data.csv"],
                          ["check", "-f", "framework.json", "data.csv"], ["framework", "--lang", "vi"]):
            text, _ = self.tool(*arguments)
            self.assertTrue(text.strip())
            for line in text.splitlines():
                self.assertEqual(line, line.rstrip())


class Colour(harness.Case):
    def on_terminal(self, **environment):
        primary, secondary = pty.openpty()
        process = subprocess.Popen([TOOL, "score", "-f", "framework.json", "data.csv"], cwd=self.folder,
                                   stdout=secondary, env=self.environment(**{"TERM": "xterm", **environment}))
        os.close(secondary)
        text = b""
        while True:
            try:
                piece = os.read(primary, 4096)
            except OSError:
                break
            if not piece:
                break
            text += piece
        os.close(primary)
        self.assertEqual(process.wait(), 0)
        return text

    def test_only_on_a_terminal(self):
        coloured = self.on_terminal()
        self.assertIn(b"\x1b[", coloured)
        plain = self.on_terminal(NO_COLOR="1")
        self.assertNotIn(b"\x1b", plain)
        self.assertEqual(plain.replace(b"\r", b"").decode(), self.tool("score", "-f", "framework.json", "data.csv")[0])
        self.assertNotIn(b"\x1b", self.on_terminal(TERM="dumb"))
        self.assertIn(b"\x1b", self.on_terminal(NO_COLOR=""))

    def test_locale_changes_nothing(self):
        expected = self.tool("score", "-f", "framework.json", "data.csv")[0]
        for locale in ("de_DE.UTF-8", "vi_VN.UTF-8", "tr_TR.ISO-8859-9"):
            text, _ = self.tool("score", "-f", "framework.json", "data.csv", env=self.environment(LC_ALL=locale))
            self.assertEqual(text, expected)


if __name__ == "__main__":
    harness.main()
