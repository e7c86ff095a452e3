# SPDX-License-Identifier: MIT
"""The verb audit: tables, csv and json, its options, and what it refuses."""

import csv
import io
import json

import harness

ROWS = "region,x,y,z\n" + "".join(f"r{i},{i * i % 11},{(7 * i + i * i) % 13},{i * 5 % 17}\n" for i in range(1, 25))
PANEL = "region,period,x,y,z\n" + "".join(
    f"r{i},{year},{i * i % 11 + year % 7},{(7 * i + i * i) % 13 * (year - 2015)},{i * year % 17}\n"
    for i in range(1, 9) for year in (2019, 2020, 2021))


class Audit(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("rows.csv", ROWS)
        self.write("panel.csv", PANEL)

    def audit(self, *arguments, **more):
        return self.tool("audit", "-f", "framework.json", *arguments, **more)

    def cells(self, *arguments):
        text, _ = self.audit("-F", "csv", *arguments)
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(list(rows[0]), ["section", "row", "column", "value"])
        return {(row["section"], row["row"], row["column"]): row["value"] for row in rows}

    def test_csv(self):
        cells = self.cells("rows.csv")
        self.assertEqual(cells["size", "data", "rows"], "24")
        self.assertEqual(cells["correlation_pearson", "x", "y"], cells["correlation_pearson", "y", "x"])
        self.assertEqual(cells["correlation_spearman", "x", "x"], "1")
        self.assertAlmostEqual(float(cells["main_effects", "a", "index"]),
                               float(cells["correlation_pearson", "a", "index"]) ** 2, places=14)
        self.assertEqual(cells["weights", "x", "effective_weight"], "0.25")
        self.assertEqual(cells["cronbach_alpha", "*", "items"], "3")

    def test_json_holds_the_same(self):
        cells = self.cells("rows.csv")
        document = json.loads(self.audit("-F", "json", "rows.csv")[0])
        self.assertEqual(document["format"], "smartregion-audit/1")
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        self.assertEqual(len(document["rows"]), len(cells))
        for row in document["rows"]:
            text = cells[row["section"], row["row"], row["column"]]
            self.assertEqual(row["value"], float(text) if text else None)

    def test_table(self):
        text, _ = self.audit("rows.csv")
        for part in ("Audit: 24 regions, 3 indicators", "Tiny index (index)", "Cronbach's alpha", "All indicators",
                     "Rotated loadings", "To look at"):
            self.assertIn(part, text)
        text, _ = self.audit("--lang", "vi", "rows.csv")
        self.assertIn("Kiểm định: 24 vùng", text)
        self.assertIn("Nền tảng kết nối (a)", text)

    def test_little_data(self):
        for name in ("data.csv", self.write("one.csv", "region,x,y,z\nr,1,2,3\n")):
            text, _ = self.audit(name)
            self.assertNotIn("nan", text)
            self.assertNotIn("nan", "\n".join(self.cells(name).values()))
        self.assertIn("flag_constant", {section for section, _, _ in self.cells("one.csv")})

    def test_retain(self):
        kept = {rule: self.cells("--retain", rule, "rows.csv")["components_kept", "*", "used"]
                for rule in ("kaiser", "share", "1", "2", "99")}
        self.assertEqual((kept["1"], kept["2"], kept["99"]), ("1", "2", "3"))
        self.assertEqual(kept["kaiser"], self.cells("rows.csv")["components_kept", "*", "used"])
        self.refused("audit", "-f", "framework.json", "--retain", "0", "rows.csv", code=harness.USAGE,
                     says="--retain 0 keeps nothing")
        self.refused("audit", "-f", "framework.json", "--retain", "kaisr", "rows.csv", code=harness.USAGE,
                     says='did you mean "kaiser"')

    def test_period(self):
        self.assertEqual(self.cells("panel.csv")["size", "data", "rows"], "24")
        self.assertEqual(self.cells("--period", "2020", "panel.csv")["size", "data", "rows"], "8")
        self.refused("audit", "-f", "framework.json", "--period", "2030", "panel.csv", says='period "2030" is unknown')

    def test_model(self):
        self.tool("fit", "-f", "framework.json", "-o", "model.json", "rows.csv")
        self.assertEqual(self.tool("audit", "-m", "model.json", "-F", "csv", "rows.csv"),
                         self.audit("-F", "csv", "rows.csv"))

    def test_experts(self):
        experts = [{"a": 1, "b": 3}, {"a": 3, "b": 1}]
        weights = {"a": {"method": "equal"}, "b": {"method": "equal"}}
        self.write("plan.json", {"weights": {"method": "budget_allocation", "experts": experts, "nodes": weights}})
        cells = self.cells("-p", "plan.json", "rows.csv")
        self.assertEqual(cells["experts", "a", "mean"], "0.5")
        self.assertAlmostEqual(float(cells["experts", "a", "sd"]), 0.5 ** 1.5)
        self.write("plan.json", {"weights": {"method": "ahp", "matrices": {"root": {"a": {"b": 4}}}, "nodes": weights}})
        cells = self.cells("-p", "plan.json", "rows.csv")
        self.assertEqual(cells["ahp", "index", "ratio"], "0")
        self.assertAlmostEqual(float(cells["weights", "a", "effective_weight"]), 0.8)
        self.write("plan.json", {"weights": {"method": "ahp", "matrices": {"root": {"a": {"c": 4}}}, "nodes": weights}})
        self.refused("audit", "-f", "framework.json", "-p", "plan.json", "rows.csv", says='"c" is not a child of "index"')

    def test_imputation(self):
        cells = self.cells("--imputation", "panel.csv")
        self.assertEqual({section for section, _, _ in cells},
                         {"imputation_r_squared", "imputation_rmse", "imputation_mae", "imputation_holes",
                          "imputation_filled"})
        methods = {row for _, row, _ in cells}
        self.assertTrue({"mean", "linear", "regression", "em"} <= methods, methods)
        self.assertFalse({"none", "group_mean", "constant"} & methods, methods)
        self.assertNotIn("linear", {row for _, row, _ in self.cells("--imputation", "rows.csv")})
        holes = [cells["imputation_holes", method, "*"] for method in methods]
        self.assertEqual(len(set(holes)), 1)
        self.assertEqual(cells, self.cells("--imputation", "--seed", "1", "panel.csv"))
        self.assertNotEqual(cells, self.cells("--imputation", "--seed", "0", "panel.csv"))
        text, _ = self.audit("--imputation", "panel.csv")
        self.assertIn("Best method", text)
        constant = self.cells("--imputation", "--set", "impute.method=constant", "--set", "impute.value=3", "rows.csv")
        self.assertIn(("imputation_mae", "constant", "x"), constant)

    def test_options_that_do_not_go_together(self):
        for options, says in ((["--imputation", "--period", "2020"], "--period cannot be given with --imputation"),
                              (["--imputation", "--retain", "2"], "--retain cannot be given with --imputation"),
                              (["--seed", "2"], "--seed is only for --imputation")):
            self.refused("audit", "-f", "framework.json", *options, "panel.csv", code=harness.USAGE, says=says)
        self.refused("score", "-f", "framework.json", "--retain", "2", "rows.csv", code=harness.USAGE,
                     says='--retain is not an option of "score"')


if __name__ == "__main__":
    harness.main()
