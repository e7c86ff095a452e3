# SPDX-License-Identifier: MIT
"""The verb stability: one item less, break-even weights, critical weights; tables, csv, json, and what it refuses."""

import csv
import io
import json

import harness

ROWS = "region,x,y,z\n" + "".join(f"r{i},{i * i % 11},{(7 * i + i * i) % 13},{i * 5 % 17}\n" for i in range(1, 25))
PANEL = "region,period,x,y,z\n" + "".join(
    f"r{i},{year},{i * i % 11 + year % 7},{(7 * i + i * i) % 13 * (year - 2015)},{i * year % 17}\n"
    for i in range(1, 9) for year in (2019, 2020, 2021))


class Stability(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("rows.csv", ROWS)
        self.write("panel.csv", PANEL)

    def stability(self, *arguments, **more):
        return self.tool("stability", "-f", "framework.json", *arguments, **more)

    def rows(self, *arguments):
        return list(csv.DictReader(io.StringIO(self.stability("-F", "csv", *arguments)[0])))

    def test_csv_of_items(self):
        rows = self.rows("rows.csv")
        self.assertEqual(list(rows[0]), ["level", "left_out", "region", "rank_before", "rank_after", "score_before",
                                         "score_after"])
        items = [row["left_out"] for row in self.rows("--section", "summary", "rows.csv")]
        self.assertEqual(items[:3], ["x", "y", "z"])
        self.assertEqual(sum(row["level"] == "region" for row in rows), 24 * 23)
        self.assertFalse([row for row in rows if row["left_out"] == row["region"]])
        summary = self.rows("--level", "indicator", "--section", "summary", "rows.csv")
        pairs = self.rows("--level", "indicator", "--section", "reversals", "rows.csv")
        for item in summary:
            self.assertEqual(int(item["reversals"]), sum(pair["left_out"] == item["left_out"] for pair in pairs))
            shifts = [abs(float(row["rank_after"]) - float(row["rank_before"])) for row in rows
                      if row["left_out"] == item["left_out"]]
            self.assertAlmostEqual(float(item["mean_shift"]), sum(shifts) / len(shifts), places=12)

    def test_json_holds_the_same(self):
        document = json.loads(self.stability("-F", "json", "--level", "criterion", "rows.csv")[0])
        self.assertEqual(document["format"], "smartregion-stability/1")
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        rows = self.rows("--level", "criterion", "rows.csv")
        self.assertEqual([{k: str(v) for k, v in row.items() if isinstance(v, str)} for row in document["rows"]],
                         [{k: row[k] for k in ("level", "left_out", "region")} for row in rows])
        self.assertEqual(len(document["reversals"]), len(self.rows("--level", "criterion", "--section", "reversals",
                                                                   "rows.csv")))

    def test_pair(self):
        rows = self.rows("--pair", "r1,r2", "rows.csv")
        self.assertEqual(list(rows[0]), ["node", "share", "break_even", "change", "relative_change", "status",
                                         "effective_weight", "nearest_weight"])
        self.assertEqual([row["node"] for row in rows], ["a", "x", "y", "b", "z"])
        document = json.loads(self.stability("-F", "json", "--pair=r1,r2", "rows.csv")[0])
        self.assertEqual(document["format"], "smartregion-break-even/1")
        self.assertEqual([one["region"] for one in document["regions"]], ["r1", "r2"])
        self.stability("-o", "pair.csv", "--pair", "r1,r2", "rows.csv")
        self.assertEqual(self.stability("-F", "csv", "--pair", "r1,r2", "rows.csv")[0], (self.folder / "pair.csv").read_text(encoding="utf-8"))

    def test_ids_with_commas(self):
        self.write("commas.csv", ROWS.replace("r1,", '"r1,a",').replace("r2,", '"r,2",'))
        self.assertEqual(self.rows("--pair", "r1,a,r,2", "commas.csv"), self.rows("--pair", "r1,r2", "rows.csv"))

    def test_critical(self):
        rows = self.rows("--critical", "rows.csv")
        self.assertEqual(list(rows[0]), ["node", "share", "any_change", "any_relative_change", "any_region", "any_other",
                                         "top_change", "top_relative_change", "top_region", "top_other"])
        document = json.loads(self.stability("-F", "json", "--critical", "rows.csv")[0])
        self.assertEqual(document["format"], "smartregion-criticality/1")
        self.assertEqual([row["any_region"] or "" for row in document["rows"]], [row["any_region"] for row in rows])

    def test_tables(self):
        text, _ = self.stability("rows.csv")
        for part in ("One criterion less", "One indicator less", "One region less", "Pairs reversed", "Kendall tau"):
            self.assertIn(part, text)
        text, _ = self.stability("--level", "region", "--set", "normalise.method=minmax", "--top", "2", "rows.csv")
        self.assertIn("Gains most", text)
        text, _ = self.stability("--pair", "r1,r2", "rows.csv")
        self.assertIn("Weights at which r1", text)
        text, _ = self.stability("--critical", "rows.csv")
        self.assertIn("The leader %", text)
        text, _ = self.stability("--lang", "vi", "--level", "indicator", "rows.csv")
        self.assertIn("Bỏ một chỉ tiêu", text)
        text, _ = self.stability("--lang", "vi", "--pair", "r1,r2", "rows.csv")
        self.assertIn("bằng nhau", text)

    def test_periods(self):
        latest, other = self.rows("panel.csv"), self.rows("--period", "2019", "panel.csv")
        self.assertEqual(len(latest), len(other))
        self.assertNotEqual(latest, other)
        self.assertEqual(latest, self.rows("--period", "2021", "panel.csv"))
        self.refused("stability", "-f", "framework.json", "--period", "2030", "panel.csv", says='period "2030" is unknown')

    def test_a_saved_model(self):
        self.tool("fit", "-f", "framework.json", "-o", "model.json", "rows.csv")
        for arguments in (["--pair", "r1,r2"], ["--critical"]):
            self.assertEqual(self.tool("stability", "-m", "model.json", "-F", "csv", *arguments, "rows.csv"),
                             self.stability("-F", "csv", *arguments, "rows.csv"))

    def test_refused(self):
        for options, code, says in (
                (["--pair", "r1"], harness.USAGE, "is not two regions with a comma between"),
                (["--pair", "r1,q9"], harness.INPUT, 'the period has no region "q9"'),
                (["--pair", "r1,r1"], harness.USAGE, "names one region twice"),
                (["--pair", "r1,r2", "--critical"], harness.USAGE, "exclude each other"),
                (["--pair", "r1,r2", "--level", "region"], harness.USAGE, "--level is not for --pair"),
                (["--critical", "--section", "rows"], harness.USAGE, "--section is not for --critical"),
                (["--level", "regions"], harness.USAGE, 'did you mean "region"?'),
                (["--section", "sums", "-F", "csv"], harness.USAGE, "rows, summary or reversals"),
                (["--section", "rows", "-F", "table"], harness.USAGE, "--section is only for --format csv"),
                (["--pair", "r1,r2", "--set", "aggregate.method=copeland"], harness.INPUT, "on all regions at once")):
            self.refused("stability", "-f", "framework.json", *options, "rows.csv", code=code, says=says)
        self.tool("fit", "-f", "framework.json", "-o", "model.json", "rows.csv")
        self.refused("stability", "-m", "model.json", "rows.csv", code=harness.USAGE, says="is fitted anew")


if __name__ == "__main__":
    harness.main()
