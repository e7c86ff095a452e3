#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Scores the shipped countries from Python with nothing but ctypes.

usage: score_region.py DATA.csv FRAMEWORK.json [EXPECTED.csv]

EXPECTED.csv is what `smartregion score -o EXPECTED.csv` wrote: every score is compared bit by bit.
The library is loaded by its soname (the loader looks for it, in LD_LIBRARY_PATH first), or from the path in
SMARTREGION_LIBRARY.

Four things a binding must get right, and where they stand below:
- argument and result types are declared for every function: without them ctypes cuts pointers and size_t to int (C);
- a callback object lives as long as C may call it, and no exception leaves it (Source, text_of);
- every handle is given back exactly once, also after an error (Handle);
- errors are the caller's own record, not a global (call).
"""

import csv
import ctypes
import os
import struct
import sys
from ctypes import (CDLL, CFUNCTYPE, POINTER, Structure, byref, c_char, c_char_p, c_double, c_int32, c_int64, c_size_t,
                    c_uint32, c_uint64, c_void_p, sizeof)


class ErrorRecord(Structure):
    """smr_error of common.h."""
    _fields_ = [("size", c_uint32), ("status", c_int32), ("code", c_int32), ("severity", c_int32), ("row", c_uint64),
                ("column", c_uint64), ("byte", c_uint64), ("source", c_char * 256), ("subject", c_char * 128),
                ("message", c_char * 512)]


class CsvOptions(Structure):
    """smr_csv_options of dataset.h."""
    _fields_ = [("size", c_uint32), ("number_format", c_int32), ("strict", c_int32), ("framework", c_void_p),
                ("source_name", c_char_p), ("column_roles", POINTER(c_char_p))]


ReadCallback = CFUNCTYPE(c_int64, c_void_p, c_size_t, c_void_p)
WriteCallback = CFUNCTYPE(c_int32, c_void_p, c_size_t, c_void_p)

# name: (result, arguments without the smr_error pointer). A result of None is void; "status" is smr_status, and the
# function then takes an smr_error pointer at the end.
FUNCTIONS = {
    "smr_version": (c_char_p, []),
    "smr_error_init": (None, [POINTER(ErrorRecord), c_size_t]),
    "smr_status_name": (c_char_p, [c_int32]),
    "smr_framework_read": ("status", [c_void_p, c_char_p, c_size_t, c_char_p, POINTER(c_void_p)]),
    "smr_framework_find": (c_int64, [c_void_p, c_char_p]),
    "smr_framework_node_count": (c_size_t, [c_void_p]),
    "smr_framework_node_id": (c_char_p, [c_void_p, c_size_t]),
    "smr_framework_unref": (None, [c_void_p]),
    "smr_csv_options_init": (None, [POINTER(CsvOptions), c_size_t]),
    "smr_dataset_read_csv": ("status", [c_void_p, ReadCallback, c_void_p, POINTER(CsvOptions), POINTER(c_void_p)]),
    "smr_dataset_unref": (None, [c_void_p]),
    "smr_model_fit": ("status", [c_void_p, c_void_p, c_void_p, c_void_p, POINTER(c_void_p)]),
    "smr_model_score": ("status", [c_void_p, c_void_p, c_void_p, c_void_p, POINTER(c_void_p)]),
    "smr_model_unref": (None, [c_void_p]),
    "smr_scorecard_row_count": (c_size_t, [c_void_p]),
    "smr_scorecard_region": (c_char_p, [c_void_p, c_size_t]),
    "smr_scorecard_find_row": (c_int64, [c_void_p, c_char_p, c_char_p]),
    "smr_scorecard_scores": ("status", [c_void_p, c_size_t, POINTER(c_double), c_size_t]),
    "smr_scorecard_ranks": ("status", [c_void_p, c_size_t, POINTER(c_double), c_size_t]),
    "smr_scorecard_write_csv": ("status", [c_void_p, c_char_p, WriteCallback, c_void_p]),
    "smr_scorecard_unref": (None, [c_void_p]),
}


def load():
    library = CDLL(os.environ.get("SMARTREGION_LIBRARY", "libsmartregion.so.1"))
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = c_int32 if result == "status" else result
        function.argtypes = arguments + [POINTER(ErrorRecord)] if result == "status" else arguments
    return library


C = load()


class SmartregionError(Exception):
    """What smr_error says: status and code for programs, the text for people."""

    def __init__(self, record):
        place = record.source.decode()
        if record.row:
            place += f":{record.row}"
        self.status, self.code = record.status, record.code
        message = record.message.decode()
        super().__init__(f"{place}: {message}" if place else message)


def call(name, *arguments):
    """Calls a function that returns a status, with an error record of its own."""
    record = ErrorRecord()
    C.smr_error_init(byref(record), sizeof(record))
    if getattr(C, name)(*arguments, byref(record)) != 0:
        raise SmartregionError(record)


class Handle:
    """A sealed value of the library, given back at the end of its `with` block."""

    def __init__(self, kind):
        self.pointer = c_void_p()
        self.release = getattr(C, f"smr_{kind}_unref")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.release(self.pointer)
        self.pointer = c_void_p()

    @property
    def out(self):
        return byref(self.pointer)


class Source:
    """A file as an smr_read_callback; an exception is kept for the caller, it must not pass through C."""

    def __init__(self, file):
        self.file, self.exception = file, None
        self.callback = ReadCallback(self.read)  # referenced as long as this object is

    def read(self, buffer, size, _user):
        try:
            piece = self.file.read(size)
            ctypes.memmove(buffer, piece, len(piece))
            return len(piece)
        except Exception as exception:  # pylint: disable=broad-except
            self.exception = exception
            return -1


def read_framework(path, framework):
    with open(path, "rb") as file:
        json = file.read()
    call("smr_framework_read", None, json, len(json), os.fsencode(path), framework.out)


def read_dataset(path, framework, dataset):
    options = CsvOptions()
    C.smr_csv_options_init(byref(options), sizeof(options))
    options.framework = framework.pointer
    options.source_name = os.fsencode(path)
    with open(path, "rb") as file:
        source = Source(file)
        try:
            call("smr_dataset_read_csv", None, source.callback, None, byref(options), dataset.out)
        except SmartregionError as error:
            raise error from source.exception


def column(name, card, node):
    """A whole column in one call: name is "scores" or "ranks"."""
    rows = C.smr_scorecard_row_count(card.pointer)
    values = (c_double * rows)()
    call(f"smr_scorecard_{name}", card.pointer, node, values, rows)
    return list(values)


def text_of(card):
    pieces = []

    @WriteCallback
    def collect(piece, length, _user):
        pieces.append(ctypes.string_at(piece, length))
        return 0

    call("smr_scorecard_write_csv", card.pointer, None, collect, None)
    return b"".join(pieces).decode()


def bits(number):
    """NaN, which is an empty field in csv, has one pattern of bits when it leaves the library."""
    return struct.pack("<d", number)


def differing_cells(card, framework, csv_text):
    """How many scores of a csv of a scorecard are not the bits of the scores in memory, and how many there are."""
    scores, count, different = {}, 0, 0
    for row in csv.DictReader(csv_text.splitlines()):
        node = C.smr_framework_find(framework.pointer, row["node"].encode())
        if node not in scores:
            scores[node] = column("scores", card, node)
        place = C.smr_scorecard_find_row(card.pointer, row["region"].encode(), None)
        written = float(row["score"]) if row["score"] else float("nan")
        different += bits(written) != bits(scores[node][place])
        count += 1
    return different, count


def shows_errors():
    """A framework that is none: the library says where, and Python raises."""
    with Handle("framework") as nothing:
        try:
            call("smr_framework_read", None, b"{\"id\": }", 8, b"wrong.json", nothing.out)
        except SmartregionError as error:
            print(f"{C.smr_status_name(error.status).decode()}: {error}")
            return not nothing.pointer
    return False


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: score_region.py DATA.csv FRAMEWORK.json [EXPECTED.csv]")
    print(f"library {C.smr_version().decode()}")
    with Handle("framework") as framework, Handle("dataset") as data, Handle("model") as model, \
            Handle("scorecard") as card:
        read_framework(sys.argv[2], framework)
        read_dataset(sys.argv[1], framework, data)
        call("smr_model_fit", None, framework.pointer, data.pointer, None, model.out)
        call("smr_model_score", None, model.pointer, data.pointer, None, card.out)
        scores, ranks = column("scores", card, 0), column("ranks", card, 0)
        regions = [C.smr_scorecard_region(card.pointer, row).decode() for row in range(len(scores))]
        best = sorted((rank, row) for row, rank in enumerate(ranks) if rank <= 3)
        for rank, row in best + [(ranks[regions.index("VNM")], regions.index("VNM"))]:
            print(f"{rank:.0f} {regions[row]} {scores[row]!r}")
        texts = [text_of(card)]
        if len(sys.argv) == 4:
            with open(sys.argv[3], encoding="utf-8", newline="") as file:
                texts.append(file.read())
        expected = len(scores) * C.smr_framework_node_count(framework.pointer)
        for text in texts:
            different, count = differing_cells(card, framework, text)
            print(f"{count} scores compared, {different} differ")
            if different or count != expected:
                sys.exit(1)
    if not shows_errors():
        sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except (SmartregionError, OSError) as error:
        sys.exit(f"score_region.py: {error}")
