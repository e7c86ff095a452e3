# SPDX-License-Identifier: MIT
"""What each verb writes: golden csv and json of a case that can be worked out by head, and pairs of known files."""

import copy
import csv
import io
import json
import math

import harness
from harness import INPUT, SOURCE, TESTS, USAGE

# x: A 50, B 100, C 0; y: A 80, B 0, C 100; z: A 50, B missing, C 100. a is the mean of x and y, b is z.
SCORES = (TESTS / "golden" / "tiny_score.csv").read_text(encoding="utf-8")
PANEL = """region,period,x,y,z
A,2020,5,20,30
B,2020,10,100,
A,2021,6,20,30
B,2021,4,0,60
"""


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


class Score(harness.Case):
    def test_csv(self):
        self.assertEqual(self.score("data.csv")[0], SCORES)

    def test_json(self):
        text, _ = self.tool("score", "-f", "framework.json", "-F", "json", "data.csv")
        card = json.loads(text)
        self.assertEqual(card["format"], "smartregion-score/1")
        self.assertEqual(card["plan"]["normalise"]["method"], "goalposts")
        expected = []
        for row in rows(SCORES):
            for key in ("score", "rank", "coverage"):
                row[key] = float(row[key]) if row[key] else None
            row["period"] = None
            expected.append(row)
        self.assertEqual(card["rows"], expected)

    def test_threads_give_the_same_bytes(self):
        for threads in (0, 1, 2, 7):
            self.assertEqual(self.score("data.csv", "--threads", threads)[0], SCORES)

    def test_periods(self):
        self.write("panel.csv", PANEL)
        text, _ = self.score("panel.csv")
        self.assertEqual([row["period"] for row in rows(text) if row["node"] == "index"],
                         ["2020", "2020", "2021", "2021"])
        text, _ = self.score("panel.csv", "--period", "2020")
        self.assertEqual({row["period"] for row in rows(text)}, {"2020"})
        self.assertEqual([row["rank"] for row in rows(text) if row["node"] == "index"], ["1", "2"])
        text, _ = self.tool("score", "-f", "framework.json", "panel.csv")
        self.assertIn("2021", text.splitlines()[0])
        self.assertIn("2020", text)

    def test_a_setting_that_is_a_text_of_digits(self):
        self.write("panel.csv", PANEL)
        for spelling in ("normalise.per=2021", 'normalise.per="2021"'):
            text, _ = self.tool("steps", "-f", "framework.json", "--set", "normalise.method=minmax", "--set", spelling,
                                "--period", "2021", "-F", "csv", "panel.csv")
            self.assertEqual(text, "region,period,x,y,z\nA,2021,100,0,0\nB,2021,0,100,100\n")

    def test_columns_by_role(self):
        self.write("own.csv", "code,label,x,y,z\n" + harness.DATA.split("\n", 1)[1])
        text, _ = self.score("own.csv", "--column", "region=code", "--column", "name=label")
        self.assertEqual(text, SCORES)

    def test_presets_and_settings(self):
        text, _ = self.score("data.csv", "--set", "normalise.range=[0, 1]", "--set", "rank.ties=dense")
        row = next(r for r in rows(text) if (r["region"], r["node"]) == ("A", "index"))
        self.assertEqual((row["score"], row["rank"]), ("0.575", "2"))
        self.write("plan.json", {"normalise": {"range": [0, 1]}})
        first, _ = self.score("data.csv", "-p", "plan.json")
        self.assertEqual(first, self.score("data.csv", "--set", "normalise.range=[0, 1]")[0])
        text, _ = self.score("data.csv", "-p", "plan.json", "--set", "normalise.range=[0, 10]")
        row = next(r for r in rows(text) if (r["region"], r["node"]) == ("A", "index"))
        self.assertEqual(row["score"], "5.75")

    def test_coinr_pair(self):
        folder = SOURCE / "tests" / "golden" / "coinr"
        text, _ = self.tool("score", "-f", folder / "iMeta.csv", "-F", "csv", folder / "iData.csv")
        got = {(r["region"], r["period"], r["node"]): r for r in rows(text)}
        expected = rows((folder / "expected.csv").read_text(encoding="utf-8"))
        self.assertTrue(expected)
        for row in expected:
            mine = got[row["region"], row["period"], row["node"]]
            for key in ("score", "rank", "coverage"):
                if row[key]:
                    self.assertTrue(math.isclose(float(mine[key]), float(row[key]), rel_tol=1e-12, abs_tol=1e-12),
                                    (row, mine))
                else:
                    self.assertEqual(mine[key], "", (row, mine))

    def test_shipped_countries(self):
        folder = SOURCE / "examples" / "data" / "countries-2018"
        text, _ = self.tool("score", "-f", folder / "framework.json", "-F", "csv", folder / "data.csv")
        index = [r for r in rows(text) if r["node"] == "index"]
        self.assertEqual(len(index), 193)
        self.assertTrue(all(0 <= float(r["score"]) <= 100 for r in index if r["score"]))

    def test_one_region_with_the_built_in_framework(self):
        data = SOURCE / "examples" / "data" / "one-region" / "data.csv"
        text, _ = self.tool("score", "-F", "csv", data)
        nodes = [r["node"] for r in rows(text)]
        self.assertEqual(len(nodes), 1 + 6 + 48)
        for criterion in "broadband knowledge_workforce innovation sustainability digital_inclusion advocacy".split():
            self.assertIn(criterion, nodes)


class Steps(harness.Case):
    def test_raw_and_normalised(self):
        text, _ = self.tool("steps", "-f", "framework.json", "--after", "raw", "-F", "csv", "data.csv")
        self.assertEqual(text, "region,x,y,z\nA,5,20,30\nB,10,100,\nC,0,0,60\n")
        text, _ = self.tool("steps", "-f", "framework.json", "-F", "csv", "data.csv")
        self.assertEqual(text, "region,x,y,z\nA,50,80,50\nB,100,0,\nC,0,100,100\n")

    def test_column_the_data_lack(self):
        self.write("less.csv", "region,z,x\nA,30,5\n")
        text, _ = self.tool("steps", "-f", "framework.json", "--after", "denominate", "-F", "csv", "less.csv")
        self.assertEqual(text, "region,x,y,z\nA,5,,30\n")

    def test_imputed(self):
        text, _ = self.tool("steps", "-f", "framework.json", "--after", "impute", "--set", "impute.method=mean", "-F",
                            "csv", "data.csv")
        self.assertEqual(text, "region,x,y,z\nA,5,20,30\nB,10,100,45\nC,0,0,60\n")

    def test_json_and_period(self):
        self.write("panel.csv", PANEL)
        text, _ = self.tool("steps", "-f", "framework.json", "--after", "raw", "-F", "json", "--period", "2020",
                            "panel.csv")
        steps = json.loads(text)
        self.assertEqual(steps["after"], "raw")
        self.assertEqual(steps["rows"], [
            {"region": "A", "period": "2020", "values": {"x": 5, "y": 20, "z": 30}},
            {"region": "B", "period": "2020", "values": {"x": 10, "y": 100, "z": None}}])
        text, _ = self.tool("steps", "-f", "framework.json", "--after", "raw", "panel.csv")
        self.assertIn("2021", text)
        self.assertNotIn("2020", text)


class Weights(harness.Case):
    EXPECTED = "node,weight,effective_weight\nindex,1,1\na,3,0.75\nx,1,0.375\ny,1,0.375\nb,1,0.25\nz,1,0.25\n"

    def setUp(self):
        super().setUp()
        framework = copy.deepcopy(harness.FRAMEWORK)
        framework["children"][0]["weight"] = 3
        self.write("framework.json", framework)

    def test_all_formats(self):
        text, _ = self.tool("weights", "-f", "framework.json", "-F", "csv", "data.csv")
        self.assertEqual(text, self.EXPECTED)
        text, _ = self.tool("weights", "-f", "framework.json", "-F", "json", "data.csv")
        weights = json.loads(text)
        self.assertEqual(weights["rows"][1], {"node": "a", "weight": 3, "effective_weight": 0.75})
        self.assertIn("plan", weights)
        text, _ = self.tool("weights", "-f", "framework.json", "data.csv")
        self.assertIn("0.3750", text)

    def test_from_a_model(self):
        self.tool("fit", "-f", "framework.json", "data.csv", "-o", "model.json")
        self.assertEqual(self.tool("weights", "-m", "model.json", "-F", "csv")[0], self.EXPECTED)
        self.tool("weights", "-m", "model.json", "data.csv", code=USAGE)


class Fit(harness.Case):
    def test_model_scores_the_same(self):
        for settings in ([], ["--set", "normalise.method=minmax"], ["--set", "normalise.method=zscore"]):
            expected, _ = self.score("data.csv", *settings)
            model, _ = self.tool("fit", "-f", "framework.json", "data.csv", *settings)
            self.assertEqual(json.loads(model)["format"], "smartregion-model/1")
            self.write("model.json", model)
            self.assertEqual(self.tool("score", "-m", "model.json", "-F", "csv", "data.csv")[0], expected)

    def test_reference_stays(self):
        self.tool("fit", "-f", "framework.json", "--set", "normalise.method=minmax", "data.csv", "-o", "model.json")
        self.write("next.csv", "region,x,y,z\nD,2.5,75,45\n")
        text, _ = self.tool("score", "-m", "model.json", "-F", "csv", "next.csv")
        self.assertIn("D,,x,25,", text)
        self.assertIn("D,,y,25,", text)
        self.assertIn("D,,z,50,", text)

    def test_period(self):
        self.write("panel.csv", PANEL)
        options = ["-f", "framework.json", "--set", "normalise.method=minmax", "panel.csv"]
        self.tool("fit", *options, "--period", "2021", "-o", "model.json")
        text, _ = self.tool("steps", "-m", "model.json", "-F", "csv", "--period", "2021", "panel.csv")
        self.assertEqual(text, "region,period,x,y,z\nA,2021,100,0,0\nB,2021,0,100,100\n")


class Others(harness.Case):
    def test_framework(self):
        text, _ = self.tool("framework", "framework.json", "-F", "json")
        self.write("again.json", text)
        self.assertEqual(self.tool("score", "-f", "again.json", "-F", "csv", "data.csv")[0], SCORES)
        self.assertEqual(self.tool("framework", "-f", "again.json", "-F", "json")[0], text)
        text, _ = self.tool("framework", "framework.json", "-F", "csv")
        table = rows(text)
        self.assertEqual([r["node"] for r in table], ["index", "a", "x", "y", "b", "z"])
        self.assertEqual((table[3]["parent"], table[3]["direction"], table[3]["worst"], table[3]["best"]),
                         ("a", "lower", "100", "0"))
        self.tool("framework", "framework.json", "-f", "icf", code=USAGE)

    def test_built_in_framework(self):
        text, _ = self.tool("framework")
        self.assertIn("icf", text)
        text, _ = self.tool("framework", "icf", "-F", "csv")
        self.assertEqual(len(rows(text)), 55)
        self.assertEqual(text, self.tool("framework", "icf-2026", "-F", "csv")[0])
        self.assertIn("Nền tảng kết nối băng thông rộng", self.tool("framework", "icf", "--lang", "vi")[0])

    def test_methods(self):
        text, _ = self.tool("methods", "-F", "csv")
        table = rows(text)
        names = {(r["step"], r["method"]) for r in table}
        self.assertIn(("normalise", "zscore"), names)
        self.assertIn(("aggregate", "geometric"), names)
        self.assertIn("range", {r["option"] for r in table if (r["step"], r["method"]) == ("normalise", "minmax")})
        listed = json.loads(self.tool("methods", "-F", "json")[0])["rows"]
        self.assertEqual({(r["step"], r["method"]) for r in listed}, {name for name in names if name[1]})
        self.assertIn(("missing", "policy"), {(r["step"], r["option"]) for r in table if not r["method"]})
        steps = json.loads(self.tool("methods", "-F", "json")[0])["steps"]
        self.assertEqual([step["step"] for step in steps],
                         "denominate rollup screen impute treat normalise weights aggregate missing rank".split())
        self.assertIn("competition", self.tool("methods", "rank")[0])
        self.assertIn("renormalise", self.tool("methods", "missing")[0])
        text, _ = self.tool("methods", "zscore")
        self.assertIn("normalise.method = zscore", text)
        self.assertIn("ddof", text)
        text, _ = self.tool("methods", "aggregate")
        self.assertIn("geometric", text)
        self.assertNotIn("zscore", text)
        self.tool("methods", "zzzzzzzzzzz", code=INPUT)

    def test_plan(self):
        text, _ = self.tool("plan", "-f", "framework.json")
        plan = json.loads(text)
        self.assertEqual(plan["normalise"]["method"], "goalposts")
        self.assertEqual(plan["rank"]["ties"], "competition")
        plan = json.loads(self.tool("plan", "-f", "framework.json", "--set", "aggregate.method=geometric")[0])
        self.assertEqual(plan["aggregate"]["method"], "geometric")
        self.tool("plan", "-f", "framework.json", "--set", "aggregate.method=geometirc", code=USAGE)
        self.tool("fit", "-f", "framework.json", "data.csv", "-o", "model.json")
        self.assertEqual(json.loads(self.tool("plan", "-m", "model.json")[0]),
                         json.loads(self.tool("plan", "-f", "framework.json")[0]))

    def test_a_printed_plan_is_read_back(self):
        self.write("plan.json", self.tool("plan", "-f", "framework.json")[0])
        self.assertEqual(self.score("data.csv", "-p", "plan.json")[0], SCORES)

    def test_version_as_json(self):
        version = json.loads(self.tool("version", "-F", "json")[0])
        self.assertEqual(version["library"], version["headers"])
        self.assertIn("icf", " ".join(version["frameworks"]))

    def test_check(self):
        text, _ = self.tool("check", "-f", "framework.json", "-F", "csv", "data.csv")
        self.assertTrue(text.startswith("severity,code,region,indicator,row,message\n"))
        self.write("odd.csv", "region,x,y,z,extra\nA,5,150,30,1\nB,5,20,30,2\nC,5,20,30,3\n")
        text, _ = self.tool("check", "-f", "framework.json", "-F", "csv", "odd.csv")
        found = rows(text)
        self.assertTrue(any(r["indicator"] == "y" and r["region"] == "A" for r in found), text)
        self.assertTrue(any("extra" in r["indicator"] + r["message"] for r in found), text)
        self.assertEqual(len(found), len({tuple(r.items()) for r in found}), "a finding was listed twice")
        listed = json.loads(self.tool("check", "-f", "framework.json", "-F", "json", "odd.csv")[0])["rows"]
        self.assertEqual([r["message"] for r in listed], [r["message"] for r in found])
        text, messages = self.tool("check", "-f", "framework.json", "odd.csv")
        self.assertIn("warning", text)
        self.assertEqual(messages, "", "findings are the output, not messages")


if __name__ == "__main__":
    harness.main()
