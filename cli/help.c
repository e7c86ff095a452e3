/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const struct {
    option_id option;
    const char *written, *text;
} described[] = {
    {OPTION_FRAMEWORK, "-f, --framework NAME|FILE",
     "what is measured: a built-in name (default icf), a JSON file, or a COINr iMeta table"},
    {OPTION_PLAN, "-p, --plan NAME|FILE",
     "how a score is made: a preset or a JSON file, over the framework's own plan"},
    {OPTION_MODEL, "-m, --model FILE", "a model frozen by \"fit\"; takes the place of -f, -p and --set"},
    {OPTION_SET, "--set KEY=VALUE", "one key of the plan, such as normalise.method=zscore (repeatable)"},
    {OPTION_AFTER, "--after STEP", "raw, denominate, impute, treat or normalise (default)"},
    {OPTION_RECORD, "--record", "instead of the values: what denominate, impute and treat did to each of them"},
    {OPTION_RETAIN, "--retain kaiser|share|N",
     "components that are rotated: eigenvalue above 1 (default), over 10 % of variance, or N"},
    {OPTION_IMPUTATION, "--imputation", "instead: how good each imputation is at cells whose value is known"},
    {OPTION_LEVEL, "--level indicator|criterion|region|all", "what is left out, one at a time (default all)"},
    {OPTION_PAIR, "--pair A,B", "instead: the weights at which regions A and B are equal"},
    {OPTION_CRITICAL, "--critical", "instead: the least change of each weight that makes two regions equal"},
    {OPTION_SECTION, "--section rows|summary|reversals", "what the csv holds (default rows)"},
    {OPTION_SEED, "--seed N", "decides what is drawn at random (default 1); the same seed gives the same result"},
    {OPTION_AGAINST, "--against WHAT",
     "strengths and weaknesses against median, peers[N], topN, target or REGION[,REGION...]"},
    {OPTION_TRACE, "--trace", "every step of every indicator: raw, imputed, treated, normalised, weight, points"},
    {OPTION_REGION, "--region ID", "the region that is looked at"},
    {OPTION_BUDGET, "--budget N", "the best set of initiatives that costs no more than N"},
    {OPTION_SAVE_DATA, "--save-data FILE", "DATA after the best set, or without --budget after all initiatives"},
    {OPTION_FROM, "--from P", "the earliest period looked at (default: the first)"},
    {OPTION_TO, "--to P", "the latest period looked at (default: the last)"},
    {OPTION_RAW, "--raw", "raw values of indicators instead of their scores"},
    {OPTION_REFERENCE, "--reference P", "all periods are scored against this one: --set normalise.per=P"},
    {OPTION_TARGET, "--target N", "the score to reach (default: the top of the scale, the goalpost of raw values)"},
    {OPTION_GROUP, "--group COLUMN", "a text column: convergence also within each of its groups"},
    {OPTION_DETAILS, "--details", "in csv: all columns, with intervals, growth, years to the target"},
    {OPTION_CONVERGENCE, "--convergence", "instead of the rows: do the regions come together (sigma and beta)"},
    {OPTION_FUNNEL, "--funnel icf|FILE", "the stages: a built-in name (default icf) or a JSON file"},
    {OPTION_STAGE, "--stage ID:N[:PARTS]",
     "a stage that keeps N (or all); PARTS as previous=0.5,marks@0..10=0.5 (repeatable)"},
    {OPTION_GATE, "--gate [NAME=]G", "least score of every criterion, or of NAME, at every stage (repeatable)"},
    {OPTION_TIE_BREAK, "--tie-break COLUMN[:lower]", "decides ties at the cut, which are kept otherwise"},
    {OPTION_BALLOTS, "--ballots [STAGE=]FILE", "csv with juror,rank,region (repeatable)"},
    {OPTION_BALLOT_RULE, "--ballot-rule RULE", "borda (default), mean_rank, median_rank, copeland or kemeny"},
    {OPTION_INCOMPLETE, "--incomplete share|abstain",
     "a region that a juror did not place: shares the places left (default), or none"},
    {OPTION_YEAR, "--year Y", "the year from which the age of questionnaires counts"},
    {OPTION_SPEC, "-r, --spec FILE", "what varies, and how (JSON); without it every weight by up to 25 %"},
    {OPTION_DRAWS, "--draws N", "number of draws (default: the spec's, else 10000; of sobol 1024)"},
    {OPTION_FIRST, "--first N", "number of the first draw (default 0): ranges of draws may run apart"},
    {OPTION_NODES, "--nodes criteria|index|inner|all", "whose ranks are counted (default criteria, with the index)"},
    {OPTION_OUTPUTS, "--outputs LIST", "besides: scores, pairwise, weights, all; of sobol: score, top7, also with :ID"},
    {OPTION_ESTIMATOR, "--estimator NAME",
     "auto (default: exact for few alternatives, else azzini), saltelli, jansen, exact"},
    {OPTION_RESAMPLES, "--resamples N", "bootstrap resamples that intervals are made of (default 1000; 0: no intervals)"},
    {OPTION_EXACT_BOUNDS, "--exact-bounds", "best and worst rank over all weights of the spec, not those seen in draws"},
    {OPTION_PARTIAL, "--partial", "when interrupted, write the result of the draws done; the exit code stays 130"},
    {OPTION_CHANGE, "--change [REGION:]ID=VALUE",
     "VALUE, +3 or -3 to add, +5% of the value, =-3 for a negative (repeatable)"},
    {OPTION_CHANGES, "--changes FILE", "changes from csv: region,indicator,change"},
    {OPTION_ALL, "--all", "every region at every node, moved or not"},
    {OPTION_RANK, "--rank N", "the goal: rank N of the index, or a better one"},
    {OPTION_SCORE, "--score S", "the goal: S points of the index"},
    {OPTION_COSTS, "--costs FILE", "costs and bounds: csv indicator,cost,low,high, or json"},
    {OPTION_FIX, "--fix ID", "this indicator stays as it is (repeatable)"},
    {OPTION_DECIMALS, "--decimals N", "values with N decimals at most, rounded so that the goal is still reached"},
    {OPTION_PERIOD, "--period P", "this period alone; without it a table shows the latest, csv and json show all"},
    {OPTION_TOP, "--top N", "in a table: the N best; 0 or all shows every region"},
    {OPTION_BOTTOM, "--bottom N", "in a table: the N lowest ranks"},
    {OPTION_HIGHLIGHT, "--highlight REGION", "in a table: mark this region and show its criteria (repeatable)"},
    {OPTION_NUMBER_FORMAT, "--number-format plain|en|vi",
     "how numbers are written: 1234.5 (default), 1,234.5 or 1.234,5; never guessed"},
    {OPTION_COLUMN, "--column ROLE=NAME",
     "the file's own name of a column; roles: region period name parent population weight"},
    {OPTION_REGIONS, "--regions FILE",
     "a register of regions (csv): aliases, validity, successors; see --as-of"},
    {OPTION_AS_OF, "--as-of DATE",
     "with --regions: regions that ended before this day become parts of their successors"},
    {OPTION_STRICT, "--strict", "a column that is neither reserved nor in the framework is an error"},
    {OPTION_FORMAT, "-F, --format table|csv|json", "what is written; default by the ending of -o, else table"},
    {OPTION_OUTPUT, "-o, --output FILE", "written whole or not at all; \"-\" is standard output (default)"},
    {OPTION_LANG, "--lang en|vi", "language of headings and names in tables"},
    {OPTION_THREADS, "--threads N", "threads to compute with; 0, the default, is every processor"},
    {OPTION_PROGRESS, "--progress", "show how far the work is, also where standard error is no terminal"},
    {OPTION_QUIET, "--quiet", "no warnings, notes or progress; errors are always told"},
    {OPTION_HELP, "-h, --help", "this text"},
};

static const struct {
    const char *verb, *text;
} details[] = {
    {"score",
     "Scores DATA (a csv file, or \"-\" for standard input): every region at the index, at every criterion and\n"
     "indicator, with rank, coverage and status. A table shows at most 40 regions unless told otherwise; csv has\n"
     "the columns region,period,node,score,rank,coverage,status. One region alone is shown with its indicators.\n\n"
     "  smartregion score region.csv\n"
     "  smartregion score -f framework.json --highlight VNM data.csv\n"
     "  smartregion score -f iMeta.csv iData.csv -o scores.csv\n"},
    {"steps",
     "Writes the dataset as it is after a step of the plan: region[,period], then every indicator of the framework in\n"
     "tree order. With --record: what denominate, impute and treat did to each indicator and each cell.\n\n"
     "  smartregion steps --after treat -f framework.json data.csv -o treated.csv\n"},
    {"weights",
     "Writes the weight of every node among its siblings as used, and its effective weight in the index. With\n"
     "--model no DATA are needed.\n"},
    {"audit",
     "Tells how the parts of the index hang together: correlations of all nodes (Pearson, Spearman, Kendall) with\n"
     "p-values, Cronbach's alpha, each child with its siblings, Kaiser-Meyer-Olkin, Bartlett, variance inflation,\n"
     "principal components, rotated loadings, weights beside the importance they lead to, what is odd, and how much\n"
     "data there are. csv has the columns section,row,column,value. All periods count together unless --period names\n"
     "one.\n\n"
     "  smartregion audit -f framework.json data.csv\n"
     "  smartregion audit -f framework.json --retain share data.csv -o audit.csv\n"
     "  smartregion audit -f framework.json --imputation data.csv\n"},
    {"explain",
     "Tells why a region (its id or name) scores as it does: what every node brings to the index, in points that sum\n"
     "to it, and where it is strong and weak against the median region, the N nearest peers (peers5), the N first of\n"
     "the ranking (top7), its targets, or other regions. csv has the columns node,value,normalised,weight,contribution;\n"
     "with --against and --trace further ones. The latest period is looked at unless --period names one.\n\n"
     "  smartregion explain VNM -f framework.json data.csv\n"
     "  smartregion explain VNM --against top7 -f framework.json data.csv\n"
     "  smartregion explain VNM --trace -f framework.json data.csv -o trace.csv\n"},
    {"compare",
     "Tells where the difference of the indices of two regions comes from, in points that sum to it. csv has the\n"
     "columns node,value,normalised,weight,contribution: A less B, the weight over what takes part in either, and\n"
     "points of the difference.\n\n"
     "  smartregion compare VNM THA -f framework.json data.csv\n"},
    {"select",
     "Lets regions through stage by stage: gates that nothing makes up for, a score mixed of the index, the stage\n"
     "before, columns of the data and jurors' ballots, a number to keep. Ties at the cut are kept and told. csv has\n"
     "the columns region,stage,score,rank,passed,reason. The latest period counts unless --period names one.\n"
     "--stage changes a stage of --funnel, or without it makes a funnel of its own.\n\n"
     "  smartregion select -f framework.json --gate 40 data.csv\n"
     "  smartregion select --funnel funnel.json data.csv -o selection.csv\n"
     "  smartregion select --stage top:7 --stage winner:1:previous=0.5,ballots=0.5 --ballots jury.csv data.csv\n"},
    {"stability",
     "Leaves out one indicator, one criterion and one region after the other, fits and scores anew, and tells which\n"
     "ranks shift and which pairs of regions are reversed; csv has the columns level,left_out,region,rank_before,\n"
     "rank_after,score_before,score_after. Beside a region that is left out, ranks before are those among the others.\n"
     "With --pair: for each node the share of its parent at which the two regions are equal, its siblings keeping\n"
     "their proportions, and the least change of all weights together. With --critical: the least change of each\n"
     "weight that makes any two regions equal, and the leader and another.\n\n"
     "  smartregion stability -f framework.json data.csv\n"
     "  smartregion stability -f framework.json --level region --section summary -F csv data.csv\n"
     "  smartregion stability -f framework.json --pair VNM,THA data.csv\n"},
    {"robust",
     "Makes the index again and again with what is uncertain drawn at random - weights, methods, goalposts, errors of\n"
     "the data, imputed values, one indicator left out - and counts ranks. csv has the columns\n"
     "region,node,score,rank,rank_mean,rank_p05,rank_p50,rank_p95,rank_best,rank_worst,p_top1,p_top7,p_top21;\n"
     "rank_best and rank_worst are the best and worst seen; with --exact-bounds they hold over all weights that the\n"
     "spec, one factor of weights, allows. json holds the whole rank histograms. A draw that fails is counted with its\n"
     "reason. The same seed gives the same result, whatever the number of threads.\n"
     "With --funnel, --stage or --gate the funnel runs on every draw, and the chance of each region to pass each stage is\n"
     "told: in csv the columns p_stage_ID behind the others. Ballots and columns of the data do not vary.\n\n"
     "  smartregion robust -f framework.json data.csv\n"
     "  smartregion robust -f framework.json -r spec.json --draws 100000 --seed 7 data.csv -o ranks.csv\n"
     "  smartregion robust -f framework.json --exact-bounds data.csv\n"
     "  smartregion robust -f framework.json --outputs scores,weights --nodes index data.csv -F json\n"
     "  smartregion robust -f framework.json --funnel icf --gate 40 data.csv\n"},
    {"whatif",
     "Changes values of REGION (its id or name), or of several regions as REGION:ID=VALUE, and scores all regions again\n"
     "with the model of the unchanged data: bounds and weights that came from the data stay. Told are the changed\n"
     "region at every node that moves, and every other region whose rank moves. csv has the columns\n"
     "region,node,score_before,score_after,rank_before,rank_after. With --funnel, --stage or --gate also stage_before\n"
     "and stage_after: the last stage that the region passes.\n\n"
     "  smartregion whatif VNM -f framework.json data.csv --change internet_use=70 --change pm25=-20%\n"
     "  smartregion whatif -f framework.json data.csv --change VNM:gini=-3 --change THA:gini=-3\n"
     "  smartregion whatif VNM -f framework.json data.csv --change internet_use=70 --funnel icf\n"},
    {"target",
     "Finds the least effort with which REGION (its id or name) reaches a rank or a score, the other regions staying\n"
     "where they are. Effort is cost times change, by default in goalposts: 1 is the way from worst to best. Values\n"
     "stay within bounds, by default up to the best goalpost. What is told reaches the goal when it is given to\n"
     "\"whatif\"; whether less would do is proven, bounded, or said to be unknown. csv has the columns\n"
     "region,indicator,from,to,effort, and no rows when the goal cannot be reached. --stage ID is the rank that the\n"
     "stage keeps (of --funnel, default icf), by the index alone: gates, ballots and other marks are not aimed at.\n\n"
     "  smartregion target VNM --rank 50 -f framework.json data.csv\n"
     "  smartregion target VNM --score 60 --fix gini --costs costs.csv --decimals 1 -f framework.json data.csv\n"},
    {"sobol",
     "Shares out the variance of ranks among what is uncertain: which assumption drives the result? First order is the\n"
     "share of the variance that goes if a factor alone were known, total order the share that stays if all others\n"
     "were. --draws N (default: the spec's, else 1024) means N (2k + 2) evaluations with k factors, best a power of two.\n"
     "csv has the columns output,factor,first,first_lo,first_hi,total,total_lo,total_hi with 95 % intervals. Outputs are\n"
     "mean_abs_rank_shift and rank:ID; --outputs adds a list of score, topN (such as top7), for all regions, or followed\n"
     "by : and the id of one. Where every factor chooses among few alternatives, the indices are exact.\n\n"
     "  smartregion sobol -f framework.json -r spec.json data.csv\n"
     "  smartregion sobol -f framework.json -r spec.json --draws 4096 --outputs score,top7:VNM data.csv -o indices.csv\n"},
    {"check",
     "Lists what is odd about DATA: columns that are lacking, constant or not known, values beyond the goalposts,\n"
     "numbers that look like thousands, zero denominators, regions with little data. Findings are no failure:\n"
     "the exit code is 0 unless the data cannot be scored.\n"},
    {"fit",
     "Decides every parameter that the plan leaves to the data and writes them as a model (JSON), so that other data\n"
     "are scored against the same reference. With --period the reference is that period alone.\n\n"
     "  smartregion fit -f framework.json 2024.csv -o model.json\n"
     "  smartregion score -m model.json 2025.csv\n"},
    {"framework",
     "Prints a framework: a table of id, name, weight, unit, direction and goalposts, the same as csv, or the\n"
     "framework itself as json, which -f reads back.\n"},
    {"methods",
     "Lists the methods of every step with one line each; with the name of a step its methods, with the name of a\n"
     "method its formula, source and options.\n\n"
     "  smartregion methods normalise\n"
     "  smartregion methods geometric\n"},
    {"plan",
     "Prints the resolved plan as json: the built-in defaults, the preset, the framework's own plan, -p and --set,\n"
     "one laid over the other.\n"},
    {"portfolio",
     "Reads a programme's initiatives from FILE (csv: id,name,actors,fields,criteria,goals,budget,start,end,status,\n"
     "effects, and any further taxonomy) and tells whom and what they cover, which cells are empty, and how state,\n"
     "business and academia hang together. With DATA also how much each initiative lifts the index of a region alone\n"
     "and last, in which order to do them, and with --budget the best set. csv has the columns\n"
     "section,row,column,value.\n\n"
     "  smartregion portfolio initiatives.csv\n"
     "  smartregion portfolio initiatives.csv data.csv -f framework.json --region VNM --budget 500\n"},
    {"trend",
     "Follows the index, the criteria and the indicators of every region through the periods of DATA: first and last\n"
     "value, change, compound annual growth, slope a year with its interval, ranks, years to the target. csv has the\n"
     "columns region,node,first,last,change,cagr,slope,rank_first,rank_last, and more with --details. A table shows\n"
     "the index of the regions, or with --region every node of one. --convergence tells whether the regions come\n"
     "together.\n\n"
     "  smartregion trend -f framework.json panel.csv --region VNM\n"
     "  smartregion trend -f framework.json panel.csv --reference 2015 -o trend.csv\n"
     "  smartregion trend -f framework.json panel.csv --convergence --group zone\n"},
    {"help", "Prints a summary of the tool, or what a verb does and takes.\n"},
    {"version", "Prints the versions of tool and library, the kernel in use, and what is built in.\n"},
};

/* verb NULL: all of them. */
static void print_options(cli_output *out, const cli_verb *verb) {
    out_text(out, "\nOptions, in any order with the operands; --name=value or --name value; -- ends them:\n");
    for (size_t i = 0; i < COUNT(described); ++i) {
        if (!verb_accepts(verb, described[i].option))
            continue;
        char line[256];
        snprintf(line, sizeof line, "  %-28s  %s\n", described[i].written, described[i].text);
        out_text(out, line);
    }
}

static void print_all(cli_output *out) {
    out_text(out, "smartregion VERB [OPTIONS] [DATA]\n\n"
                  "Composite indices of regions: a framework says what is measured, a plan how, data the values.\n\n"
                  "Verbs:\n");
    const cli_verb *verb;
    for (size_t i = 0; (verb = verb_at(i)) != NULL; ++i) {
        char line[256];
        snprintf(line, sizeof line, "  %-10s %s\n", verb->name, verb->summary);
        out_text(out, line);
    }
    print_options(out, NULL);
    out_text(out, "\nExit: 0 fine; 1 an input cannot be read or is wrong; 2 wrong option, verb or --set; 3 an output\n"
                  "cannot be written, or memory; 130 interrupted. \"smartregion help VERB\" tells more.\n");
}

void help_print(cli_output *out, const cli_verb *verb) {
    if (!verb) {
        print_all(out);
        return;
    }
    out_text(out, "smartregion ");
    out_text(out, verb->name);
    out_text(out, " [OPTIONS]");
    out_text(out, *verb->operands ? " " : "");
    out_text(out, verb->operands);
    out_text(out, "\n\n");
    for (size_t i = 0; i < COUNT(details); ++i)
        if (!strcmp(details[i].verb, verb->name))
            out_text(out, details[i].text);
    print_options(out, verb);
}
