# SPDX-License-Identifier: MIT
"""The verb select: stages, gates, ties, ballots, eligibility, its formats, and what it refuses."""

import csv
import io
import json

import harness

# Index of r1 to r9 is 10 to 90 (x, y and z alike); marks of analysts from 0 to 10.
ROWS = "region,name,marks,evidence,questionnaire_year,x,y,z\n" + "".join(
    f"r{i},Region {i},{11 - i},{('self_reported', 'third_party', 'audited')[i % 3]},{2010 + i},{i},{100 - 10 * i},{6 * i}\n"
    for i in range(1, 10))
TIED = "region,size,x,y,z\n" + "".join(f"{name},{size},{x},{100 - 10 * x},{6 * x}\n" for name, size, x in (
    ("A", 5, 9), ("B", 4, 7), ("C", 9, 7), ("D", 9, 7), ("E", "", 7), ("F", 1, 2)))
PANEL = "region,period,x,y,z\nP,2015,9,10,54\nP,2018,1,90,6\nQ,2016,8,20,48\nR,2014,7,30,42\nR,2012,9,10,54\n"
FUNNEL = {"stages": [{"id": "a", "keep": 4}, {"id": "b", "keep": 1, "score": {"previous": 0.5, "ballots": 0.5},
                                             "ballots": "jury.csv"}]}
JURY = "juror,rank,region\nj,1,r6\nj,2,r9\nj,3,r8\nj,4,r7\nk,1,r6\nk,2,r7\n"


class Select(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("rows.csv", ROWS)
        self.write("tied.csv", TIED)
        self.write("funnel.json", FUNNEL)
        self.write("jury.csv", JURY)

    def select(self, *arguments, **more):
        return self.tool("select", "-f", "framework.json", *arguments, **more)

    def rows(self, *arguments):
        text, messages = self.select("-F", "csv", *arguments)
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(text.splitlines()[0], "region,stage,score,rank,passed,reason")
        return rows, messages

    def passing(self, *arguments, stage="a"):
        return [row["region"] for row in self.rows(*arguments)[0] if row["stage"] == stage and row["passed"] == "yes"]

    # ---- stages, gates, parts ----

    def test_stages(self):
        rows, messages = self.rows("--stage", "a:3", "--stage", "b:1", "rows.csv")
        self.assertEqual(messages, "")
        self.assertEqual([(r["region"], r["stage"], r["score"], r["rank"], r["passed"]) for r in rows],
                         [(f"r{i}", "a", str(10 * i), str(10 - i), "yes" if i > 6 else "no") for i in range(9, 0, -1)]
                         + [("r9", "b", "90", "1", "yes"), ("r8", "b", "80", "2", "no"), ("r7", "b", "70", "3", "no")])
        self.assertEqual(rows[0]["reason"], "rank 1 of 9, 3 kept")
        self.assertEqual(rows[4]["reason"], "rank 5 of 9, 20.00 below the cut")

    def test_built_in(self):
        rows, messages = self.rows("rows.csv", "--year", "2019")
        self.assertIn("publishes no weights", messages)
        self.assertEqual({row["stage"] for row in rows}, {"smart21", "top7", "winner"})
        self.assertEqual(self.passing("rows.csv", "--year", "2019", stage="winner"), ["r9"])
        old = [row for row in rows if row["reason"].startswith("the questionnaire is")]
        self.assertEqual([row["region"] for row in old], ["r1", "r2", "r3", "r4", "r5"])
        self.assertEqual(old[0]["reason"], "the questionnaire is 8 years old, at most 3 are allowed")
        _, messages = self.rows("rows.csv", "--year", "2019", "--stage", "top7:7:previous=0.5,marks=0.5")
        self.assertNotIn("publishes no weights", messages)

    def test_gates(self):
        self.assertEqual(self.passing("--stage", "a:9", "--gate", "70", "rows.csv"), ["r9", "r8", "r7"])
        self.assertEqual(self.passing("--stage", "a:9", "--gate", "b=80", "rows.csv"), ["r9", "r8"])
        self.assertEqual(self.passing("--stage", "a:9", "--gate", "index=60", "--gate", "marks=4", "rows.csv"),
                         ["r7", "r6"])
        self.assertEqual(self.passing("--stage", "a:all", "--gate", "score=75", "rows.csv"), ["r9", "r8"])
        self.assertEqual(self.passing("--stage", "a:9", "--gate", "coverage=0.9", "data.csv"), ["C", "A"])
        rows, _ = self.rows("--stage", "a:9", "--gate", "50", "data.csv")
        reasons = {row["region"]: (row["rank"], row["reason"]) for row in rows}
        self.assertEqual(reasons["B"], ("", "Second has no value, the gate asks for 50"))
        self.assertEqual(reasons["A"][0], "2")
        # equal passes, and two that look alike are told apart
        self.assertEqual(self.passing("--stage", "a:9", "--gate", "90", "rows.csv"), ["r9"])
        rows, _ = self.rows("--stage", "a:9", "--gate", "index=90.001", "rows.csv")
        self.assertIn("Tiny index is 90, below the gate 90.001", [row["reason"] for row in rows])

    def test_parts(self):
        rows, _ = self.rows("--stage", "a:9:index=0.5,marks@0..10=0.5", "rows.csv")
        self.assertEqual({row["region"]: float(row["score"]) for row in rows},
                         {f"r{i}": (10 * i + 10 * (11 - i)) / 2 for i in range(1, 10)})
        rows, _ = self.rows("--stage", "a:9:marks=1", "rows.csv")
        self.assertEqual({row["region"]: float(row["score"]) for row in rows},
                         {f"r{i}": 100 * (9 - i) / 8 for i in range(1, 10)})
        rows, _ = self.rows("--stage", "a:9:a=3,b=1", "data.csv")
        self.assertEqual({row["region"]: row["score"] for row in rows}["A"], str((3 * 65 + 50) / 4))
        self.assertEqual({row["region"]: row["reason"] for row in rows}["B"], "Second, a part of the score, has no value")

    # ---- ties ----

    def test_ties_are_kept(self):
        rows, messages = self.rows("--stage", "a:3", "tied.csv")
        self.assertEqual([row["region"] for row in rows if row["passed"] == "yes"], list("ABCDE"))
        self.assertEqual([row["rank"] for row in rows], ["1", "2", "2", "2", "2", "6"])
        self.assertEqual(rows[1]["reason"], "tied at the cut with others, 4 for 2 of the places: kept")
        self.assertIn("5 regions pass instead of 3: several are tied at 70", messages)
        self.assertEqual(self.passing("--stage", "a:1", "tied.csv"), ["A"])
        self.assertEqual(self.passing("--stage", "a:5", "tied.csv"), list("ABCDE"))

    def test_ties_are_broken(self):
        self.assertEqual(self.passing("--stage", "a:3", "--tie-break", "size", "tied.csv"), ["A", "C", "D"])
        # what ties there too is kept
        self.assertEqual(self.passing("--stage", "a:2", "--tie-break", "size", "tied.csv"), ["A", "C", "D"])
        self.assertEqual(self.passing("--stage", "a:4", "--tie-break", "size", "tied.csv"), ["A", "B", "C", "D"])
        self.assertEqual(self.passing("--stage", "a:2", "--tie-break", "size:lower", "tied.csv"), ["A", "B"])
        rows, _ = self.rows("--stage", "a:2", "--tie-break", "size:lower", "tied.csv")
        reasons = {row["region"]: row["reason"] for row in rows}
        self.assertEqual(reasons["B"], "tied at the cut, ahead by size: 4")
        self.assertEqual(reasons["E"], "tied at the cut, behind by size: no value")

    # ---- ballots ----

    def test_ballots(self):
        # Borda of 4: r6 3, 3; r9 2, 0.5; r8 1, 0.5; r7 0, 2, k leaving two unplaced
        rows, _ = self.rows("--funnel", "funnel.json", "rows.csv")
        scores = {row["region"]: float(row["score"]) for row in rows if row["stage"] == "b"}
        expected = {"r9": 90 / 2 + 100 * 1.25 / 3 / 2, "r8": 80 / 2 + 100 * 0.75 / 3 / 2,
                    "r7": 70 / 2 + 100 * 1 / 3 / 2, "r6": 60 / 2 + 50}
        self.assertEqual(list(scores), ["r6", "r9", "r8", "r7"])
        for region, score in expected.items():
            self.assertAlmostEqual(scores[region], score, places=12)
        self.assertEqual(self.passing("--funnel", "funnel.json", "rows.csv", stage="b"), ["r6"])

    def test_ballots_of_a_stage(self):
        self.write("other.csv", "juror,rank,region\nj,1,r9\nj,2,r8\n")
        arguments = ("--stage", "a:2", "--stage", "b:1:ballots=1", "rows.csv")
        for given in ("other.csv", "b=other.csv"):
            self.assertEqual(self.passing("--ballots", given, *arguments, stage="b"), ["r9"])
        self.assertEqual(self.passing("--funnel", "funnel.json", "--ballots", "other.csv", "rows.csv", stage="b"), ["r9"])
        # the path is that of the funnel's folder
        (self.folder / "deep").mkdir()
        self.write("deep/funnel.json", FUNNEL)
        self.write("deep/jury.csv", JURY)
        self.assertEqual(self.passing("--funnel", "deep/funnel.json", "rows.csv", stage="b"), ["r6"])

    def test_ballots_beside_the_running(self):
        self.write("jury.csv", JURY + "j,5,r1\n")
        _, messages = self.rows("--funnel", "funnel.json", "rows.csv")
        self.assertIn('region "r1" is on ballots but not in the running at stage "b"', messages)
        self.write("jury.csv", "juror,rank,region\nj,1,r6\nj,2,r9\nj,3,r8\n")
        _, messages = self.rows("--funnel", "funnel.json", "rows.csv")
        self.assertIn('no juror placed region "r7"', messages)
        rows, _ = self.rows("--funnel", "funnel.json", "--incomplete", "abstain", "rows.csv")
        self.assertIn("the jury's result, a part of the score, has no value",
                      [row["reason"] for row in rows if row["region"] == "r7"])

    def test_kemeny_that_ties(self):
        self.write("jury.csv", "juror,rank,region\nj,1,r9\nj,2,r8\nk,1,r8\nk,2,r9\n")
        arguments = ("--stage", "a:2", "--stage", "b:1:ballots=1", "--ballots", "jury.csv", "rows.csv")
        for rule in ("borda", "mean_rank", "median_rank", "copeland", "kemeny"):
            self.assertEqual(self.passing("--ballot-rule", rule, *arguments, stage="b"), ["r8", "r9"], rule)
        self.write("jury.csv", "juror,rank,region\n" + "".join(
            f"{juror},{place},{region}\n" for juror, order in (("j", "987"), ("k", "879"), ("l", "798"))
            for place, region in enumerate((f"r{c}" for c in order), 1)))
        arguments = ("--stage", "a:3", "--stage", "b:1:ballots=1", "--ballots", "jury.csv", "--ballot-rule", "kemeny")
        rows, messages = self.rows(*arguments, "rows.csv")
        self.assertIn("3 orders agree best with the ballots", messages)
        self.assertEqual([row["region"] for row in rows if row["stage"] == "b"], ["r7", "r9", "r8"])

    def test_ballots_that_are_wrong(self):
        def refused(text, *says):
            self.write("jury.csv", text)
            self.refused("select", "-f", "framework.json", "--funnel", "funnel.json", "rows.csv", says=says)
        refused(JURY + "k,3,r7\n", 'jury.csv:8: region: juror "k" placed region "r7" before, in row 7')
        refused(JURY + "k,3,r99\n", 'jury.csv:8: region: region "r99" is not among those that are ranked', 'nearest is "r9"')
        refused(JURY + "k,3,Region 5\n", 'jury.csv:8: region: region "Region 5"', 'nearest is "r5"')
        refused(JURY + "k,first,r8\n", 'jury.csv:8: rank: "first" is no place')
        refused(JURY + "k,0,r8\n", 'jury.csv:8: rank: "0" is no place')
        refused(JURY + "k,inf,r8\n", 'jury.csv:8: rank: "inf" is no place')
        refused(JURY + ",3,r8\n", "jury.csv:8: juror: the juror is empty")
        refused(JURY + "k,3,\n", "jury.csv:8: region: the region is empty")
        refused(JURY + "k,3\n", "jury.csv:8: 2 fields, expected 3")
        refused(JURY + 'k,3,"r8\n', "jury.csv:8:", "not closed")
        refused("juror,place,region\nj,1,r6\n", 'jury.csv:1: the header has no column "rank"')
        refused("juror,rank,rank,region\nj,1,1,r6\n", 'jury.csv:1: rank: two columns of the name "rank"')
        refused("juror,rank,region\n", "jury.csv: a header and no rows")
        refused("", "jury.csv: the text is empty")
        refused(JURY + "k,x,r8\nk,y,r9\n", "jury.csv:8: rank", "jury.csv:9: rank")
        (self.folder / "jury.csv").unlink()
        self.refused("select", "-f", "framework.json", "--funnel", "funnel.json", "rows.csv", says="jury.csv")

    # ---- eligibility ----

    def test_evidence_and_age(self):
        def passing(**eligible):
            self.write("eligible.json", {"eligible": eligible, "stages": [{"id": "a", "keep": 9}]})
            return self.passing("--funnel", "eligible.json", "rows.csv")
        self.assertEqual(passing(evidence={"at_least": "audited"}), ["r8", "r5", "r2"])
        self.assertEqual(passing(evidence={"at_least": "third_party"}), ["r8", "r7", "r5", "r4", "r2", "r1"])
        self.assertEqual(passing(max_age_years=3, year=2019), ["r9", "r8", "r7", "r6"])
        self.assertEqual(passing(max_age_years=3, year=2019, evidence={"at_least": "audited"}), ["r8"])
        self.assertEqual(passing(max_age_years=3, year=2019, age_column="none", optional=True),
                         [f"r{i}" for i in range(9, 0, -1)])
        grades = ["third_party", "self_reported", "audited"]
        self.assertEqual(passing(evidence={"at_least": "self_reported", "grades": grades}),
                         ["r9", "r8", "r6", "r5", "r3", "r2"])
        self.write("eligible.json", {"eligible": {"max_age_years": 1, "year": 2019, "evidence": {"at_least": "audited"}},
                                     "stages": [{"id": "a", "keep": 9}]})
        reasons = {row["region"]: row["reason"] for row in self.rows("--funnel", "eligible.json", "rows.csv")[0]}
        self.assertEqual(reasons["r1"], "the questionnaire is 8 years old, at most 1 are allowed; "
                                        "evidence is third-party, asked for is audited")

    def test_periods(self):
        self.write("panel.csv", PANEL)
        rows, _ = self.rows("--stage", "a:9", "panel.csv")
        self.assertEqual([row["region"] for row in rows], ["P"])
        rows, _ = self.rows("--stage", "a:9", "--period", "2016", "panel.csv")
        self.assertEqual([row["region"] for row in rows], ["Q"])
        self.write("latest.json", {"eligible": {"max_age_years": 3, "age_column": "period"},
                                   "stages": [{"id": "a", "keep": 9}]})
        rows, _ = self.rows("--funnel", "latest.json", "panel.csv")
        self.assertEqual([(row["region"], row["score"], row["passed"]) for row in rows],
                         [("Q", "80", "yes"), ("P", "10", "yes"), ("R", "", "no")])
        self.assertEqual(rows[2]["reason"], "the questionnaire is 4 years old, at most 3 are allowed")
        rows, _ = self.rows("--funnel", "latest.json", "--period", "2015", "panel.csv")
        self.assertEqual([(row["region"], row["score"]) for row in rows], [("P", "90"), ("R", "70")])
        self.refused("select", "-f", "framework.json", "--stage", "a:1", "--period", "2030", "panel.csv",
                     says='period "2030" is unknown')

    # ---- formats ----

    def test_json_holds_the_same(self):
        arguments = ("--funnel", "funnel.json", "--gate", "20", "rows.csv")
        rows, _ = self.rows(*arguments)
        document = json.loads(self.select("-F", "json", *arguments)[0])
        self.assertEqual(document["format"], "smartregion-select/1")
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        self.assertEqual([(row["region"], row["stage"], row["reason"]) for row in document["rows"]],
                         [(row["region"], row["stage"], row["reason"]) for row in rows])
        for one, other in zip(document["rows"], rows):
            self.assertEqual(one["passed"], other["passed"] == "yes")
            self.assertEqual(one["score"], float(other["score"]) if other["score"] else None)
        self.assertEqual(document["stages"][0]["parts"],
                         [{"part": "index", "weight": 1, "how": "as_is", "worst": None, "best": None}])
        self.assertEqual([part["how"] for part in document["stages"][1]["parts"]], ["as_is", "ballots"])
        self.assertEqual(document["stages"][1]["range"], [0, 100])
        self.assertEqual(document["rows"][-1]["reasons"][0]["code"], "below_cut")
        self.assertEqual(document["funnel"]["gates"], {"criteria": 20})
        # the funnel that was used can be used again
        self.write("again.json", document["funnel"])
        self.assertEqual(self.rows("--funnel", "again.json", "rows.csv")[0], rows)

    def test_table(self):
        text, _ = self.select("--funnel", "funnel.json", "--gate", "20", "rows.csv")
        for part in ("a: 4 of 9 passed", "b: 1 of 4 passed", "Region 9", "cut", "Stopped before the ranking: 1",
                     "First is 10, below the gate 20", "0.5 × jury (from 0..3 to 0..100)"):
            self.assertIn(part, text)
        text, _ = self.select("--funnel", "funnel.json", "--gate", "20", "--lang", "vi", "rows.csv")
        for part in ("a: 4 trên 9 vùng vượt qua", "Lý do", "hạng 1 trên 8, giữ 4", "dưới ngưỡng 20"):
            self.assertIn(part, text)
        text, _ = self.select("--stage", "a:3", "--top", "1", "rows.csv")
        self.assertIn("Regions that passed, not shown: 2", text)
        text, _ = self.select("--stage", "a:3", "--gate", "99", "rows.csv")
        self.assertIn("No region passed.", text)

    def test_vietnamese_reasons(self):
        rows, _ = self.rows("--lang", "vi", "--stage", "a:3", "--gate", "20", "rows.csv")
        self.assertEqual(rows[0]["reason"], "hạng 1 trên 8, giữ 3")
        self.assertEqual(rows[-1]["reason"], "Nền tảng kết nối đạt 10, dưới ngưỡng 20; Second đạt 10, dưới ngưỡng 20")

    def test_model(self):
        self.tool("fit", "-f", "framework.json", "-o", "model.json", "rows.csv")
        self.assertEqual(self.tool("select", "-m", "model.json", "--stage", "a:3", "-F", "csv", "rows.csv")[0],
                         self.select("--stage", "a:3", "-F", "csv", "rows.csv")[0])

    # ---- what is refused ----

    def test_options_that_are_wrong(self):
        def refused(*arguments, says):
            self.refused("select", "-f", "framework.json", *arguments, "rows.csv", code=harness.USAGE, says=says)
        refused("--stage", "a", says='"a" is not ID:N')
        refused("--stage", "a:0", says='keeps "0"')
        refused("--stage", "a:1.5", says='keeps "1.5"')
        refused("--stage", "a:many", says='keeps "many"')
        refused("--stage", "a b:2", says='id "a b" is not allowed')
        refused("--stage", "a:2", "--stage", "a:1", says="given twice")
        refused("--stage", "a:2", "--stage", "b:3", says="keeps 3, more than the 2")
        refused("--stage", "a:all", says="keeps everything")
        refused("--stage", "a:2:index", says="NAME=WEIGHT")
        refused("--stage", "a:2:index=x", says="NAME=WEIGHT")
        refused("--stage", "a:2:index=-1", says="expected a weight")
        refused("--stage", "a:2:index=0", says="do not add up")
        refused("--stage", "a:2:index@0..5=1", says="takes neither a scale")
        refused("--stage", "a:2:marks@0-5=1", says="@WORST..BEST")
        refused("--stage", "a:2:marks@5..5=1", says="two different numbers")
        refused("--gate", "high", says='"high" is not G')
        refused("--gate", "=4", says='"=4" is not G')
        refused("--gate", "coverage=40", says="expected a share")
        refused("--tie-break", "", says="is not COLUMN")
        refused("--ballot-rule", "bordo", says='did you mean "borda"')
        refused("--incomplete", "shared", says='did you mean "share"')
        refused("--year", "0", says="is no year")
        refused("--ballots", "jury.csv", says="no stage counts ballots")
        refused("--funnel", "funnel.json", "--ballots", "a=jury.csv", says="that stage does not")
        refused("--funnel", "funnel.json", "--ballots", "b=jury.csv", "--ballots", "jury.csv", says="given twice")
        refused("--stage", "a:1:ballots=1", says="give them with --ballots")
        refused("--stage", "a:2:ballots=1", "--stage", "b:1:ballots=1", "--ballots", "jury.csv", says="STAGE=FILE")
        refused("--funnel", "funnel.json", "--stage", "c:1", says='"c" is not in the funnel')
        refused("--funnel", "funnel.json", "--top", "3", "-F", "csv", says="only for --format table")

    def test_inputs_that_are_wrong(self):
        def refused(*arguments, says, data="rows.csv"):
            self.refused("select", "-f", "framework.json", *arguments, data, says=says)
        refused("--funnel", "icg", says='did you mean "icf"')
        refused("--funnel", "none.json", says="none.json")
        refused("--stage", "a:2:narrative=1", says=["stages[0].score.narrative", "neither a node"])
        refused("--stage", "a:2:market=1", says='nearest is "marks"')
        refused("--stage", "a:2:evidence=1", says='"evidence" holds texts, expected numbers')
        refused("--stage", "a:2:marks@0..5=1", says=["rows.csv:2: marks: 10 of region \"r1\" is beyond its scale from 0 to 5"])
        refused("--stage", "a:2", "--gate", "narrative=3", says="gates.narrative")
        refused("--stage", "a:2", "--tie-break", "narrative", says="ties.narrative")
        refused("--stage", "a:2", "--set", "aggregate.nodes.root=wroclaw", says="ranks the lowest score first")
        refused(says="ages need a year")
        self.write("eligible.json", {"eligible": {"evidence": {"at_least": "audited"}}, "stages": [{"id": "a", "keep": 1}]})
        self.write("odd.csv", ROWS.replace("third_party", "3rd_party"))
        refused("--funnel", "eligible.json", data="odd.csv", says=["odd.csv:2: evidence", "3rd_party", "third_party"])
        refused("--funnel", "eligible.json", data="data.csv", says='the data have no column "evidence"')
        self.write("odd.csv", ROWS.replace(",2014,", ",20.14,"))
        refused("--year", "2019", data="odd.csv", says=["odd.csv:5: questionnaire_year", "20.14", "is no year"])

    def test_funnels_that_are_wrong(self):
        def refused(funnel, *says):
            self.write("wrong.json", funnel)
            self.refused("select", "-f", "framework.json", "--funnel", "wrong.json", "rows.csv",
                         says=["wrong.json:", *says])
        stage = {"id": "a", "keep": 2}
        refused("{", "expected")
        refused([1], "expected an object")
        refused({"format": "smartregion-plan/1", "stages": [stage]}, "smartregion-funnel/1")
        refused({"format": "smartregion-funnel/2", "stages": [stage]}, "newer")
        refused({}, "stages: ", "no stages")
        refused({"stages": {}}, "stages: ", "a list of stages")
        refused({"stage": [stage]}, 'unknown key "stage", nearest is "stages"')
        refused({"stages": [dict(stage, kep=2)]}, 'stages[0].kep: unknown key "kep", nearest is "keep"')
        refused({"stages": [3]}, "stages[0]: found the number 3, expected an object")
        refused({"stages": [{"keep": 2}]}, "stages[0].id: found no id")
        refused({"stages": [stage, stage]}, 'stages[1].id: stage "a" stands twice')
        refused({"stages": [dict(stage, keep=0)]}, "stages[0].keep: found the number 0")
        refused({"stages": [dict(stage, keep="2")]}, "stages[0].keep: ", "a whole number")
        refused({"stages": [stage, {"id": "b", "keep": 5}]}, "stages[1].keep: ", "more than the 2")
        refused({"stages": [{"id": "a"}]}, "stages[0].keep: ", "keeps everything")
        refused({"stages": [dict(stage, score={})]}, "stages[0].score: ")
        refused({"stages": [dict(stage, score={"index": "1"})]}, "stages[0].score.index: ", "a weight")
        refused({"stages": [dict(stage, score={"index": -1})]}, "stages[0].score.index: found -1")
        refused({"stages": [dict(stage, score={"marks": {"weigth": 1}})]}, "stages[0].score.marks.weigth: ", '"weight"')
        refused({"stages": [dict(stage, score={"marks": {"scale": [1]}})]}, "stages[0].score.marks.scale: ")
        refused({"stages": [dict(stage, score={"marks": {"scale": [1, 1]}})]}, "stages[0].score.marks: ", "two different")
        refused({"stages": [dict(stage, score={"marks": {"direction": "up"}})]}, "stages[0].score.marks.direction: ")
        refused({"stages": [dict(stage, gates={"criterion": 4})]}, "stages[0].gates.criterion: ", '"criteria"')
        refused({"stages": [dict(stage, gates={"index": {"a": 1}})]}, "stages[0].gates.index: ", "a number")
        refused({"stages": [dict(stage, gates={"nodes": {"a": "x"}})]}, "stages[0].gates.a: ", "a number")
        refused({"stages": [dict(stage, ballots="jury.csv")]}, "stages[0].ballots: ", "no weight")
        refused({"stages": [dict(stage, ballot_rule="approval")]}, "stages[0].ballot_rule: ", "copeland")
        refused({"stages": [dict(stage, ballot_incomplete="x")]}, "stages[0].ballot_incomplete: ", "abstain")
        refused({"stages": [stage], "ties": "break"}, "ties: ", '"keep"')
        refused({"stages": [stage], "ties": {"direction": "lower"}}, "ties: ")
        refused({"stages": [stage], "eligible": {"age": 3}}, "eligible.age: unknown key")
        refused({"stages": [stage], "eligible": {"max_age_years": -1}}, "eligible.max_age_years: ")
        refused({"stages": [stage], "eligible": {"coverage": 60}}, "eligible.coverage: ", "a share")
        refused({"stages": [stage], "eligible": {"evidence": {"at_least": "audit"}}}, "eligible.evidence.at_least: ",
                'nearest is "audited"')
        refused({"stages": [stage], "eligible": {"evidence": {"column": "e"}}}, "eligible.evidence.at_least: ", "no grade")
        refused({"stages": [stage], "eligible": {"evidence": {"at_least": "b", "grades": ["a", "a"]}}}, "twice")
        refused({"stages": [stage], "eligible": {"optional": 1}}, "eligible.optional: ", "true or false")
        refused({"stages": [dict(stage, name=3)]}, "stages[0].name: ")


if __name__ == "__main__":
    harness.main()
