#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The law of the rooms, and what holds for every source file. The environment gives SOURCE_ROOT."""

import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["SOURCE_ROOT"])
LIBRARY = SOURCE / "lib"

# Each room may use those before it. Only io uses all, and nothing uses io.
ROOMS = ["base", "model", "method", "engine", "study", "io"]

# What of the C library a room needs beside this has a reason, and the reason has one place.
STANDARD = {"float.h", "limits.h", "math.h", "stdalign.h", "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h", "string.h"}
ELSEWHERE = {
    "jansson.h": {"io/json_read.c"},
    "stdlib.h": {"base/alloc.c"},  # malloc
    "unistd.h": {"base/context.c"},
    "pthread.h": {"base/threads.c"},
    "signal.h": {"base/threads.c"},
    "fenv.h": {"base/threads.c"},
    "xmmintrin.h": {"base/threads.c"},
}
LONGEST = 600


def sources(*suffixes):
    return sorted(file for room in ROOMS for file in (LIBRARY / room).iterdir() if file.suffix in suffixes)


def includes(file):
    """[(line, how, name)]: how is < or \"."""
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [(number, re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)) for number, line in enumerate(lines, 1)]
    return [(number, match[1], match[2]) for number, match in found if match]


def generated():
    """Names of files that the build writes for the library."""
    return set(re.findall(r"output: '([^']+)'", (LIBRARY / "meson.build").read_text(encoding="utf-8")))


def private_headers(room):
    """One a room; in the room study also one a study."""
    return sorted(f"{room}/{header.name}" for header in (LIBRARY / room).glob("*.h"))


class Rooms(unittest.TestCase):
    def test_the_rooms_are_these(self):
        self.assertEqual(sorted(path.name for path in LIBRARY.iterdir() if path.is_dir()), sorted(ROOMS))

    def test_a_file_uses_its_own_room_and_earlier_ones(self):
        made = generated()
        for file in sources(".c", ".h"):
            room = file.parent.name
            allowed = ROOMS if room == "io" else ROOMS[:ROOMS.index(room) + 1]
            for number, how, name in includes(file):
                if how == "<" or name in made:
                    continue
                with self.subTest(file=f"{room}/{file.name}:{number}", include=name):
                    other = name.split("/")[0]
                    self.assertIn(other, allowed)
                    if name.endswith(".inc"):
                        self.assertEqual(other, room, "a part of a file stays in its room")
                        self.assertTrue((LIBRARY / name).is_file())
                    else:
                        self.assertIn(name, private_headers(other))

    def test_headers_of_the_system(self):
        for file in sources(".c", ".h"):
            place = f"{file.parent.name}/{file.name}"
            for number, how, name in includes(file):
                if how == "<" and not name.startswith("smartregion/"):
                    with self.subTest(file=f"{place}:{number}", include=name):
                        self.assertTrue(name in STANDARD or place in ELSEWHERE.get(name, ()))

    def test_private_headers_and_no_name_twice(self):
        public = {header.name for header in (SOURCE / "include" / "smartregion").glob("*.h")} | {"version.h", "messages.h"}
        for room in ROOMS:
            private = private_headers(room)
            with self.subTest(room=room):
                self.assertIn(f"{room}/{room}_impl.h", private)
                self.assertTrue(len(private) == 1 or room == "study", "only the studies have headers of their own")
                self.assertTrue(all(name.endswith("_impl.h") for name in private))
                self.assertFalse(public & {name.split("/")[1] for name in private})

    def test_public_headers_use_only_public_ones(self):
        for header in sorted((SOURCE / "include" / "smartregion").glob("*.h")):
            for number, how, name in includes(header):
                with self.subTest(header=f"{header.name}:{number}", include=name):
                    self.assertEqual(how, "<")
                    self.assertTrue(name.startswith("smartregion/") or name in ("stddef.h", "stdint.h"))

    def test_the_tool_uses_only_the_public_interface(self):
        own = {file.name for file in (SOURCE / "cli").glob("*.h")}
        for file in sorted((SOURCE / "cli").glob("*.[ch]")):
            for number, how, name in includes(file):
                if how == '"':
                    with self.subTest(file=f"{file.name}:{number}", include=name):
                        self.assertIn(name, own)

    def test_every_file_is_built(self):
        listed = re.findall(r"^  '(\w+/\w+\.c)',$", (LIBRARY / "meson.build").read_text(encoding="utf-8"), flags=re.M)
        self.assertEqual(len(listed), len(set(listed)), "listed twice")
        there = {f"{file.parent.name}/{file.name}" for file in sources(".c")}
        kernels = {"base/kernels.c", "base/kernels_lanes.c", "base/kernels_lanes_rank.c"}
        self.assertEqual(there - set(listed), kernels, "the kernels are built once for each instruction set")
        self.assertEqual(set(listed) - there, set())


class Files(unittest.TestCase):
    def test_no_file_is_too_long(self):
        for folder in ("lib", "include", "cli"):
            for file in sorted((SOURCE / folder).rglob("*")):
                # The tool has one page of the manual, whatever the number of its verbs.
                if file.is_file() and file.suffix != ".pyc" and not file.name.endswith(".1.in"):
                    with self.subTest(file=str(file.relative_to(SOURCE))):
                        self.assertLessEqual(file.read_bytes().count(b"\n"), LONGEST)

    def test_licence(self):
        comments = {".c": "/* {} */", ".h": "/* {} */", ".py": "# {}", ".build": "# {}"}
        for folder in ("lib", "include", "cli", "tests"):
            for file in sorted((SOURCE / folder).rglob("*")):
                if file.suffix not in comments or not file.is_file():
                    continue
                with self.subTest(file=str(file.relative_to(SOURCE))), open(file, encoding="utf-8") as lines:
                    first = lines.readline().rstrip("\n")
                    first = lines.readline().rstrip("\n") if first.startswith("#!") else first
                    self.assertEqual(first, comments[file.suffix].format("SPDX-License-Identifier: MIT"))

    def test_text_is_tidy(self):
        for folder in ("lib", "include", "cli", "tests"):
            for file in sorted((SOURCE / folder).rglob("*")):
                if file.suffix not in (".c", ".h", ".py", ".build") or not file.is_file():
                    continue
                text = file.read_text(encoding="utf-8")
                with self.subTest(file=str(file.relative_to(SOURCE))):
                    self.assertNotIn("\t", text)
                    self.assertNotIn("\r", text)
                    self.assertNotRegex(text, re.compile(r"[ ]$", re.M))
                    self.assertTrue(text.endswith("\n"))


if __name__ == "__main__":
    unittest.main()
