#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs Doxygen, for which a warning is an error, and looks at what the manual says of every function.

A function must have a first sentence, say of every argument and of its result what they are, and have a thread rule, a
complexity and the version since which it exists; so must every type and macro. A function that returns smr_status must
name the statuses; any other must say that it has no errors. What is exported must be documented, and every message and
method must have its place.

usage: check_manual.py DOXYGEN DOXYFILE OUTPUT SYMBOL_MAP MESSAGES METHODS_PAGE PREPARE...

PREPARE is the command that makes the pages."""

import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

# Below this the XML was not what this program takes it for.
LEAST_FUNCTIONS = 100


def text(element):
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def words(path):
    """Everything a page says, its pieces apart."""
    return " ".join(" ".join(ElementTree.parse(path).getroot().itertext()).split())


def functions(folder):
    """Name, XML and file of every function of the public headers."""
    for path in sorted(folder.glob("*_8h.xml")):
        for member in ElementTree.parse(path).getroot().iter("memberdef"):
            if member.get("kind") == "function":
                yield member.findtext("name"), member


def without_since(folder):
    """Types, enums, macros and structs that do not say since when they exist."""
    for path in sorted(folder.glob("*_8h.xml")) + sorted(folder.glob("struct*.xml")):
        root = ElementTree.parse(path).getroot().find("compounddef")
        parts = [member for member in root.iter("memberdef") if member.get("kind") in ("typedef", "enum", "define")]
        for part in parts + ([root] if root.get("kind") == "struct" else []):
            if part.find("detaileddescription//simplesect[@kind='since']") is None:
                yield part.findtext("name") or part.findtext("compoundname")


def faults_of(name, member):
    detail = member.find("detaileddescription")
    sections = {section.findtext("title", default="").strip() or section.get("kind"): text(section)
                for section in detail.iter("simplesect")}
    if not text(member.find("briefdescription")):
        yield "no first sentence"
    for wanted in ("Thread rule", "Complexity", "since"):
        if wanted not in sections:
            yield f"does not say: {wanted}"
    described = {text(item.find("parameternamelist")): text(item.find("parameterdescription"))
                 for item in detail.iter("parameteritem")}
    for parameter in member.findall("param"):
        if text(parameter.find("type")) != "void" and not described.get(parameter.findtext("declname")):
            yield f"argument {parameter.findtext('declname')} is not described"
    result = text(member.find("type"))
    if result != "void" and "return" not in sections:
        yield "the result is not described"
    if result == "smr_status":
        if "SMR_OK" not in sections.get("return", "") and "as smr_" not in sections.get("return", ""):
            yield "the statuses are not named"
    elif "Errors" not in sections:
        yield "does not say that it has no errors"


def exported(symbol_map):
    return set(re.findall(r"^\s+(smr_\w+);", symbol_map.read_text(encoding="utf-8"), re.MULTILINE))


def main():
    doxygen, doxyfile, output, symbol_map, messages, methods_page, *prepare = sys.argv[1:]
    shutil.rmtree(output, ignore_errors=True)
    if subprocess.run(prepare, check=False).returncode != 0:
        sys.exit("the pages cannot be made, see above")
    if subprocess.run([doxygen, doxyfile], check=False).returncode != 0:
        sys.exit("doxygen has warnings, see above")
    xml = pathlib.Path(output) / "xml"
    faults, seen = [], set()
    for name, member in functions(xml):
        seen.add(name)
        faults += [f"{name}: {fault}" for fault in faults_of(name, member)]
    faults += [f"{name}: does not say: since" for name in without_since(xml)]
    symbols = exported(pathlib.Path(symbol_map))
    faults += [f"{name}: exported, but in no header" for name in sorted(symbols - seen)]
    faults += [f"{name}: in a header, but not exported" for name in sorted(seen - symbols)]
    if len(seen) < LEAST_FUNCTIONS:
        faults.append(f"{len(seen)} functions found, expected {LEAST_FUNCTIONS} at least")
    everything = " ".join(words(path) for path in xml.glob("*.xml"))
    names = re.findall(r"^\d+ \| (\w+) \|", pathlib.Path(messages).read_text(encoding="utf-8"), re.MULTILINE)
    methods = re.findall(r"^### (.+)$", pathlib.Path(methods_page).read_text(encoding="utf-8"), re.MULTILINE)
    faults += [f"message {name} is not in the manual" for name in names if f" {name} " not in everything]
    faults += [f"method {name} is not in the manual" for name in methods if name not in everything]
    if not names or not methods:
        faults.append("no messages or no methods found")
    if faults:
        sys.exit("\n".join(faults))
    print(f"{len(seen)} functions, {len(names)} messages, {len(methods)} methods")


main()
