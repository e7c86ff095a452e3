# SPDX-License-Identifier: MIT
"""--regions and --as-of: aliases, validity, mergers."""

import csv
import io
import unittest

from harness import INPUT, USAGE, Case

REGISTER = """region,name,aliases,valid_to,successor
city,City,The City,,
town,Town,Old Town|T,2025-06-30,city
"""
DATA = """region,period,x,y,z,population
The City,2024,2,20,30,3
T,2024,6,60,0,1
T,2026,6,60,0,1
"""


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class Regions(Case):
    def setUp(self):
        super().setUp()
        self.write("regions.csv", REGISTER)
        self.write("places.csv", DATA)

    def steps(self, *arguments, **more):
        return self.tool("steps", "--after", "denominate", "-f", "framework.json", "--regions", "regions.csv", *arguments,
                         "-F", "csv", "places.csv", **more)

    def test_aliases_become_ids(self):
        text, messages = self.steps()
        self.assertEqual([r["region"] for r in rows(text)], ["city", "town", "town"])
        self.assertIn("places.csv:4", messages)
        self.assertIn("ended on 2025-06-30", messages)

    def test_a_merger_is_rolled_up_by_population(self):
        table = {(r["region"], r["period"]): r for r in rows(self.steps("--as-of", "2025-07-01")[0])}
        self.assertEqual(sorted(table), [("city", "2024"), ("city", "2026")])
        self.assertEqual(table["city", "2024"]["x"], "3")
        self.assertEqual(table["city", "2024"]["y"], "30")

    def test_what_the_plan_says_of_rolling_up_stands(self):
        self.steps("--as-of", "2025-07-01", "--set", "rollup.by=area", code=INPUT)

    def test_wrong_calls(self):
        _, messages = self.steps("--as-of", "2025", code=USAGE)
        self.assertIn("2025-06-30", messages)
        self.tool("score", "-f", "framework.json", "--as-of", "2025-07-01", "data.csv", code=USAGE)
        self.tool("score", "-f", "framework.json", "--regions", "absent.csv", "data.csv", code=INPUT)
        self.write("regions.csv", "region,valid_to\na,yesterday\n")
        _, messages = self.steps(code=INPUT)
        self.assertIn("regions.csv:2: valid_to", messages)


if __name__ == "__main__":
    unittest.main()
