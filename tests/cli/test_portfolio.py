# SPDX-License-Identifier: MIT
"""The verb portfolio: tables, csv and json, with and without data, and what it refuses."""

import csv
import io
import json

import harness

INITIATIVES = """id,name,name_vi,actors,fields,criteria,budget,status,effects
p,Better x,Nâng x,state|business,people,a,10,,x=+2
q,Better z,Nâng z,academia,technology,b,20,,z=+10%|y=-20
r,Gone,,state,people,a,5,cancelled,x=+9
"""
DATA = harness.DATA.replace("C,\"Gamma, the third\",0,0,60\n", "C,Gamma,0,0,60\n")


class Portfolio(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("p.csv", INITIATIVES)
        self.write("data.csv", DATA)

    def portfolio(self, *arguments, **more):
        return self.tool("portfolio", "-f", "framework.json", *arguments, **more)

    def cells(self, *arguments):
        text, _ = self.portfolio("-F", "csv", *arguments)
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(list(rows[0]), ["section", "row", "column", "value"])
        return {(row["section"], row["row"], row["column"]): row["value"] for row in rows}

    def test_coverage_alone(self):
        cells = self.cells("p.csv")
        self.assertEqual(cells["coverage_actors_criteria", "state", "a"], "1")
        self.assertEqual(cells["empty_actors_criteria", "state", "b"], "0")
        self.assertNotIn(("empty_actors_criteria", "academia", "b"), cells)
        self.assertFalse([key for key in cells if key[0] == "uplift"])

    def test_uplift(self):
        # x 5 -> 7 is 20 points at x, 10 at a, 5 at the index; y 20 -> 0 is 5 there, z 30 -> 33 is 2.5
        cells = self.cells("p.csv", "data.csv", "--region", "A", "--budget", "20")
        self.assertAlmostEqual(float(cells["baseline", "A", "score"]), 57.5, places=9)
        self.assertAlmostEqual(float(cells["uplift", "p", "uplift_alone"]), 5, places=9)
        self.assertAlmostEqual(float(cells["uplift", "q", "uplift_last"]), 7.5, places=9)
        self.assertEqual(cells["order", "p", "place"], "1")
        self.assertEqual(cells["best_set", "q", "budget"], "20")
        self.assertEqual(cells["best_set_total", "best_set", "exact"], "1")
        self.assertNotIn(("uplift", "r", "uplift_alone"), cells)

    def test_json_holds_the_same(self):
        cells = self.cells("p.csv", "data.csv", "--region", "A")
        document = json.loads(self.portfolio("-F", "json", "p.csv", "data.csv", "--region", "A")[0])
        self.assertEqual(document["format"], "smartregion-portfolio/1")
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        self.assertEqual(len(document["rows"]), len(cells))
        for row in document["rows"]:
            text = cells[row["section"], row["row"], row["column"]]
            self.assertEqual(row["value"], float(text) if text else None)
        self.assertIsNone(json.loads(self.portfolio("-F", "json", "p.csv")[0])["plan"])

    def test_table(self):
        text, _ = self.portfolio("p.csv", "data.csv", "--region", "A", "--budget", "30")
        for part in ("Portfolio: initiatives 2, budget 30", "Cancelled, not counted: 1", "Actors x Fields",
                     "Empty cells (·): 9 of 12", "Triple helix", "A: score 57.50, rank 2 of 3", "Better x",
                     "Best set for a budget of 30", "No set within the budget is better."):
            self.assertIn(part, text)
        text, _ = self.portfolio("--lang", "vi", "p.csv", "data.csv", "--region", "A")
        for part in ("Danh mục: số sáng kiến 2", "Ba Nhà x Lĩnh vực", "Nâng x", "Viện, trường"):
            self.assertIn(part, text)

    def test_a_model(self):
        self.tool("fit", "-f", "framework.json", "data.csv", "-o", "model.json")
        self.assertEqual(self.tool("portfolio", "-m", "model.json", "p.csv", "data.csv", "--region", "A", "-F", "csv"),
                         self.portfolio("p.csv", "data.csv", "--region", "A", "-F", "csv"))
        self.tool("portfolio", "-m", "model.json", "p.csv")

    def test_data_afterwards(self):
        self.tool("fit", "-f", "framework.json", "data.csv", "-o", "model.json")
        arguments = ("portfolio", "-m", "model.json", "p.csv", "data.csv", "--region", "A", "-F", "csv")
        for budget in ((), ("--budget", "10")):
            text, _ = self.tool(*arguments, *budget, "--save-data", "after.csv")
            cells = {tuple(row[:3]): row[3] for row in csv.reader(io.StringIO(text))}
            card, _ = self.tool("score", "-m", "model.json", "-F", "csv", "after.csv")
            scores = {tuple(row[:3:2]): row for row in csv.reader(io.StringIO(card))}
            expected = ("best_set_total", "best_set") if budget else ("baseline", "A")
            self.assertEqual(scores["A", "index"][3], cells[(*expected, "score" if budget else "score_all")])
            self.assertEqual(scores["A", "index"][4], cells[(*expected, "rank" if budget else "rank_all")])
        self.tool(*arguments, "--save-data", "none/after.csv", code=harness.OUTPUT)

    def test_the_programme_of_binh_duong(self):
        text, _ = self.tool("portfolio", harness.SOURCE / "examples/data/binh-duong/portfolio.csv", "-F", "csv")
        cells = {tuple(row[:3]): row[3] for row in csv.reader(io.StringIO(text))}
        self.assertEqual(cells["size", "portfolio", "initiatives"], "11")
        self.assertEqual(cells["size", "portfolio", "without_effects"], "11")
        self.assertEqual(cells["size", "portfolio", "without_budget"], "11")

    def test_refused(self):
        self.refused("portfolio", "-f", "framework.json", "p.csv", "--region", "A", code=harness.USAGE,
                     says="--region is only for a portfolio with DATA")
        self.refused("portfolio", "-f", "framework.json", "p.csv", "data.csv", "--budget", "-1", code=harness.USAGE,
                     says='--budget "-1" is not a number')
        self.refused("portfolio", "-f", "framework.json", "-", "-", code=harness.USAGE,
                     says="standard input can be read only once")
        self.refused("portfolio", "-f", "framework.json", "p.csv", "data.csv", says="the data have 3 regions")
        self.refused("portfolio", "-f", "framework.json", "p.csv", "data.csv", "--region", "Z",
                     says='data.csv: region "Z" is unknown')
        self.refused("portfolio", "-f", "framework.json", "none.csv", says="none.csv: cannot be read")
        self.write("bad.csv", "id,actors,effects\na,goverment,x=+1\nb,state,w=+1\n")
        self.refused("portfolio", "-f", "framework.json", "bad.csv", says='bad.csv:2: actors: "goverment"')
        self.write("bad.csv", "id,effects\na,xx=+1\n")
        self.refused("portfolio", "-f", "framework.json", "bad.csv", says='bad.csv:2: effects: the effect is on "xx"')


if __name__ == "__main__":
    harness.main()
