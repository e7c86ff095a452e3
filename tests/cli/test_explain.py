# SPDX-License-Identifier: MIT
"""The verbs explain and compare: csv, json and tables, what a region is compared with, and what they refuse."""

import csv
import io
import json

import harness

# Marks by head: A x 50, y 80, z 50: a 65, b 50, index 57.5. B lacks z: the index is a, 50. C 50 and 100: 75.
PANEL = ("region,period,name,x,y,z\nA,2020,Alpha,1,90,6\nB,2020,Beta,2,80,12\n"
         "A,2021,Alpha,5,20,30\nC,2021,Gamma,10,0,60\n")


class Explain(harness.Case):
    def rows(self, verb, *arguments):
        text, _ = self.tool(verb, *arguments, "-f", "framework.json", "-F", "csv")
        return {row["node"]: row for row in csv.DictReader(io.StringIO(text))}

    def sums(self, rows, column, whole):
        leaves = [float(rows[node][column]) for node in ("x", "y", "z") if rows[node][column]]
        self.assertAlmostEqual(sum(leaves), whole, places=12)
        self.assertAlmostEqual(float(rows["index"][column]), whole, places=12)

    def test_csv(self):
        text, _ = self.tool("explain", "A", "-f", "framework.json", "-F", "csv", "data.csv")
        lines = text.splitlines()
        self.assertEqual(lines[0], "node,value,normalised,weight,contribution")
        self.assertEqual([line.split(",")[0] for line in lines[1:]], ["index", "a", "x", "y", "b", "z"])
        rows = self.rows("explain", "A", "data.csv")
        self.assertEqual(rows["x"], {"node": "x", "value": "5", "normalised": "50", "weight": "0.25",
                                     "contribution": "12.5"})
        self.assertEqual(rows["a"], {"node": "a", "value": "", "normalised": "65", "weight": "0.5",
                                     "contribution": "32.5"})
        self.assertEqual(rows["index"]["contribution"], "57.5")

    def test_missing(self):
        rows = self.rows("explain", "B", "data.csv")
        self.assertEqual(rows["z"], {"node": "z", "value": "", "normalised": "", "weight": "0", "contribution": ""})
        self.assertEqual(rows["x"]["weight"], "0.5")
        self.sums(rows, "contribution", 50)

    def test_by_name_and_from_a_model(self):
        self.assertEqual(self.rows("explain", "Alpha", "data.csv"), self.rows("explain", "A", "data.csv"))
        self.tool("fit", "-f", "framework.json", "-o", "model.json", "data.csv")
        self.assertEqual(self.tool("explain", "A", "-m", "model.json", "-F", "csv", "data.csv"),
                         self.tool("explain", "A", "-f", "framework.json", "-F", "csv", "data.csv"))
        text = (self.folder / "data.csv").read_text(encoding="utf-8")
        self.assertEqual(self.tool("explain", "A", "-", "-f", "framework.json", "-F", "csv", stdin=text.encode()),
                         self.tool("explain", "A", "data.csv", "-f", "framework.json", "-F", "csv"))

    def test_against(self):
        rows = self.rows("explain", "A", "--against", "C", "data.csv")
        self.assertEqual(list(rows["x"])[5:], ["reference_normalised", "reference_contribution", "difference"])
        self.assertEqual([rows["y"][column] for column in list(rows["y"])[5:]], ["100", "25", "-5"])
        self.sums(rows, "difference", 57.5 - 75)
        for against, reference in (("median", None), ("peers", None), ("peers1", 50), ("top1", 75), ("B,C", None),
                                   ("C,C", 75)):
            rows = self.rows("explain", "A", "--against", against, "data.csv")
            whole = float(rows["index"]["reference_normalised"])
            self.sums(rows, "difference", 57.5 - whole)
            if reference:
                self.assertEqual(whole, reference)

    def test_target(self):
        framework = json.loads(json.dumps(harness.FRAMEWORK))
        self.write("framework.json", framework)
        self.refused("explain", "A", "-f", "framework.json", "--against", "target", "data.csv", code=harness.USAGE,
                     says="no indicator of the framework has a \"target\"")
        framework["children"][0]["children"][0]["target"] = 8
        self.write("framework.json", framework)
        rows = self.rows("explain", "A", "--against", "target", "data.csv")
        self.assertEqual(rows["x"]["difference"], "-7.5")
        self.assertEqual(rows["y"]["difference"], "0")

    def test_trace(self):
        text, _ = self.tool("explain", "B", "--trace", "-f", "framework.json", "-F", "csv", "--set",
                            "impute.method=mean", "data.csv")
        rows = {row["node"]: row for row in csv.DictReader(io.StringIO(text))}
        self.assertEqual(list(rows["x"])[:5], ["node", "value", "normalised", "weight", "contribution"])
        self.assertEqual((rows["z"]["value"], rows["z"]["imputed"], rows["z"]["imputation"], rows["z"]["status"]),
                         ("", "45", "mean", "imputed"))
        self.assertEqual((rows["y"]["low"], rows["y"]["high"], rows["y"]["normalisation"]), ("100", "0", "goalposts"))
        self.assertEqual((rows["a"]["aggregation"], rows["a"]["error"]), ("arithmetic", "0"))
        text, _ = self.tool("explain", "B", "--trace", "-f", "framework.json", "--set", "impute.method=mean", "data.csv")
        for part in ("Imputed", "mean, goalposts: from an imputed value", "arithmetic"):
            self.assertIn(part, text)
        self.assertNotIn("Denominated", text)

    def test_json(self):
        document = json.loads(self.tool("explain", "A", "--against", "peers1", "-f", "framework.json", "-F", "json",
                                        "data.csv")[0])
        self.assertEqual((document["format"], document["region"], document["against"]),
                         ("smartregion-explain/1", "A", "peers"))
        self.assertEqual(len(document["reference"]), 1)
        self.assertIn("distance", document["reference"][0])
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        csv_rows = self.rows("explain", "A", "--against", "peers1", "data.csv")
        for row in document["rows"]:
            for column, text in csv_rows[row["node"]].items():
                if column != "node":
                    self.assertEqual(row[column], float(text) if text else None, column)
        document = json.loads(self.tool("compare", "A", "B", "-f", "framework.json", "-F", "json", "data.csv")[0])
        self.assertEqual((document["format"], document["reference"][0]["region"]), ("smartregion-compare/1", "B"))
        self.assertEqual(document["rows"][0]["second_normalised"], 50)

    def test_compare(self):
        rows = self.rows("compare", "A", "C", "data.csv")
        self.assertEqual(rows["y"], {"node": "y", "value": "20", "normalised": "-20", "weight": "0.25",
                                     "contribution": "-5"})
        self.sums(rows, "contribution", -17.5)
        rows = self.rows("compare", "A", "B", "data.csv")
        # B lacks b: it stands there at its index of 50
        self.assertEqual(rows["z"], {"node": "z", "value": "", "normalised": "", "weight": "0.5", "contribution": "0"})
        self.sums(rows, "contribution", 7.5)
        self.sums(self.rows("compare", "A", "A", "data.csv"), "contribution", 0)
        text, _ = self.tool("compare", "A", "C", "-f", "framework.json", "data.csv")
        for part in ("Alpha (A) - Gamma, the third (C)", "57.50 - 75.00 = -17.50", "A ahead in", "C ahead in",
                     "Value C", "Score A", "-25.00"):
            self.assertIn(part, text)

    def test_tables(self):
        text, _ = self.tool("explain", "A", "-f", "framework.json", "data.csv")
        for part in ("Alpha (A): index 57.50, rank 2 of 3", "Weight %", "Against the median of all regions",
                     "Strengths", "Weaknesses", "12.50"):
            self.assertIn(part, text)
        self.assertNotIn("nan", text)
        text, _ = self.tool("explain", "A", "--lang", "vi", "--against", "top1", "-f", "framework.json", "data.csv")
        for part in ("chỉ số 57.50, hạng 2 trên 3", "Số điểm", "Điểm yếu", "các vùng đứng đầu (C)", "Nền tảng kết nối"):
            self.assertIn(part, text)
        text, _ = self.tool("explain", "C", "-f", "framework.json", "--against", "A,B", "data.csv")
        self.assertIn("Against the mean of A, B", text)
        # one region alone has nothing to be compared with
        self.write("one.csv", "region,x,y,z\nr,1,2,3\n")
        text, _ = self.tool("explain", "r", "-f", "framework.json", "one.csv")
        self.assertNotIn("Strengths", text)
        # a small scale has more decimals
        text, _ = self.tool("explain", "A", "-f", "framework.json", "--set", "normalise.range=[0, 1]", "data.csv")
        for part in ("index 0.5750", "0.1250", "0.5000"):
            self.assertIn(part, text)
        # no index, no points
        self.write("none.csv", "region,x,y,z\nr,,,\ns,1,2,3\n")
        text, _ = self.tool("explain", "r", "-f", "framework.json", "none.csv")
        self.assertIn("The index is not computed", text)
        rows = self.rows("explain", "r", "none.csv")
        self.assertEqual({row["contribution"] for row in rows.values()}, {""})

    def test_other_methods(self):
        for settings in (["aggregate.method=geometric", "normalise.range=[1, 100]"], ["aggregate.method=copeland"],
                         ["aggregate.method=mpi"], ["weights.method=bod"], ["normalise.method=zscore"]):
            arguments = [part for setting in settings for part in ("--set", setting)]
            rows = self.rows("explain", "C", *arguments, "--against", "A", "data.csv")
            self.sums(rows, "contribution", float(rows["index"]["normalised"]))
            self.sums(rows, "difference",
                      float(rows["index"]["normalised"]) - float(rows["index"]["reference_normalised"]))

    def test_estimates(self):
        children = [{"id": f"i{k}", "worst": 0, "best": 100} for k in range(20)]
        self.write("wide.json", {"id": "index", "plan": {"normalise": "goalposts", "aggregate": "geometric"},
                                 "children": children})
        self.write("wide.csv", "region," + ",".join(f"i{k}" for k in range(20)) + "\n"
                   + "".join(f"r{i}," + ",".join(str(5 + (i * 31 + k * 17) % 90) for k in range(20)) + "\n"
                             for i in range(3)))
        text, _ = self.tool("explain", "r1", "-f", "wide.json", "wide.csv")
        self.assertIn("Points are estimated; the greatest standard error is 0.", text)
        once = self.tool("explain", "r1", "-f", "wide.json", "-F", "csv", "wide.csv")
        self.assertEqual(once, self.tool("explain", "r1", "--seed", "1", "-f", "wide.json", "-F", "csv", "wide.csv"))
        self.assertNotEqual(once, self.tool("explain", "r1", "--seed", "0", "-f", "wide.json", "-F", "csv", "wide.csv"))

    def test_periods(self):
        self.write("panel.csv", PANEL)
        self.assertEqual(self.rows("explain", "A", "panel.csv")["x"]["value"], "5")
        self.assertEqual(self.rows("explain", "A", "--period", "2020", "panel.csv")["x"]["value"], "1")
        self.refused("explain", "B", "-f", "framework.json", "panel.csv",
                     says=["panel.csv", 'region "B" has no row in period "2021"'])
        self.refused("compare", "A", "C", "--period", "2020", "-f", "framework.json", "panel.csv",
                     says='region "C" has no row in period "2020"')
        self.refused("explain", "A", "--period", "2030", "-f", "framework.json", "panel.csv",
                     says='panel.csv: period "2030" is unknown')
        text, _ = self.tool("explain", "A", "-f", "framework.json", "panel.csv")
        self.assertIn("Alpha (A), 2021: index 57.50, rank 2 of 2", text)

    def test_refused(self):
        base = ["-f", "framework.json"]
        self.refused("explain", "Alpa", *base, "data.csv", says=["data.csv", 'region "Alpa" is unknown'])
        self.refused("explain", "A", "--against", "C,D", *base, "data.csv", says='region "D" is unknown')
        self.refused("explain", "A", "--against", "top0", *base, "data.csv", says='region "top0" is unknown')
        self.refused("explain", "A", "--against", "", *base, "data.csv", says='region "" is unknown')
        self.refused("compare", "A", "Q", *base, "data.csv", says='region "Q" is unknown')
        self.refused("explain", "A", *base, code=harness.USAGE, says="an operand is missing, expected: explain REGION DATA")
        self.refused("explain", *base, code=harness.USAGE, says="an operand is missing")
        self.refused("compare", "A", "data.csv", *base, code=harness.USAGE, says="expected: compare A B DATA")
        self.refused("explain", "A", "data.csv", "more.csv", *base, code=harness.USAGE, says="one operand too many")
        self.refused("compare", "A", "B", "--against", "median", *base, "data.csv", code=harness.USAGE,
                     says='--against is not an option of "compare"')
        self.refused("explain", "A", *base, "missing.csv", says="missing.csv")
        self.refused("explain", "B", *base, "--set", "screen.by=data", "--set", "screen.min_share=0.9", "data.csv",
                     says='region "B" has no score: the plan screens it out')
        self.write("alone.csv", "region,x,y,z\nr,1,2,3\n")
        self.refused("explain", "r", "--against", "peers", *base, "alone.csv",
                     says='region "r" has nothing to be compared with')

    def test_output_is_whole(self):
        self.tool("explain", "A", "-f", "framework.json", "-o", "out.csv", "data.csv")
        self.assertTrue((self.folder / "out.csv").read_text(encoding="utf-8").startswith("node,value,"))
        self.tool("compare", "A", "B", "-f", "framework.json", "-o", "out.json", "data.csv")
        self.assertEqual(json.loads((self.folder / "out.json").read_text())["format"], "smartregion-compare/1")


if __name__ == "__main__":
    harness.main()
