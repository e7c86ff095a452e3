#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes number_cases.inc: texts and doubles that are hard to convert, with the bits or the text they must give.

Usage: generate_number_cases.py TARGET

Source: Python's float() and repr(), which are correctly rounded and shortest (David Gay's algorithms), and its decimal
module. The random draws are seeded: every run writes the same file.
"""

import platform
import random
import struct
import sys
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isinf

EXACT = Context(prec=1200)
FAMOUS = """2.2250738585072011e-308 2.2250738585072012e-308 2.2250738585072014e-308 2.2250738585072009e-308
9007199254740991 9007199254740992 9007199254740993 9007199254740993.0000000000000000000000000001
9007199254740992.9999999999999999999999999999 9007199254740994 9007199254740995 9007199254740996 1e23 8.5e22
9.5e22 5e-324 4.9406564584124654e-324 2.4703282292062327e-324 2.4703282292062328e-324 2.5e-324 7.4109846876186982e-324
7.410984687618699e-324 1.7976931348623157e308 1.7976931348623158e308 1.797693134862315807e308 1e-400 1e-324 1e-323
3e-324 2e-324 0.1 0.2 0.3 6.02214076e23 1.1754943508222875e-38 1.448997445238699 7.2057594037927933e16
9214843084008499 0.500000000000000166533453693773481063544750213623046875
3.518437208883201171875e13 62.5364939768271845828 8.10109172351e-10 1.50000000000000011102230246251565
1.00000005960464477550 30078505129381147446200 1777820000000000000001 4503599627370496.5 4503599627370497.5
2251799813685248.25 2251799813685248.75 1125899906842624.125 1125899906842624.375 562949953421312.0625
562949953421312.1875 0.500000000000000166547006220929549868969843373633921
1448997445238699 45035996273704985 45035996273704995 36028797018963967.5 0.000e5 123456789012345678901234567890
2.4703282292062327208299410930e-324 6.9294956446009195e15 3.7455744005952583e15 2.2250738585072011360574097967e-308
1.8446744073709551615e19 18446744073709551616 9999999999999999999 99999999999999999999 9999999999999999999e-19
10000000000000000000 1e22 1e-22 9007199254740993e22 9007199254740991e22 9007199254740993e-22 1.7976931348623158079e308
0.00000000000000000000000000000000000000012345678901234567890123 4.35e2 7.2e-1 0.0000000000000000000""".split()


def bits(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def double(pattern):
    return struct.unpack("<d", struct.pack("<Q", pattern))[0]


def halfway(pattern):
    """The exact decimal text of the point between a double and the next one."""
    after = Fraction(double(pattern + 1)) if pattern + 1 < 0x7FF << 52 else 2 ** 1024
    middle = (Fraction(double(pattern)) + after) / 2
    digits = EXACT.divide(Decimal(middle.numerator), Decimal(middle.denominator))
    assert Fraction(digits) == middle
    return digits


def read_texts(draw):
    yield from FAMOUS
    patterns = [0, 1, 2, 0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x0010000000000001, 0x7FEFFFFFFFFFFFFE,
                0x7FEFFFFFFFFFFFFF, bits(1.0), bits(1.0) - 1, bits(2.0 ** 53), bits(1e23), bits(0.1)]
    patterns += [draw.randrange(0x0010000000000000) >> draw.randrange(52) for _ in range(12)]
    patterns += [draw.randrange(0x7FEFFFFFFFFFFFFF) for _ in range(12)]
    patterns += [bits(draw.uniform(0, 1000)) for _ in range(12)]
    for pattern in patterns:
        middle = halfway(pattern)
        _, digits, exponent = middle.as_tuple()
        whole = int("".join(map(str, digits)))
        yield f"{whole}e{exponent}"
        yield f"{whole - 1}e{exponent}"
        yield f"{whole + 1}e{exponent}"
        yield f"{whole}{'0' * 60}1e{exponent - 61}"
        yield f"{middle:f}"[:900] if -40 < middle.adjusted() < 40 else f"-{middle:.18e}"
    for length in (20, 40, 309, 700, 768, 769, 800, 801, 802, 1000):
        text = "".join(draw.choice("0123456789") for _ in range(length))
        yield f"1{text}e-{length}"
        yield f"1{text}e{300 - length}"
        yield f"-1{text}e-{length + 310}"
        yield "0." + "0" * length + "125"
    # The digits that settle it stand behind more than are kept.
    tie = f"{halfway(bits(1.0)):f}"
    for zeros in (700, 750, 900, 2000):
        yield tie + "0" * zeros
        yield tie + "0" * zeros + "1"
        yield tie[:-1] + "4" + "9" * zeros
    for exponent in range(-345, 309):
        yield f"1e{exponent}"
    for _ in range(200):
        digits = draw.randrange(17, 24)
        yield f"{draw.randrange(10 ** digits)}e{draw.randrange(-345, 300 - digits)}"
    # Halfway points cut to 17 to 21 digits.
    for _ in range(300):
        pattern = draw.randrange(1, 0x7FE0000000000000)
        yield f"{halfway(pattern):.{draw.randrange(16, 21)}e}"


def beyond_texts():
    yield from ("1.7976931348623159e308", "-1.7976931348623159e308", "1.797693134862315808e308", "1e309", "-1e400",
                "1e999999999999999999999999", "9" * 310, "0.1e310", "123456789012345678901234567890e290")
    whole = 2 ** 1024 - 2 ** 970
    yield str(whole)
    yield f"{whole}.{'0' * 600}1"


def plain(value):
    """repr's digits in the format of smri_number_write."""
    sign, digits, exponent = Decimal(repr(value)).normalize(EXACT).as_tuple()
    if value == 0:
        return "0"
    digits = "".join(map(str, digits))
    first = exponent + len(digits) - 1
    if first < -5 or first > 16:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{first}"
    elif first < 0:
        text = "0." + "0" * (-first - 1) + digits
    elif exponent >= 0:
        text = digits + "0" * exponent
    else:
        text = digits[:first + 1] + "." + digits[first + 1:]
    return "-" * sign + text


def written_values(draw):
    for exponent in range(-1074, 1024):
        yield 2.0 ** exponent
    for exponent in range(-323, 309):
        yield float(f"1e{exponent}")
    yield from (9007199254740993.0, 9.5e-6, 1e-5, 9.999999999999999e-6, 1e16, 1e17, 99999999999999984.0, 123456.0, 0.3,
                36028797018963970.0, 2.0 ** 54 + 4, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308,
                2.225073858507201e-308, 9.5367431640625e-7, 4.35, 100.0, 1.5e300, 12345678901234567.0)
    for _ in range(1200):
        pattern = draw.randrange(0x7FF0000000000000) | draw.randrange(2) << 63
        yield double(pattern)
    for _ in range(100):
        yield double(draw.randrange(0x0010000000000000) >> draw.randrange(52))
    for _ in range(300):
        yield draw.uniform(0, 100)
        yield draw.randrange(10 ** 8) / 10 ** draw.randrange(7)


def fixed_cases(draw):
    known = [(0.125, 2), (0.375, 2), (0.5, 0), (1.5, 0), (2.5, 0), (-0.5, 0), (-0.001, 2), (0.005, 2), (1.005, 2),
             (2.675, 2), (1e22, 3), (1e23, 0), (5e-324, 20), (1.7976931348623157e308, 20), (0.0, 0), (0.0, 4),
             (99.995, 2), (999999.9999999999, 6), (-1234.5, 1), (1e9, 0), (1e18, 0), (1000000000.5, 0), (0.1, 20),
             (-2.0 ** 70, 5), (123456789.987654321, 9), (1e-20, 20), (5e-21, 20), (2.0 ** -70, 20)]
    known += [(draw.randrange(-10 ** 6, 10 ** 6) / 2 ** draw.randrange(12), draw.randrange(8)) for _ in range(150)]
    known += [(double(draw.randrange(0x3800000000000000, 0x4800000000000000)), draw.randrange(21)) for _ in range(150)]
    for value, decimals in known:
        rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, EXACT)
        text = f"{rounded:f}"
        yield value, decimals, text.lstrip("-") if rounded == 0 else text


def lines(draw):
    yield "/* SPDX-License-Identifier: MIT */"
    yield ("/* Generated by generate_number_cases.py. Source: float(), repr() and decimal of Python "
           f"{platform.python_version()}. */")
    yield ""
    yield "static const read_case read_cases[] = {"
    texts = list(dict.fromkeys(read_texts(draw)))
    for text in texts:
        if not isinf(float(text)):
            yield f'    {{"{text}", 0x{0 if float(text) == 0 else bits(float(text)):016x}}},'
    yield "};"
    yield ""
    yield "static const char *const beyond_texts[] = {"
    for text in [*texts, *beyond_texts()]:
        if isinf(float(text)):
            yield f'    "{text}",'
    yield "};"
    yield ""
    yield "static const write_case write_cases[] = {"
    for value in dict.fromkeys(written_values(draw)):
        yield f'    {{0x{bits(value):016x}, "{plain(value)}"}},'
    yield "};"
    yield ""
    yield "static const fixed_case fixed_cases[] = {"
    for value, decimals, text in fixed_cases(draw):
        yield f'    {{0x{bits(value):016x}, {decimals}, "{text}"}},'
    yield "};"


def main():
    with open(sys.argv[1], "w", encoding="ascii", newline="\n") as target:
        target.write("\n".join(lines(random.Random(20180101))) + "\n")


main()
