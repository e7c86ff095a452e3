#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the linker sees of the library: exported names, names it asks for, and data that could be written.

The environment gives LIBRARY_SHARED and LIBRARY_STATIC, where they are built, SOURCE_ROOT, NM and READELF."""

import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["SOURCE_ROOT"])
SHARED = os.environ.get("LIBRARY_SHARED")
STATIC = os.environ.get("LIBRARY_STATIC")
MAP = SOURCE / "lib" / "smartregion.map"

# The library reports what is wrong, and leaves the process, its streams, its locale and its environment alone. Numbers
# are read and written by its own code, and scored without libm, whose last digits differ from platform to platform.
FORBIDDEN = set("""
    abort exit _exit _Exit quick_exit atexit on_exit raise signal sigaction kill longjmp setjmp __assert_fail __assert
    printf fprintf vprintf vfprintf dprintf sprintf snprintf vsprintf vsnprintf asprintf vasprintf
    puts fputs putchar putc fputc fwrite perror write
    scanf fscanf sscanf gets fgets getc getchar fread read
    fopen fdopen freopen fclose open close tmpfile remove rename system popen
    setlocale localeconv newlocale uselocale getenv secure_getenv setenv putenv unsetenv
    strtod strtof strtold atof strtol strtoul strtoll strtoull atoi atol atoll strerror
    qsort bsearch
    rand srand random srandom rand_r drand48 time clock gettimeofday clock_gettime localtime gmtime
    strtok strcpy strcat
    """.split())
LIBM = set("""
    log log2 log10 log1p exp exp2 exp10 expm1 pow cbrt hypot fma
    sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf erfc tgamma lgamma lgamma_r fmod remainder
    """.split())
FORBIDDEN |= {name + suffix for name in LIBM for suffix in ("", "f", "l")}


def run(tool, *arguments):
    return subprocess.run([os.environ.get(tool.upper()) or tool, *arguments], stdout=subprocess.PIPE, check=True,
                          text=True, encoding="utf-8").stdout


def mapped():
    """{name: version node} of the version script."""
    names, node = {}, None
    for line in MAP.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        opened = re.fullmatch(r"(\w[\w.]*) \{", line)
        if opened:
            node = opened[1]
        elif re.fullmatch(r"smr_\w+;", line):
            names[line[:-1]] = node
    return names


def declared():
    """Functions that the headers mark with SMR_API."""
    names = []
    for header in sorted((SOURCE / "include" / "smartregion").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", " ", header.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"^\s*#.*?$", "", text, flags=re.M)
        names += re.findall(r"SMR_API\s[^;{}()]*?\b(\w+)\s*\(", text)
    return names


def symbols(*arguments):
    """[(object, type, name)] as nm tells."""
    found, where = [], ""
    for line in run("nm", *arguments).splitlines():
        if line.endswith(":"):
            where = line[:-1]
        parts = line.split()
        if len(parts) >= 2 and len(parts[-2]) == 1:
            found.append((where, parts[-2], parts[-1]))
    return found


class Interface(unittest.TestCase):
    def test_map_and_headers_agree(self):
        names = declared()
        self.assertEqual(len(names), len(set(names)), "declared twice")
        self.assertEqual(sorted(mapped()), sorted(names))
        self.assertGreater(len(names), 100)

    def test_map_is_sorted(self):
        names = list(mapped())
        self.assertEqual(names, sorted(names))

    @unittest.skipUnless(SHARED, "no shared library is built")
    def test_exported_symbols(self):
        exported = {}
        for _, kind, name in symbols("--dynamic", "--defined-only", "--with-symbol-versions", SHARED):
            if kind == "A":  # the version node itself
                continue
            self.assertEqual(kind, "T", name)
            name, _, node = name.partition("@@")
            exported[name] = node
        self.assertEqual(exported, mapped())

    @unittest.skipUnless(SHARED, "no shared library is built")
    def test_soname(self):
        self.assertIn("[libsmartregion.so.1]", run("readelf", "--dynamic", "--wide", SHARED))

    def test_every_function_is_called_by_a_test_of_the_interface(self):
        texts = "\n".join(file.read_text(encoding="utf-8") for file in (SOURCE / "tests" / "api").glob("*.c"))
        self.assertEqual([name for name in mapped() if not re.search(rf"\b{name}\b", texts)], [])


@unittest.skipUnless(STATIC, "no static library is built")
class Objects(unittest.TestCase):
    def test_names_with_external_linkage(self):
        public = mapped()
        for where, kind, name in symbols("--extern-only", "--defined-only", STATIC):
            with self.subTest(object=where, name=name):
                self.assertTrue(name in public or name.startswith("smri_"))
                self.assertNotIn(kind, "CVvi", "common, weak or ifunc")

    def test_every_public_function_is_defined(self):
        defined = {name for _, kind, name in symbols("--extern-only", "--defined-only", STATIC) if kind == "T"}
        self.assertEqual(set(mapped()) - defined, set())

    def test_no_forbidden_function_is_asked_for(self):
        asked = [(where, name) for where, kind, name in symbols("--undefined-only", STATIC) if kind in "Uw"]
        self.assertGreater(len(asked), 10)
        for where, name in asked:
            # __isoc99_sscanf, __printf_chk and their like
            plain = re.sub(r"^_+(isoc\d+_)?|_chk$", "", name.split("@")[0])
            with self.subTest(object=where, name=name):
                self.assertFalse({name, plain} & FORBIDDEN)

    def test_json_is_asked_for_by_one_object(self):
        self.assertEqual({where for where, _, name in symbols("--undefined-only", STATIC) if name.startswith("json")},
                         {where for where, _, name in symbols("--defined-only", STATIC) if name == "smri_json_read"})

    def test_no_data_can_be_written(self):
        """Only relocated constants (.data.rel.ro) may stand in pages that are ever writable; nothing runs at start."""
        where, sections = "", 0
        for line in run("readelf", "--section-headers", "--wide", STATIC).splitlines():
            if line.startswith("File:"):
                where = line
            section = re.match(r"\s*\[ *\d+\] (\S+) +(\S+) +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ +([A-Za-z]*) ", line)
            if not section:
                continue
            sections += 1
            name, kind, size, flags = section[1], section[2], int(section[3], 16), section[4]
            with self.subTest(file=where, section=name):
                self.assertNotIn(kind, ("INIT_ARRAY", "FINI_ARRAY", "PREINIT_ARRAY"))
                self.assertNotRegex(name, r"^\.(ctors|dtors|init|fini)\b")
                if "W" in flags and size > 0:
                    self.assertRegex(name, r"^\.data\.rel\.ro\b")
        self.assertGreater(sections, 100)


if __name__ == "__main__":
    unittest.main()
