#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The verb robust: what it writes, what it refuses, and how it ends when interrupted."""

import csv
import io
import json
import os
import signal
import subprocess
import time

import harness

COLUMNS = ("region,node,score,rank,rank_mean,rank_p05,rank_p50,rank_p95,rank_best,rank_worst,p_top1,p_top7,p_top21"
           .split(","))
SPEC = {"draws": 500, "seed": 3, "factors": [
    {"id": "w", "vary": "weights", "distribution": "uniform"},
    {"id": "agg", "vary": "aggregate.method", "alternatives": ["arithmetic", "median"]}]}

class Robust(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("spec.json", json.dumps(SPEC))

    def robust(self, *arguments, **more):
        return self.tool("robust", "-f", "framework.json", "data.csv", *arguments, **more)

    def rows(self, *arguments):
        text, _ = self.robust("-F", "csv", *arguments)
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(list(rows[0]), COLUMNS)
        return rows

    def test_csv(self):
        rows = self.rows("-r", "spec.json")
        self.assertEqual([(row["region"], row["node"]) for row in rows],
                         [(region, node) for region in "ABC" for node in ("index", "a", "b")])
        for row in rows:
            if row["rank"]:
                self.assertLessEqual(float(row["rank_best"]), float(row["rank_p05"]))
                self.assertLessEqual(float(row["rank_p05"]), float(row["rank_p50"]))
                self.assertLessEqual(float(row["rank_p50"]), float(row["rank_p95"]))
                self.assertLessEqual(float(row["rank_p95"]), float(row["rank_worst"]))
                self.assertEqual(row["p_top7"], "1")
        # region B has no value of z: criterion b has no score, and nothing is made up for it
        self.assertEqual([row[column] for row in rows if (row["region"], row["node"]) == ("B", "b")
                          for column in COLUMNS[2:10]], [""] * 8)

    def test_nodes(self):
        self.assertEqual({row["node"] for row in self.rows("--nodes", "index")}, {"index"})
        self.assertEqual({row["node"] for row in self.rows("--nodes", "inner")}, {"index", "a", "b"})
        self.assertEqual([row["node"] for row in self.rows("--nodes", "all")][:6], ["index", "a", "x", "y", "b", "z"])

    def test_json(self):
        text, _ = self.robust("-F", "json", "-r", "spec.json", "--outputs", "all")
        found = json.loads(text)
        self.assertEqual(found["format"], "smartregion-robust/1")
        self.assertEqual((found["draws"], found["seed"], found["failed"], found["partial"]), (500, 3, 0, False))
        self.assertEqual(found["factors"], SPEC["factors"])
        self.assertEqual(found["plan"]["normalise"]["method"], "goalposts")
        alternatives = found["alternatives"][0]
        self.assertEqual((alternatives["factor"], sum(alternatives["draws"]), alternatives["failed"]),
                         ("agg", 500, [0, 0]))
        for row in found["rows"]:
            self.assertEqual(sum(row["rank_histogram"]) + row["not_ranked"], 500)
            self.assertEqual(len(row["above"]), 3)
        index = [row for row in found["rows"] if row["node"] == "index"]
        self.assertEqual(index[0]["score_p05"] is None, False)
        self.assertEqual(set(index[0]["central_weights"]), {"a", "x", "y", "b", "z"})
        text, _ = self.robust("-F", "json", "-r", "spec.json")
        self.assertNotIn("above", json.loads(text)["rows"][0])

    def test_the_same_whatever_the_threads(self):
        texts = {self.robust("-F", "csv", "-r", "spec.json", "--draws", "20000", "--threads", str(n))[0]
                 for n in (1, 2, 8)}
        self.assertEqual(len(texts), 1)

    # ---- a funnel on every draw ----

    def test_stages(self):
        # criterion b is 50, missing and 100, whatever the weights: the gate lets C pass in every draw, and C alone
        arguments = ("--stage", "a:2", "--stage", "b:1", "--gate", "b=80", "--draws", "400")
        text, _ = self.robust("-F", "csv", *arguments)
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(list(rows[0]), COLUMNS + ["p_stage_a", "p_stage_b"])
        plain, _ = self.robust("-F", "csv", "--draws", "400")
        self.assertEqual([line.rsplit(",", 2)[0] for line in text.splitlines()], plain.splitlines())
        for row in rows:
            expected = "" if row["node"] != "index" else "1" if row["region"] == "C" else "0"
            self.assertEqual((row["p_stage_a"], row["p_stage_b"]), (expected, expected))
        index = [row for row in rows if row["node"] == "index"]
        found = json.loads(self.robust("-F", "json", *arguments)[0])
        self.assertEqual(found["stages"], ["a", "b"])
        self.assertEqual([{name: float(row["p_stage_" + name]) for name in "ab"} for row in index],
                         [row["stages"] for row in found["rows"] if row["node"] == "index"])
        self.assertNotIn("stages", found["rows"][1])
        self.assertNotIn("stages", json.loads(self.robust("-F", "json")[0]))

    def test_stages_in_the_table(self):
        text, messages = self.robust("--funnel", "icf", "--draws", "100")
        self.assertIn("publishes no weights", messages)
        self.assertIn("Smart21", text)
        self.assertIn("Stages: % of the draws", text)
        self.assertNotIn("Top 7 %", text)
        text, _ = self.robust("--stage", "a:1", "--lang", "vi", "--draws", "100")
        self.assertIn("Vòng: % số lần rút", text)

    def test_stages_with_ballots(self):
        self.write("jury.csv", "juror,rank,region\nj,1,C\nj,2,A\n")
        arguments = ("--stage", "a:1:ballots=1", "--ballots", "jury.csv", "--draws", "50")
        text, _ = self.robust("-F", "csv", *arguments)
        self.assertEqual([row["p_stage_a"] for row in csv.DictReader(io.StringIO(text)) if row["node"] == "index"],
                         ["0", "0", "1"])
        self.assertEqual(len({self.robust("-F", "csv", "--threads", str(n), *arguments)[0] for n in (1, 2, 8)}), 1)

    def test_stages_refused(self):
        for arguments, code, message in (
                (("--gate", "x=5"), harness.INPUT, 'the funnel uses the score of "x", which draws do not keep'),
                (("--gate", "lost=5"), harness.INPUT, '"lost"'),
                (("--nodes", "index", "--gate", "5"), harness.INPUT, 'uses the score of "a"'),
                (("--stage", "a"), harness.USAGE, '--stage "a" is not ID:N'),
                (("--stage", "a:1:ballots=1"), harness.USAGE, "give them with --ballots")):
            _, errors = self.robust("-F", "csv", *arguments, code=code)
            self.assertIn(message, errors)
        self.robust("-F", "csv", "--nodes", "all", "--gate", "x=5")

    def test_seed_and_range(self):
        first = self.rows("--seed", "0", "--draws", "4000")
        self.assertEqual(first, self.rows("--seed", "0", "--draws", "4000"))
        self.assertNotEqual(first, self.rows("--seed", "1", "--draws", "4000"))
        self.assertNotEqual(first, self.rows("--seed", "0", "--draws", "4000", "--first", "4000"))

    def test_table(self):
        text, _ = self.robust("-r", "spec.json")
        self.assertIn("Draws: 500, seed 3; varied: w, agg", text)
        self.assertIn("●", text)
        self.assertIn("Ranks 1 to 3", text)
        text, _ = self.robust("-r", "spec.json", "--lang", "vi", "--top", "1", "--outputs", "scores,weights")
        self.assertIn("Độ vững", text)
        self.assertIn("Số vùng không hiển thị: 2", text)

    def test_refusals(self):
        cases = [
            ({"factors": [{"id": "F", "vary": "wights"}]}, 'spec.json: factors[0].vary: factor "F" varies "wights"'),
            ({"factors": [{"id": "F", "vary": "normalise", "alternatives": []}]},
             'spec.json: factors[0].alternatives: factor "F" has no alternatives'),
            ({"factors": [{"id": "F", "vary": "weights", "distribution": "box", "low": 0.6}]},
             'spec.json: factors[0]: factor "F": no weights of the children of "index"'),
            ({"factors": [{"id": "F", "vary": "weights", "distribution": "box", "low": {"a": 0.6}}]},
             'spec.json: factors[0]: factor "F": the weight of "a" is 0.5 of its family\'s, outside 0.6 to 1'),
            ({"draws": 0, "factors": SPEC["factors"]}, 'spec.json: draws: the spec: "draws" is the number 0'),
            ({"factors": [{"id": "F", "vary": "aggregate.method", "alternatives": ["arithmetic", "geometric"]}]},
             'spec.json: factors[0]: factor "F": every draw of alternative 2 fails'),
        ]
        for spec, message in cases:
            self.write("spec.json", json.dumps(spec))
            _, errors = self.robust("-r", "spec.json", code=harness.INPUT)
            self.assertIn(message, errors)
        self.write("spec.json", "{")
        _, errors = self.robust("-r", "spec.json", code=harness.INPUT)
        self.assertIn("spec.json:1:", errors)
        _, errors = self.robust("-r", "none.json", code=harness.INPUT)
        self.assertIn("none.json", errors)
        for arguments, message in ((("--draws", "0"), "--draws 0"), (("--nodes", "some"), '--nodes "some" is unknown'),
                                   (("--outputs", "scores,w"), '--outputs "w"'), (("--draws", "x"), "--draws"),
                                   (("-m", "model.json"), "--model is not an option"),
                                   (("--top", "3", "-F", "csv"), "--top is only for")):
            _, errors = self.robust(*arguments, code=harness.USAGE)
            self.assertIn(message, errors)

    def exact(self, weights, *arguments):
        """rank_best and rank_worst of the Technology Achievement Index, and all rows, with exact bounds."""
        self.write("weights.json", {"draws": 300, "factors": [{"id": "w", "vary": "weights", **weights}]})
        tai = harness.SOURCE / "tests" / "golden" / "tai-scores"
        text, errors = self.tool("robust", "-f", tai / "framework.json", tai / "data.csv", "-r", "weights.json", "--set",
                                 "normalise=goalposts", "--set", "weights=equal", "-F", "csv", *arguments)
        self.assertEqual(errors, "")
        return list(csv.DictReader(io.StringIO(text)))

    def test_exact_bounds(self):
        with open(harness.SOURCE / "tests" / "golden" / "tai-intervals" / "expected.csv", encoding="utf-8") as file:
            expected = {row["region"]: row for row in csv.DictReader(file)}
        narrower = 0
        for name, weights in (("simplex", {"distribution": "uniform"}), ("w05_30", {"distribution": "box", "low": 0.05,
                              "high": 0.30}), ("w10_15", {"distribution": "box", "low": 0.10, "high": 0.15})):
            rows = self.exact(weights, "--exact-bounds", "--nodes", "all")
            self.assertEqual(len(rows), 23 * 9)
            seen = self.exact(weights, "--nodes", "all")
            for row, other in zip(rows, seen):
                if row["node"] == "tai":
                    told = expected[row["region"]]
                    self.assertEqual((row["region"], row["rank_best"], row["rank_worst"]),
                                     (row["region"], told[name + "_best"], told[name + "_worst"]))
                    narrower += (other["rank_best"], other["rank_worst"]) != (row["rank_best"], row["rank_worst"])
                else: # no weights move an indicator
                    self.assertEqual((row["rank_best"], row["rank_worst"]), (row["rank"], row["rank"]))
                for column in set(row) - {"rank_best", "rank_worst"}:
                    self.assertEqual(row[column], other[column])
        self.assertGreater(narrower, 20)

    def test_exact_bounds_are_told(self):
        self.write("data.csv", "region,x,y,z\nA,5,20,30\nB,10,100,20\nC,0,0,60\n")
        text, _ = self.robust("-F", "json", "--exact-bounds")
        found = json.loads(text)
        self.assertEqual((found["exact_bounds"], found["bounds_not_proven"]), (True, 0))
        text, _ = self.robust("-F", "json")
        self.assertEqual((json.loads(text)["exact_bounds"], "bounds_not_proven" in json.loads(text)), (False, False))
        text, _ = self.robust("--exact-bounds")
        self.assertIn("Best-worst: exact bounds over all weights of the spec.", text)
        text, _ = self.robust("--exact-bounds", "--lang", "vi")
        self.assertIn("cận chính xác", text)
        text, _ = self.robust()
        self.assertNotIn("exact bounds", text)

    def test_exact_bounds_refused(self):
        def refused(message, *arguments, spec=None):
            self.write("spec.json", {"factors": spec or [{"id": "w", "vary": "weights", "distribution": "uniform"}]})
            out, errors = self.robust("--exact-bounds", "-r", "spec.json", *arguments, code=harness.INPUT)
            self.assertEqual(out, "")
            self.assertIn(message, errors)
        refused('has no score of "z"')
        self.write("data.csv", "region,x,y,z\nA,5,20,30\nB,10,100,20\nC,0,0,60\n")
        refused('spec.json: factors[1]: exact bounds hold over weights alone, described by one factor; factor "agg"',
                spec=SPEC["factors"])
        leaf = [{"id": "w", "vary": "weights", "distribution": "uniform", "level": "leaf"}]
        refused('factors[0]: factor "w" weighs all indicators at once, which bounds nothing of node "a"', spec=leaf)
        refused('only the index is counted (nodes "index")', spec=leaf)
        self.robust("--exact-bounds", "-r", "spec.json", "--nodes", "index")
        refused('node "index" is aggregated by "median"', "--set", "aggregate=median")
        refused("the plan has rank.decimals", "--set", "rank.decimals=1")
        refused("the plan has rank.tolerance", "--set", "rank.tolerance=1")
        refused("the plan has rank.ties", "--set", "rank.ties=dense")

    def test_failed_draws_are_told(self):
        self.write("spec.json", json.dumps({"draws": 600, "factors": [
            {"id": "agg", "vary": "aggregate.method", "alternatives": ["arithmetic", "geometric"]},
            {"id": "norm", "vary": "normalise", "alternatives": [{"method": "minmax", "range": [0, 100]},
                                                                 {"method": "minmax", "range": [1, 100]}]}]}))
        text, errors = self.robust("-F", "json", "-r", "spec.json")
        found = json.loads(text)
        self.assertGreater(found["failed"], 100)
        self.assertEqual(found["failed"], found["failures"][0]["count"])
        self.assertEqual(found["failures"][0]["reason"], "out_of_domain")
        self.assertEqual(found["alternatives"][0]["failed"], [0, found["failed"]])
        self.assertIn("of 600 draws failed", errors)

    def test_progress(self):
        _, errors = self.robust("--draws", "3000000", "--progress", "-F", "csv")
        self.assertIn("drawing [", errors)

    def interrupted(self, *arguments):
        command = [harness.TOOL, "robust", "-f", "framework.json", "data.csv", "--draws", "1000000000", "-o", "out.csv",
                   *arguments]
        process = subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE)
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, harness.INTERRUPTED, errors)
        return sorted(name for name in os.listdir(self.folder) if "out" in name)

    def test_interruption(self):
        self.assertEqual(self.interrupted(), [])
        self.assertEqual(self.interrupted("--partial"), ["out.csv"])
        with open(os.path.join(self.folder, "out.csv"), encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 9)
        self.assertEqual(list(rows[0]), COLUMNS)

if __name__ == "__main__":
    harness.main()
