# SPDX-License-Identifier: MIT
"""The verb sobol: tables, csv and json, its options, what it refuses, and being interrupted."""

import csv
import io
import json
import os
import signal
import subprocess
import time

import harness

ROWS = "region,name,x,y,z\n" + "".join(
    f"r{i},Region {i},{i * i % 11},{(7 * i + i * i) % 13},{i * 5 % 17}\n" for i in range(1, 13))
DISCRETE = {"factors": [
    {"id": "agg", "vary": "aggregate.method", "alternatives": ["arithmetic", "median"]},
    {"id": "norm", "vary": "normalise", "alternatives": [{"method": "goalposts"}, {"method": "zscore"}]}]}
NOISY = {"seed": 3, "draws": 16, "factors": [
    {"id": "w", "vary": "weights", "distribution": "noise", "percent": 50},
    {"id": "agg", "vary": "aggregate.method", "alternatives": ["arithmetic", "max"]}]}
COLUMNS = ["output", "factor", "first", "first_lo", "first_hi", "total", "total_lo", "total_hi"]


class Sobol(harness.Case):
    def setUp(self):
        super().setUp()
        self.write("rows.csv", ROWS)
        self.write("discrete.json", DISCRETE)
        self.write("noisy.json", NOISY)

    def sobol(self, *arguments, **more):
        return self.tool("sobol", "-f", "framework.json", *arguments, **more)

    def cells(self, *arguments):
        text, _ = self.sobol("-F", "csv", *arguments)
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(list(rows[0]), COLUMNS)
        return {(row["output"], row["factor"]): row for row in rows}

    def refused_study(self, *arguments, **more):
        return self.refused("sobol", "-f", "framework.json", *arguments, **more)

    def test_csv(self):
        cells = self.cells("-r", "noisy.json", "--draws", "64", "rows.csv")
        self.assertEqual([key for key in cells][:2], [("mean_abs_rank_shift", "w"), ("mean_abs_rank_shift", "agg")])
        self.assertEqual(len(cells), (1 + 12) * 2)
        row = cells["mean_abs_rank_shift", "agg"]
        for order in ("first", "total"):
            low, middle, high = (float(row[order + end]) for end in ("_lo", "", "_hi"))
            self.assertTrue(low <= middle <= high, row)
        self.assertGreater(float(row["total"]), float(cells["mean_abs_rank_shift", "w"]["total"]))

    def test_exact(self):
        cells = self.cells("-r", "discrete.json", "rows.csv")
        for row in cells.values():
            self.assertEqual(row["first"], row["first_lo"])
            self.assertEqual(row["total"], row["total_hi"])
        one, other = (cells["mean_abs_rank_shift", factor] for factor in ("agg", "norm"))
        # With two factors what one explains alone and the other in all make a whole.
        self.assertAlmostEqual(float(one["first"]) + float(other["total"]), 1, places=12)
        self.assertEqual(cells, self.cells("-r", "discrete.json", "--estimator", "exact", "rows.csv"))
        text, _ = self.sobol("-r", "discrete.json", "rows.csv")
        self.assertIn("Exact: all 4 combinations", text)

    def test_json_holds_the_same(self):
        cells = self.cells("-r", "noisy.json", "rows.csv")
        document = json.loads(self.sobol("-F", "json", "-r", "noisy.json", "rows.csv")[0])
        self.assertEqual(document["format"], "smartregion-sobol/1")
        self.assertEqual(document["plan"]["normalise"]["method"], "goalposts")
        self.assertEqual([factor["id"] for factor in document["spec"]["factors"]], ["w", "agg"])
        self.assertEqual((document["estimator"], document["draws"], document["evaluations"], document["failed"]),
                         ("azzini", 16, 16 * 6, 0))
        self.assertEqual((document["seed"], document["resamples"], document["confidence"]), (3, 1000, 0.95))
        self.assertEqual(len(document["rows"]), len(cells))
        for row in document["rows"]:
            for column in COLUMNS[2:]:
                text = cells[row["output"], row["factor"]][column]
                self.assertEqual(row[column], float(text) if text else None)
            self.assertIn(row["status"], ("ok", "constant", "rare_event"))
            self.assertEqual(row["status"] == "ok", row["first"] is not None)

    def test_table(self):
        text, _ = self.sobol("-r", "noisy.json", "--draws", "64", "--outputs", "top3:r2", "rows.csv")
        for part in ("What drives the ranks: Tiny index", "azzini, 64 draws, 384 evaluations", "Interactions hold",
                     "rank:r12", "top3:r2", "Region 12", "█"):
            self.assertIn(part, text)
        text, _ = self.sobol("-r", "noisy.json", "--top", "2", "--lang", "vi", "rows.csv")
        self.assertIn("Yếu tố nào chi phối thứ hạng", text)
        self.assertIn("Số đầu ra không hiển thị: 10", text)

    def test_without_a_spec(self):
        cells = self.cells("--draws", "32", "rows.csv")
        self.assertEqual({factor for _, factor in cells}, {"weights"})

    def test_outputs(self):
        cells = self.cells("-r", "noisy.json", "--outputs", "score,top3:r1,rank:r1,top1:r1", "rows.csv")
        outputs = list(dict.fromkeys(output for output, _ in cells))
        self.assertEqual(outputs[13:], [f"score:r{i}" for i in range(1, 13)] + ["top3:r1", "top1:r1"])
        self.refused_study("-r", "noisy.json", "--outputs", "scores", "rows.csv", code=harness.USAGE,
                           says='output "scores" is unknown')
        self.refused_study("-r", "noisy.json", "--outputs", "score:r99", "rows.csv", says='region "r99"')

    def test_seed_and_draws(self):
        base = self.cells("-r", "noisy.json", "rows.csv")
        self.assertEqual(base, self.cells("-r", "noisy.json", "--seed", "3", "--draws", "16", "rows.csv"))
        self.assertEqual(base, self.cells("-r", "noisy.json", "--threads", "1", "rows.csv"))
        self.assertNotEqual(base, self.cells("-r", "noisy.json", "--seed", "0", "rows.csv"))
        without = self.cells("-r", "noisy.json", "--resamples", "0", "rows.csv")
        for key, row in without.items():
            self.assertEqual((row["first"], row["first_lo"], row["total_hi"]), (base[key]["first"], "", ""))
        _, messages = self.sobol("-r", "noisy.json", "--draws", "20", "rows.csv")
        self.assertIn("20 draws are no power of two", messages)
        self.assertEqual(self.sobol("-r", "noisy.json", "--draws", "20", "--quiet", "rows.csv")[1], "")
        for draws in ("1", "1000000000"):
            self.refused_study("-r", "noisy.json", "--draws", draws, "rows.csv", code=harness.USAGE,
                               says="expected 2 or more")

    def test_estimators(self):
        base = self.cells("-r", "noisy.json", "--draws", "64", "rows.csv")
        for name in ("saltelli", "jansen"):
            self.assertNotEqual(base, self.cells("-r", "noisy.json", "--draws", "64", "--estimator", name, "rows.csv"))
        self.assertEqual(base, self.cells("-r", "noisy.json", "--draws", "64", "--estimator", "azzini", "rows.csv"))
        self.refused_study("-r", "noisy.json", "--estimator", "exact", "rows.csv", code=harness.USAGE,
                           says='factor "w" does not choose among alternatives')
        self.refused_study("-r", "noisy.json", "--estimator", "jensen", "rows.csv", code=harness.USAGE,
                           says='did you mean "jansen"')

    def test_failed_evaluations(self):
        self.write("failing.json", {"factors": [
            {"id": "norm", "vary": "normalise", "alternatives": [{"method": "minmax", "range": [1, 9]},
                                                                 {"method": "zscore"}]},
            {"id": "agg", "vary": "aggregate.method", "alternatives": ["arithmetic", "geometric"]}]})
        text, messages = self.sobol("-r", "failing.json", "--draws", "64", "rows.csv")
        self.assertIn("rows are left out", text)
        for part in ("1 of the 4 combinations of alternatives fail", "evaluations failed: ", "of 64 rows are left out"):
            self.assertIn(part, messages)
        cells = self.cells("-r", "failing.json", "--estimator", "exact", "--quiet", "rows.csv")
        self.assertEqual({row["first"] for row in cells.values()}, {""})

    def test_what_is_refused(self):
        self.write("bad.json", {"factors": [{"id": "w", "vary": "wieghts"}]})
        self.refused_study("-r", "bad.json", "rows.csv", says="bad.json")
        self.refused_study("-r", "none.json", "rows.csv", says="none.json")
        self.refused_study("-r", "noisy.json", "--period", "2020", "rows.csv")
        self.refused_study("-r", "noisy.json", code=harness.USAGE, says="operand is missing")
        for option in ("--partial", "--imputation"):
            self.refused_study("-r", "noisy.json", option, "rows.csv", code=harness.USAGE,
                               says=f'{option} is not an option of "sobol"')
        self.refused("score", "-f", "framework.json", "--estimator", "jansen", "rows.csv", code=harness.USAGE,
                     says='--estimator is not an option of "score"')

    def test_spec_from_standard_input(self):
        text, _ = self.sobol("-F", "csv", "-r", "-", "rows.csv", stdin=json.dumps(NOISY).encode())
        self.assertEqual(text, self.sobol("-F", "csv", "-r", "noisy.json", "rows.csv")[0])

    def test_interruption(self):
        command = [harness.TOOL, "sobol", "-f", "framework.json", "-r", "noisy.json", "rows.csv", "-o", "out.csv",
                   "--draws", "1048576", "--resamples", "100000"]
        process = subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, harness.INTERRUPTED, errors)
        self.assertEqual([name for name in os.listdir(self.folder) if "out" in name], [])

    def test_help(self):
        text, _ = self.tool("help", "sobol")
        for part in ("--estimator", "--resamples", "--spec", "total order"):
            self.assertIn(part, text)


if __name__ == "__main__":
    harness.main()
