#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the Markdown pages of the project fit for Doxygen, into one folder.

On a code host a link is a relative path with an anchor made from the heading; Doxygen 1.9 wants labels. So every
heading gets a label and every link between pages becomes a reference to it. A link that leads nowhere is an error.

usage: prepare_pages.py SOURCE_ROOT OUTPUT_FOLDER STAMP PAGE...

A PAGE is a path in SOURCE_ROOT, or PATH=FILE for a page that is made by the build and linked to as PATH."""

import os
import pathlib
import re
import shutil
import sys

HEADING = re.compile(r"^(#{1,6}) +(.*?)(?: +\{#([\w-]+)\})? *$")
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\n)+)\]\(([^()\s]+)\)")
FENCE = re.compile(r"^ *(```|~~~)")
# A file that is no page of the manual but may be linked to: it is named instead.
NAMED = (".csv", ".json", ".c", ".py", ".txt")


def slug(text):
    """The anchor that code hosts make from a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "").strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text))


def label_of(path):
    """doc/guide/data.md is page_doc_guide_data."""
    return "page_" + re.sub(r"\W", "_", path.removesuffix(".md"))


class Page:
    """The lines of a page, its label and the labels of its headings by anchor."""

    def __init__(self, root, argument):
        self.path, _, made = argument.partition("=")
        with open(made or os.path.join(root, self.path), encoding="utf-8") as file:
            self.lines = file.read().splitlines()
        self.label, self.anchors, self.in_code = label_of(self.path), {}, []
        fenced = False
        for number, line in enumerate(self.lines):
            fence = FENCE.match(line)
            self.in_code.append(fenced or bool(fence))
            if fence:
                fenced = not fenced
            heading = None if self.in_code[number] else HEADING.match(line)
            if heading:
                self.label_heading(number, heading)

    def label_heading(self, number, heading):
        marks, text, label = heading.groups()
        if not self.anchors:
            self.label = label or self.label
            label = self.label
        elif label is None:
            ascii_slug = slug(text).encode("ascii", "xmlcharrefreplace").decode()
            # No page's own label has a dash: doc/methods.md may have a heading "impute" beside doc/methods/impute.md.
            label = self.label + "-" + re.sub(r"\W+", "_", ascii_slug)
        self.anchors[slug(text)] = label
        self.lines[number] = f"{marks} {text} {{#{label}}}"


def convert(page, pages, faults):
    """The page's text with every link between pages as a reference."""
    folder = os.path.dirname(page.path)

    def reference(match):
        text, target = match.groups()
        if re.match(r"[a-z]+:", target):
            return match[0]
        path, _, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(folder, path)) if path else page.path
        other = pages.get(path)
        if other is None and path.endswith(NAMED):
            return f"{text} (`{path}`)"
        if other is None or (anchor and anchor not in other.anchors):
            faults.append(f"{page.path}: a link to {target}, which is no page or heading of the manual")
            return match[0]
        return f"[{text}](@ref {other.anchors[anchor] if anchor else other.label})"

    blocks, start = [], 0
    while start < len(page.lines):
        end = start
        while end < len(page.lines) and page.in_code[end] == page.in_code[start]:
            end += 1
        text = "\n".join(page.lines[start:end])
        blocks.append(text if page.in_code[start] else LINK.sub(reference, text))
        start = end
    return "\n".join(blocks) + "\n"


def main():
    root, output, stamp, *paths = sys.argv[1:]
    folder = pathlib.Path(output)
    shutil.rmtree(folder, ignore_errors=True)  # a page that is no more must not stay in the manual
    folder.mkdir(parents=True)
    pages = {page.path: page for page in (Page(root, path) for path in paths)}
    faults = []
    for path, page in pages.items():
        name = re.sub(r"\W", "_", path.removesuffix(".md")) + ".md"
        (folder / name).write_text(convert(page, pages, faults), encoding="utf-8")
    if faults:
        sys.exit("\n".join(faults))
    pathlib.Path(stamp).write_text("\n".join(pages) + "\n", encoding="utf-8")


main()
