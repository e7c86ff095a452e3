# SPDX-License-Identifier: MIT
"""Inputs that are wrong: exit 1, a message with file, row and column, and no output file."""

import copy
import os

import harness
from harness import INPUT


class Data(harness.Case):
    def wrong(self, content, *says, options=()):
        self.write("wrong.csv", content)
        return self.refused("score", "-f", "framework.json", "wrong.csv", *options, says=("wrong.csv",) + says)

    def test_not_utf8(self):
        self.wrong(b"region,x,y,z\nA,1,2,3\nB\xff,1,2,3\n", "wrong.csv:3: ")
        self.wrong(b"region,x,y,z\nA,1,2,3\nB,1,2\xc3\x28,3\n", "wrong.csv:3: ")

    def test_text_for_a_number(self):
        self.wrong("region,x,y,z\nA,1,2,3\nB,1,many,3\n", "wrong.csv:3: y: ", '"many"')

    def test_number_of_another_format(self):
        self.wrong("region,x,y,z\nA,1.234.567,2,3\n", "wrong.csv:2: x: ", "1.234.567")
        self.wrong('region,x,y,z\nA,1,2,"7,23"\n', "wrong.csv:2: z: ", "7,23")
        self.write("vi.csv", 'region,x,y,z\nA,"7,5",2,"1.234,5"\n')
        text, _ = self.score("vi.csv", "--number-format", "vi")
        self.assertIn("A,,x,75,", text)
        self.write("en.csv", 'region,x,y,z\nA,7.5,2,"1,234.5"\n')
        self.assertEqual(self.score("en.csv", "--number-format", "en")[0], text)

    def test_thousands_are_not_guessed(self):
        self.write("land.csv", "region,x,y,z\nA,1,2,12.670\nB,1,2,10.500\nC,1,2,0.125\n")
        text, _ = self.tool("steps", "--after", "raw", "-f", "framework.json", "-F", "csv", "land.csv")
        self.assertIn("A,1,2,12.67\n", text)
        text, _ = self.tool("check", "-f", "framework.json", "-F", "csv", "land.csv")
        about = [line for line in text.splitlines() if ",z," in line and "three digits" in line]
        self.assertEqual(len(about), 1, text)
        self.assertTrue(about[0].startswith("warning,"))

    def test_duplicate(self):
        self.wrong("region,x,y,z\nA,1,2,3\nB,1,2,3\nA,1,2,3\n", "wrong.csv:4: ", "A")
        self.wrong("region,period,indicator,value\nA,2020,x,1\nA,2021,x,1\nA,2020,x,2\n", "wrong.csv:4: ")

    def test_unknown_indicator_when_strict(self):
        self.write("more.csv", "region,x,y,z,w\nA,1,2,3,4\n")
        self.score("more.csv")
        self.refused("score", "-f", "framework.json", "more.csv", "--strict", says=("more.csv", "w"))
        self.write("long.csv", "region,indicator,value\nA,x,1\nA,w,1\n")
        self.refused("score", "-f", "framework.json", "long.csv", "--strict", says=("long.csv", "w"))

    def test_no_indicator_at_all(self):
        self.wrong("region,xx,yy\nA,1,2\n", "x")

    def test_fields(self):
        self.wrong("region,x,y,z\nA,1,2,3\nB,1,2\n", "wrong.csv:3: ")
        self.wrong("region,x,y,z\nA,1,2,3,4\n", "wrong.csv:2: ")

    def test_unclosed_quote(self):
        self.wrong('region,x,y,z\nA,1,2,3\n"B,1,2,3\n', "wrong.csv:3: ")

    def test_infinity(self):
        for text in ("inf", "-Infinity", "1e999"):
            self.wrong(f"region,x,y,z\nA,1,2,3\nB,{text},2,3\n", "wrong.csv:3: x: ")

    def test_empty(self):
        self.wrong("")
        self.wrong("region,x,y,z\n")

    def test_directory_and_missing_file(self):
        os.mkdir(self.folder / "folder")
        self.refused("score", "-f", "framework.json", "folder", says="folder: is a directory")
        self.refused("score", "-f", "folder", "data.csv", says="folder: is a directory")
        self.refused("score", "-f", "framework.json", "none.csv", says="none.csv: ")
        self.refused("score", "-f", "none.json", "data.csv", says="none.json: ")
        self.refused("score", "-f", "framework.json", "-p", "none.json", "data.csv", says="none.json: ")
        self.refused("score", "-m", "none.json", "data.csv", says="none.json: ")

    def test_up_to_20_in_one_go(self):
        rows = "".join(f"R{i},one,2,3\n" for i in range(30))
        messages = self.wrong("region,x,y,z\n" + rows, "wrong.csv:2: x: ", "wrong.csv:21: x: ")
        lines = [line for line in messages.splitlines() if line.startswith("wrong.csv:")]
        self.assertEqual(len(lines), len(set(lines)), "a message was told twice")
        self.assertEqual(len(lines), 20)

    def test_errors_are_told_when_quiet(self):
        self.wrong("region,x,y,z\nA,one,2,3\n", "wrong.csv:2: x: ", options=["--quiet"])

    def test_control_characters_do_not_reach_the_terminal(self):
        messages = self.wrong("region,x,y,z\nA,\x1b[31m,2,3\n")
        self.assertNotIn("\x1b", messages)

    def test_zero_denominator_is_a_status(self):
        framework = copy.deepcopy(harness.FRAMEWORK)
        framework["children"][1]["children"][0]["denominator"] = "people"
        self.write("shares.json", framework)
        self.write("shares.csv", "region,x,y,z,people\nA,1,2,30,1\nB,1,2,30,0\nC,1,2,30,\n")
        text, _ = self.tool("score", "-f", "shares.json", "-F", "csv", "shares.csv")
        self.assertIn("A,,z,50,1,1,ok\n", text)
        self.assertIn("B,,z,,,0,bad_denominator\n", text)
        self.assertIn("C,,z,,,0,bad_denominator\n", text)

    def test_period(self):
        self.refused("score", "-f", "framework.json", "data.csv", "--period", "2020", says=("data.csv", "2020"))

    def test_region(self):
        _, messages = self.tool("score", "-f", "framework.json", "data.csv", "--highlight", "Q", code=INPUT)
        self.assertIn('"Q"', messages)


class Framework(harness.Case):
    def wrong(self, change, *says):
        framework = copy.deepcopy(harness.FRAMEWORK)
        change(framework)
        self.write("wrong.json", framework)
        return self.refused("score", "-f", "wrong.json", "data.csv", says=("wrong.json: ",) + says)

    def x(self, framework):
        return framework["children"][0]["children"][0]

    def test_not_json(self):
        self.write("wrong.json", '{"id": "index",\n "children": [}\n')
        self.refused("score", "-f", "wrong.json", "data.csv", says="wrong.json:2")

    def test_duplicate_id(self):
        self.wrong(lambda f: self.x(f).update(id="y"), '"y"')

    def test_worst_equals_best(self):
        self.wrong(lambda f: self.x(f).update(worst=10), "children[0].children[0]")

    def test_goalposts_against_direction(self):
        self.wrong(lambda f: self.x(f).update(direction="lower"), "lower")

    def test_negative_weight(self):
        self.wrong(lambda f: self.x(f).update(weight=-1), "-1")

    def test_siblings_without_weight(self):
        self.wrong(lambda f: [c.update(weight=0) for c in f["children"][0]["children"]])

    def test_unknown_key(self):
        self.wrong(lambda f: self.x(f).update(wurst=1), "wurst", "worst")

    def test_cycle_in_imeta(self):
        self.write("iMeta.csv", "iCode,iName,Parent,Level,Weight,Direction,Type\nx,X,a,1,1,1,Indicator\n"
                                "a,A,b,2,1,1,Aggregate\nb,B,a,3,1,1,Aggregate\n")
        self.refused("score", "-f", "iMeta.csv", "data.csv", says=("iMeta.csv:4: Parent: ", "lead back to itself"))

    def test_newer_format(self):
        self.wrong(lambda f: f.update(format="smartregion-framework/9"), "smartregion-framework/9")


class Plan(harness.Case):
    def wrong(self, plan, *says):
        self.write("plan.json", plan)
        return self.refused("score", "-f", "framework.json", "-p", "plan.json", "data.csv",
                            says=("plan.json: ",) + says)

    def test_misspelt_key(self):
        self.wrong({"normalise": {"metod": "zscore"}}, "metod", "method")
        self.wrong({"normalize": {"method": "zscore"}}, "normalize", "normalise")

    def test_misspelt_method(self):
        self.wrong({"normalise": {"method": "zscor"}}, "zscor", "zscore")
        self.wrong({"aggregate": {"method": "geometirc"}}, "geometric")

    def test_value_out_of_range(self):
        self.wrong({"missing": {"min_coverage": 2}}, "min_coverage")

    def test_plan_is_an_input_even_with_set(self):
        self.write("plan.json", {"normalise": {"metod": "zscore"}})
        self.refused("score", "-f", "framework.json", "-p", "plan.json", "data.csv", "--set", "rank.ties=dense",
                     code=INPUT, says="metod")

    def test_model_is_checked(self):
        self.write("model.json", {"format": "smartregion-model/9"})
        self.refused("score", "-m", "model.json", "data.csv", says=("model.json", "smartregion-model/9"))
        self.write("model.json", "[]")
        self.refused("score", "-m", "model.json", "data.csv", says="model.json")


if __name__ == "__main__":
    harness.main()
