# SPDX-License-Identifier: MIT
"""whatif and target: changes by option and by file, goals, costs, and what is wrong with them."""

import csv
import io
import json

import harness
from harness import USAGE


class WhatIf(harness.Case):
    def whatif(self, *options):
        return self.tool("whatif", "-f", "framework.json", *options)

    def rows(self, *options):
        return list(csv.DictReader(io.StringIO(self.whatif("-F", "csv", *options)[0])))

    # A: a = (50 + 80)/2 = 65, b = 50: 57.5. B: a = (100 + 0)/2 = 50: 50. C: a = (0 + 100)/2 = 50, b = 100: 75.
    def test_csv(self):
        text, _ = self.whatif("-F", "csv", "A", "data.csv", "--change", "z=60", "--change", "x=+1")
        self.assertEqual(text, "region,node,score_before,score_after,rank_before,rank_after\n"
                               "A,index,57.5,85,2,1\nA,a,65,70,1,1\nA,x,50,60,2,2\nA,b,50,100,2,1\nA,z,50,100,2,1\n"
                               "C,index,75,75,1,2\n")

    def test_several_regions_and_a_file(self):
        self.write("changes.csv", "region,indicator,change\nA,x,-5\nC,y,+10%\n")
        found = {(row["region"], row["node"]): row for row in self.rows("data.csv", "--changes", "changes.csv",
                                                                         "--change", "B:z=60")}
        self.assertEqual(found["A", "x"]["score_after"], "0")
        self.assertEqual(found["B", "index"]["score_after"], "75")
        self.assertEqual(found["B", "z"]["score_before"], "")
        self.assertEqual(found["C", "index"]["score_after"], "75")
        self.assertEqual(len(self.rows("data.csv", "--all", "--change", "A:x=1")), 3 * 6)

    def test_names_and_absolute_negatives(self):
        self.assertEqual(self.rows("Bêta", "data.csv", "--change", "x==-5")[0]["score_after"], "0")
        self.assertEqual(self.rows("data.csv", "--change", "Alpha:x=-5")[0]["score_after"], "45")

    def test_stages(self):
        self.write("data.csv", "region,x,y,z\nA,5,20,30\nB,10,100,20\nC,0,0,60\n")
        arguments = ("whatif", "B", "-f", "framework.json", "data.csv", "--change", "y=0", "--stage", "top:2", "--stage",
                     "winner:1")
        text, _ = self.tool(*arguments, "-F", "csv")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(list(rows[0])[-2:], ["stage_before", "stage_after"])
        self.assertEqual([(row["region"], row["node"], row["stage_before"], row["stage_after"]) for row in rows],
                         [("A", "index", "top", ""), ("B", "index", "", "top"), ("B", "a", "", ""), ("B", "y", "", "")])
        text, _ = self.tool(*arguments, "-F", "json")
        rows = json.loads(text)["rows"]
        self.assertEqual((rows[0]["stage_before"], rows[0]["stage_after"]), ("top", None))
        self.assertNotIn("stage_before", rows[2])
        text, _ = self.tool(*arguments)
        self.assertIn("Stage before", text)
        self.assertIn("Other regions whose rank or stage moves: 1", text)
        text, _ = self.tool("whatif", "B", "-f", "framework.json", "data.csv", "--change", "y=0", "--funnel", "icf", "-F",
                            "csv")
        self.assertIn(",stage_before,stage_after", text)
        _, errors = self.tool(*arguments, "--gate", "q=3", code=harness.INPUT)
        self.assertIn('"q"', errors)

    def test_json_and_table(self):
        document = json.loads(self.whatif("-F", "json", "A", "data.csv", "--change", "x=10")[0])
        self.assertEqual(document["format"], "smartregion-whatif/1")
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        self.assertEqual(document["changes"], [{"region": "A", "indicator": "x", "from": 5, "to": 10}])
        self.assertEqual(document["rows"][0]["score_after"], 70)
        text, _ = self.whatif("A", "data.csv", "--change", "z=60", "--change", "x=10")
        for part in ("What if: Tiny index", "Alpha (A)", "57.50", "+37.50", "Other regions whose rank moves: 1",
                     "Gamma, the third (C)"):
            self.assertIn(part, text)
        text, _ = self.whatif("--lang", "vi", "A", "data.csv", "--change", "x=10")
        self.assertIn("Giả định: Chỉ số nhỏ", text)

    def test_model(self):
        self.tool("fit", "-f", "framework.json", "-o", "model.json", "data.csv")
        self.assertEqual(self.tool("whatif", "-m", "model.json", "-F", "csv", "A", "data.csv", "--change", "x=10"),
                         self.whatif("-F", "csv", "A", "data.csv", "--change", "x=10"))

    def test_wrong(self):
        for options, code, says in (
                (["A", "data.csv"], USAGE, "nothing is changed"),
                (["A", "data.csv", "--change", "x"], USAGE, "is not ID=VALUE"),
                (["A", "data.csv", "--change", "=5"], USAGE, "is not ID=VALUE"),
                (["A", "data.csv", "--change", "x=five"], USAGE, '"five" is not a change, expected a number'),
                (["A", "data.csv", "--change", "x=5%"], USAGE, '"5%" is not a change'),
                (["data.csv", "--change", "x=5"], USAGE, "names no region"),
                (["AA", "data.csv", "--change", "x=5"], harness.INPUT, 'data.csv: region: region "AA" is unknown, nearest'),
                (["A", "data.csv", "--change", "xx=5"], harness.INPUT, 'data.csv: xx: "xx" is neither an indicator'),
                (["B", "data.csv", "--change", "z=+5%"], harness.INPUT, "has no value that could be changed"),
                (["A", "data.csv", "--change", "x=5", "--change", "x=6"], harness.INPUT, "is changed twice"),
                (["A", "data.csv", "--changes", "none.csv"], harness.INPUT, "none.csv: cannot be read"),
                (["A", "data.csv", "--changes", "wrong.csv"], harness.INPUT, 'wrong.csv:2: change: "5%" is not a change'),
                (["A", "data.csv", "--period", "2020", "--change", "x=5"], harness.INPUT, "the data have no periods"),
                (["A", "data.csv", "--rank", "1", "--change", "x=5"], USAGE, "--rank is not an option of \"whatif\""),
        ):
            self.write("wrong.csv", "region,indicator,change\nA,x,5%\n")
            with self.subTest(options=options):
                self.refused("whatif", "-f", "framework.json", *options, code=code, says=says)


class Target(harness.Case):
    def target(self, *options):
        return self.tool("target", "-f", "framework.json", *options)

    # The index gains 50 points over the whole of z, 25 over x and over y: A gets its 17.5 to C's 75 from z, 0.35 of 60.
    def test_csv(self):
        self.assertEqual(self.target("-F", "csv", "A", "data.csv", "--rank", "1")[0],
                         "region,indicator,from,to,effort\nA,z,30,51,0.35\n")
        self.assertEqual(self.target("-F", "csv", "Alpha", "data.csv", "--score", "75")[0],
                         "region,indicator,from,to,effort\nA,z,30,51,0.35\n")
        self.assertEqual(self.target("-F", "csv", "C", "data.csv", "--rank", "1")[0], "region,indicator,from,to,effort\n")

    def test_costs_and_fixed(self):
        self.write("costs.csv", "indicator,cost,high\nz,100,\nx,,7.5\n")
        text, _ = self.target("-F", "csv", "A", "data.csv", "--score", "65", "--costs", "costs.csv")
        self.assertEqual(text, "region,indicator,from,to,effort\nA,x,5,7.5,0.25\nA,y,20,15,0.05\n")
        self.write("costs.json", {"costs": {"z": 100}, "bounds": {"x": [None, 7.5]}, "fixed": ["y"]})
        document = json.loads(self.target("-F", "json", "A", "data.csv", "--score", "65", "--costs", "costs.json")[0])
        self.assertEqual([row["indicator"] for row in document["rows"]], ["x", "z"])
        text, _ = self.target("-F", "csv", "A", "data.csv", "--rank", "1", "--fix", "z", "--fix", "y")
        self.assertEqual(text, "region,indicator,from,to,effort\n")

    def test_decimals(self):
        text, _ = self.target("-F", "csv", "A", "data.csv", "--score", "71.23", "--decimals", "0")
        self.assertEqual(text, "region,indicator,from,to,effort\nA,z,30,47,0.2833333333333333\n")

    def test_unreachable_is_said(self):
        text, messages = self.target("A", "data.csv", "--rank", "1", "--fix", "z", "--fix", "y")
        self.assertIn("Cannot be reached: with every indicator at its bound the score is 70.0000, the rank 2.", text)
        self.assertIn('warning: data.csv: region "A" cannot reach rank 1 within the bounds: at best it has the score 70 '
                      "and rank 2", messages)
        document = json.loads(self.target("-F", "json", "A", "data.csv", "--score", "90", "--fix", "z")[0])
        self.assertEqual(document["status"], "unreachable")
        self.assertEqual((document["effort"], document["rows"]), (None, []))
        _, messages = self.target("-F", "csv", "A", "data.csv", "--score", "90", "--fix", "z")
        self.assertIn('warning: data.csv: region "A" cannot reach the score 90', messages)

    def test_table_and_json(self):
        text, _ = self.target("A", "data.csv", "--rank", "1")
        for part in ("Target of Alpha (A): rank 1", "75.0000", "Now: score 57.5000, rank 2.", "0.3500", "(proven)",
                     "Then: score 75.0000, rank 1."):
            self.assertIn(part, text)
        text, _ = self.target("C", "data.csv", "--rank", "1")
        self.assertIn("reached already", text)
        text, _ = self.target("--lang", "vi", "A", "data.csv", "--rank", "1")
        self.assertIn("Mục tiêu của Alpha (A): hạng 1", text)
        text, _ = self.target("A", "data.csv", "--rank", "1", "--set", "aggregate.method=median")
        self.assertIn("Found by search", text)
        document = json.loads(self.target("-F", "json", "A", "data.csv", "--rank", "1")[0])
        self.assertEqual(document["format"], "smartregion-target/1")
        self.assertEqual((document["status"], document["goal_rank"], document["goal_score"]), ("optimal", 1, 75))

    def test_stage(self):
        by_rank = self.target("-F", "csv", "A", "data.csv", "--rank", "1")[0]
        self.assertEqual(self.target("-F", "csv", "A", "data.csv", "--stage", "winner")[0], by_rank)
        self.write("funnel.json", {"stages": [{"id": "long", "keep": 2}, {"id": "short", "keep": 1}, {"id": "all", "gates": {"criteria": 1}}]})
        text, _ = self.target("B", "data.csv", "--stage", "long", "--funnel", "funnel.json")
        self.assertIn("Target of Bêta (B): rank 2", text)
        for options, says in ((["--stage", "shrot", "--funnel", "funnel.json"], 'did you mean "short"'),
                              (["--stage", "all", "--funnel", "funnel.json"], "keeps all that pass its gates"),
                              (["--stage", "top7", "--rank", "2"], "two goals"),
                              (["--stage", "top7", "--stage", "winner"], "one goal too many"),
                              (["--rank", "2", "--funnel", "icf"], "--funnel is only for --stage")):
            self.refused("target", "-f", "framework.json", "A", "data.csv", *options, code=USAGE, says=says)

    def test_wrong(self):
        self.write("wrong.csv", "indicator,cost\nx,-1\n")
        self.write("unknown.csv", "indicator,cost\nxx,1\n")
        for options, code, says in (
                (["A", "data.csv"], USAGE, "no goal, expected --rank N, --score S or --stage ID"),
                (["A", "data.csv", "--rank", "1", "--score", "5"], USAGE, "two goals"),
                (["A", "data.csv", "--rank", "0"], USAGE, "--rank 0 is no rank"),
                (["A", "data.csv", "--rank", "first"], USAGE, "not a whole number"),
                (["A", "data.csv", "--score", "much"], USAGE, "is not a number such as 62.5"),
                (["A", "data.csv", "--score", "nan"], USAGE, "is not a number"),
                (["A", "data.csv", "--rank", "1", "--decimals", "18"], USAGE, "expected 0 to 17"),
                (["data.csv", "--rank", "1"], USAGE, "an operand is missing"),
                (["AA", "data.csv", "--rank", "1"], harness.INPUT, 'region "AA" is unknown, nearest is "A"'),
                (["A", "data.csv", "--rank", "1", "--fix", "xx"], harness.INPUT, '"xx" is not an indicator'),
                (["A", "data.csv", "--rank", "1", "--costs", "wrong.csv"], harness.INPUT, "wrong.csv:2: cost: the cost of"),
                (["A", "data.csv", "--rank", "1", "--costs", "unknown.csv"], harness.INPUT, 'unknown.csv:2: xx: "xx"'),
                (["A", "data.csv", "--rank", "1", "--costs", "none.csv"], harness.INPUT, "none.csv: cannot be read"),
                (["A", "data.csv", "--rank", "1", "--set", "aggregate.method=copeland"], harness.INPUT,
                 "decided on all regions at once"),
        ):
            with self.subTest(options=options):
                self.refused("target", "-f", "framework.json", *options, code=code, says=says)


if __name__ == "__main__":
    harness.main()
