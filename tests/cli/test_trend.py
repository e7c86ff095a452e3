# SPDX-License-Identifier: MIT
"""The verb trend: tables, csv and json, its options, and what it refuses."""

import csv
import io
import json

import harness

PANEL = """region,period,zone,x,y,z
A,2020,n,2,50,30
A,2021,n,4,50,30
A,2022,n,8,25,36
B,2020,s,5,100,12
B,2021,s,5,80,18
B,2022,s,6,60,12
"""
NINE = ["region", "node", "first", "last", "change", "cagr", "slope", "rank_first", "rank_last"]


class Trend(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("panel.csv", PANEL)

    def trend(self, *arguments, **more):
        return self.tool("trend", "-f", "framework.json", *arguments, **more)

    def rows(self, *arguments):
        text, _ = self.trend("-F", "csv", *arguments)
        reader = csv.DictReader(io.StringIO(text))
        rows = {(row["region"], row["node"]): row for row in reader}
        return reader.fieldnames, rows

    def test_csv(self):
        names, rows = self.rows("panel.csv")
        self.assertEqual(names, NINE)
        self.assertEqual(list(rows)[:6], [("A", node) for node in ("index", "a", "x", "y", "b", "z")])
        self.assertEqual([rows["A", "x"][name] for name in ("first", "last", "change", "slope")],
                         ["20", "80", "60", "30"])
        self.assertAlmostEqual(float(rows["A", "x"]["cagr"]), 1, places=12)
        # B's y is 0, 20, 40: no growth rate from 0
        self.assertEqual([rows["B", "y"][name] for name in ("first", "cagr", "rank_first")], ["0", "", "2"])

    def test_details_and_raw(self):
        names, rows = self.rows("--details", "--raw", "panel.csv", "--region", "A")
        self.assertEqual(names[:9], NINE)
        self.assertEqual(names[9:11], ["period_first", "period_last"])
        self.assertEqual(len(rows), 6)
        self.assertEqual(rows["A", "y"]["target"], "0")
        self.assertEqual(rows["A", "y"]["values"], "3")
        self.assertAlmostEqual(float(rows["A", "y"]["years_to_target"]), 2, places=9)

    def test_window_and_target(self):
        _, rows = self.rows("panel.csv", "--from", "2021", "--to", "2022", "--details", "--target", "50")
        self.assertEqual(rows["B", "z"]["first"], "30")
        self.assertEqual(rows["A", "x"]["years_to_target"], "0")
        self.assertEqual(rows["A", "x"]["period_first"], "2021")

    def test_a_frozen_reference(self):
        _, by_option = self.rows("--set", "normalise.method=minmax", "--reference", "2020", "panel.csv")
        _, by_plan = self.rows("--set", "normalise.method=minmax", "--set", "normalise.per=2020", "panel.csv")
        self.assertEqual(by_option, by_plan)
        self.assertEqual(by_option["A", "x"]["last"], "100")
        _, messages = self.trend("-F", "csv", "--set", "normalise.method=minmax", "--set", "normalise.per=period",
                                 "panel.csv")
        self.assertIn("not comparable", messages)

    def test_convergence(self):
        text, _ = self.trend("-F", "csv", "--convergence", "--group", "zone", "panel.csv")
        rows = {tuple(row[:3]): row[3] for row in csv.reader(io.StringIO(text))}
        self.assertIn(("section", "row", "column"), rows)
        self.assertEqual(rows["sigma_regions", "x", "2020"], "2")
        self.assertEqual(rows["sigma_regions", "n|x", "2020"], "1")
        self.assertEqual(rows["beta", "x", "regions"], "2")

    def test_json(self):
        document = json.loads(self.trend("-F", "json", "panel.csv")[0])
        self.assertEqual(document["format"], "smartregion-trend/1")
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        self.assertEqual(len(document["rows"]), 12)
        self.assertEqual(document["rows"][2]["slope"], 30)
        self.assertIsNone(document["rows"][9]["cagr"])
        self.assertTrue(document["convergence"])

    def test_tables(self):
        text, _ = self.trend("panel.csv")
        for part in ("Trend of Tiny index", "2020 - 2022", "Growth a year", "42.50  68.75   26.25"):
            self.assertIn(part, text)
        self.assertLess(text.index("\nA "), text.index("\nB "))
        text, _ = self.trend("panel.csv", "--region", "B", "--lang", "vi")
        for part in ("Xu hướng của B", "Nền tảng kết nối", "Độ dốc mỗi năm"):
            self.assertIn(part, text)
        text, _ = self.trend("panel.csv", "--convergence")
        for part in ("Sigma convergence", "Beta convergence", "Half-life"):
            self.assertIn(part, text)

    def test_a_model(self):
        self.tool("fit", "-f", "framework.json", "panel.csv", "-o", "model.json")
        self.assertEqual(self.tool("trend", "-m", "model.json", "-F", "csv", "panel.csv"),
                         self.trend("-F", "csv", "panel.csv"))
        self.refused("trend", "-m", "model.json", "--reference", "2020", "panel.csv", code=harness.USAGE,
                     says="--reference cannot be given with --model")

    def test_refused(self):
        def refused(*arguments, **more):
            self.refused("trend", "-f", "framework.json", *arguments, **more)
        refused("data.csv", says="expected two at least")
        refused("panel.csv", "--from", "1999", says='no period "1999"')
        refused("panel.csv", "--region", "Z", says='region "Z" is unknown')
        refused("panel.csv", "--group", "zones", says='no text column "zones", nearest is "zone"')
        refused("panel.csv", "--details", "--convergence", code=harness.USAGE, says="exclude one another")
        refused("panel.csv", "--target", "high", code=harness.USAGE, says='--target "high" is not a number')
        refused("panel.csv", "--period", "2020", code=harness.USAGE, says="--period is not an option of")


if __name__ == "__main__":
    harness.main()
