#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns messages.txt into the public enum, the library's table and the documentation page."""

import sys

STATUSES = ("MEMORY ARGUMENT FORMAT DATA FRAMEWORK PLAN LIMIT READ WRITE CANCELLED NOT_FOUND "
            "UNSUPPORTED COMPUTE OK").split()


def read(path):
    rows, seen_codes, seen_names = [], set(), set()
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            fields = line.split(" | ")
            if len(fields) != 5:
                sys.exit(f"{path}:{number}: {len(fields)} fields, expected 5")
            code, name, status, message, advice = fields
            code = int(code)
            if code in seen_codes or name in seen_names:
                sys.exit(f"{path}:{number}: code {code} or name {name} is used twice")
            if status not in STATUSES:
                sys.exit(f"{path}:{number}: unknown status {status}")
            seen_codes.add(code)
            seen_names.add(name)
            rows.append((code, name, status, message, advice))
    return sorted(rows)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_header(rows):
    yield "/* SPDX-License-Identifier: MIT */"
    yield "/* Generated from lib/base/messages.txt. */"
    yield "#ifndef SMARTREGION_MESSAGES_H"
    yield "#define SMARTREGION_MESSAGES_H"
    yield ""
    yield "/** @file"
    yield " * The stable codes of everything the library can complain about."
    yield " */"
    yield ""
    yield "/** Codes of smr_error.code. Numbers never change and are never reused. @since 1.0 */"
    yield "enum smr_message_code {"
    yield "    SMR_MESSAGE_NONE = 0, /**< nothing to say */"
    for i, (code, name, status, message, advice) in enumerate(rows):
        comma = "," if i + 1 < len(rows) else ""
        text = message.replace("*/", "* /").replace("%", "%%").replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace("@", "at ").replace("\\", "\\\\").replace("#", "\\#")
        yield f"    SMR_MESSAGE_{name.upper()} = {code}{comma} /**< {text} */"
    yield "};"
    yield ""
    yield "#endif"


def write_table(rows):
    yield "/* Generated from lib/base/messages.txt; included by status.c alone. */"
    for code, name, status, message, _ in rows:
        value = "SMR_OK" if status == "OK" else f"SMR_ERROR_{status}"
        yield f"{{{code}, {value}, {quoted(name)}, {quoted(message)}}},"


def write_page(rows):
    yield "# Messages {#messages}"
    yield ""
    yield "Every record the library produces carries one of these codes. `{}` stands for what was found."
    yield ""
    yield "| code | name | status | text | what to do |"
    yield "|---|---|---|---|---|"
    for code, name, status, message, advice in rows:
        cells = [c.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("@", "\\@").replace('"', "&quot;")
                 for c in (message, advice)]
        yield f"| {code} | `{name}` | {status.lower()} | {cells[0]} | {cells[1]} |"


def main():
    source, kind, target = sys.argv[1:]
    writer = {"header": write_header, "table": write_table, "page": write_page}[kind]
    with open(target, "w", encoding="utf-8", newline="\n") as out:
        out.write("\n".join(writer(read(source))) + "\n")


main()
