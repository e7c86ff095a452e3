# SPDX-License-Identifier: MIT
"""Options, operands, verbs, help: what is exit code 2 and what is not."""

import itertools

import harness
from harness import FINE, INPUT, USAGE

VERBS = "score steps weights check fit framework methods plan version help".split()


class Options(harness.Case):
    def test_any_order(self):
        expected, _ = self.score("data.csv")
        self.assertIn("region,period,node", expected)
        pieces = [["score"], ["data.csv"], ["-f", "framework.json"], ["--format=csv"]]
        for order in itertools.permutations(pieces):
            if order.index(["score"]) > order.index(["data.csv"]):
                continue  # the verb is the first operand
            text, _ = self.tool(*itertools.chain(*order))
            self.assertEqual(text, expected)

    def test_spellings(self):
        expected, _ = self.score("data.csv")
        for spelling in (["-fframework.json", "-Fcsv"], ["--framework=framework.json", "--format", "csv"],
                         ["--framework", "framework.json", "-F", "csv", "--"]):
            text, _ = self.tool("score", *spelling, "data.csv")
            self.assertEqual(text, expected)

    def test_double_dash_ends_options(self):
        self.write("--odd.csv", harness.DATA)
        text, _ = self.score("--", "--odd.csv")
        self.assertEqual(text, self.score("data.csv")[0])

    def test_unknown_option_suggests(self):
        _, messages = self.tool("score", "--highlihgt", "A", "data.csv", code=USAGE)
        self.assertIn('"--highlight"', messages)
        self.tool("score", "-q", "data.csv", code=USAGE)

    def test_unknown_verb_suggests(self):
        _, messages = self.tool("scoer", "data.csv", code=USAGE)
        self.assertIn('"score"', messages)
        self.tool("zzzzzzzz", code=USAGE)

    def test_no_verb(self):
        self.tool(code=USAGE)
        self.tool("--quiet", code=USAGE)

    def test_values_are_checked(self):
        for wrong in (["--format", "xml"], ["--lang", "fr"], ["--number-format", "de"], ["--threads", "-1"],
                      ["--threads", "two"], ["--top", "x"], ["--bottom", ""], ["--set", "normalise.method"],
                      ["--set", "=zscore"], ["--column", "region"], ["--column", "regoin=Code"],
                      ["--quiet=1"], ["--threads", "99999999999999999999"]):
            self.tool("score", "-f", "framework.json", "data.csv", *wrong, code=USAGE)
        self.tool("steps", "-f", "framework.json", "data.csv", "--after", "normalize", code=USAGE)

    def test_value_missing(self):
        self.tool("score", "data.csv", "--format", code=USAGE)
        self.tool("score", "data.csv", "-o", code=USAGE)

    def test_options_belong_to_verbs(self):
        for arguments in (["weights", "data.csv", "--top", "3"], ["score", "data.csv", "--after", "raw"],
                          ["framework", "-m", "m.json"], ["methods", "-f", "icf"],
                          ["check", "data.csv", "-m", "m.json"],
                          ["plan", "--period", "2020"]):
            self.tool(*arguments, code=USAGE)

    def test_formats_belong_to_verbs(self):
        self.tool("fit", "-f", "framework.json", "data.csv", "-F", "csv", code=USAGE)
        self.tool("plan", "-F", "table", code=USAGE)
        self.tool("version", "-F", "csv", code=USAGE)
        self.tool("score", "-f", "framework.json", "data.csv", "-F", "json", "--highlight", "A", code=USAGE)

    def test_operands_are_counted(self):
        self.tool("score", code=USAGE)
        self.tool("score", "-f", "framework.json", "data.csv", "data.csv", code=USAGE)
        self.tool("version", "data.csv", code=USAGE)

    def test_model_excludes_what_it_holds(self):
        self.tool("fit", "-f", "framework.json", "data.csv", "-o", "model.json")
        for more in (["-f", "icf"], ["-p", "icf"], ["--set", "rank.ties=dense"]):
            self.tool("score", "-m", "model.json", "data.csv", *more, code=USAGE)

    def test_set_is_usage(self):
        for wrong, says in (("normalise.metod=zscore", "method"), ("normalise.method=zscor", "zscore"),
                            ("normalize.method=zscore", "normalise"), ("normalise.range=wide", "range"),
                            ("a..b=1", ""), ("nothing=1", "")):
            messages = self.refused("score", "-f", "framework.json", "data.csv", "--set", wrong, code=USAGE, says=says)
            self.assertIn("--set", messages)

    def test_set_takes_json_and_text(self):
        for right in ("normalise.range=[0, 1]", "normalise.clamp=false", "rank.ties=dense", "rank.decimals=null",
                      "missing.min_coverage=0.6", 'aggregate.nodes={"a": {"method": "power", "p": 2}}'):
            self.score("data.csv", "--set", right)

    def test_standard_input_once(self):
        self.tool("score", "-f", "-", "-", code=USAGE)


class Help(harness.Case):
    def test_every_verb(self):
        for verb in VERBS:
            text, _ = self.tool(verb, "--help")
            self.assertTrue(text.startswith("smartregion"), verb)
            if verb != "help":
                self.assertIn(verb, text)
                self.assertEqual(text, self.tool("help", verb)[0])
                self.assertEqual(text, self.tool("--help", verb, "no-such-file.csv")[0])

    def test_whole(self):
        text, _ = self.tool("--help")
        self.assertEqual(text, self.tool("help")[0])
        for verb in VERBS:
            self.assertIn(verb, text)
        self.tool("help", "scoer", code=USAGE)

    def test_lines_fit_a_terminal(self):
        for verb in VERBS:
            for line in self.tool(verb, "-h")[0].splitlines():
                self.assertLessEqual(len(line), 120, line)


class Verbs(harness.Case):
    def test_version(self):
        text, _ = self.tool("version")
        self.assertRegex(text, r"(?m)^library +\d+\.\d+\.\d+$")
        self.assertRegex(text, r"(?m)^frameworks .*\bicf")
        self.assertEqual(self.tool("--version")[0], text)

    def test_names_instead_of_files(self):
        _, messages = self.tool("score", "-f", "ifc", "data.csv", code=INPUT)
        self.assertIn("icf", messages)
        _, messages = self.tool("score", "-f", "framework.json", "-p", "hdii", "data.csv", code=INPUT)
        self.assertIn('"hdi"', messages)
        _, messages = self.tool("methods", "geometirc", code=INPUT)
        self.assertIn("geometric", messages)
        self.assertEqual(self.tool("plan", "-p", "icf", code=FINE)[1], "")


if __name__ == "__main__":
    harness.main()
