/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "select_funnel.h"
#include "study_words.h"

typedef enum word {
    WORD_RANK_TITLE,
    WORD_SCORE_TITLE,
    WORD_NOW,
    WORD_THERE,
    WORD_FROM,
    WORD_TO,
    WORD_CHANGE,
    WORD_EFFORT,
    WORD_TOTAL,
    WORD_THEN,
    WORD_OPTIMAL,
    WORD_BOUNDED,
    WORD_FEASIBLE,
    WORD_UNREACHABLE,
    WORD_NOT_FOUND,
    WORD_COUNT
} word;

static const char *const words[WORD_COUNT][2] = {
    [WORD_RANK_TITLE] = {"Target of %s: rank %s, which takes a score of %s", "Mục tiêu của %s: hạng %s, cần đạt %s điểm"},
    [WORD_SCORE_TITLE] = {"Target of %s: a score of %s", "Mục tiêu của %s: đạt %s điểm"},
    [WORD_NOW] = {"Now: score %s, rank %s.", "Hiện nay: %s điểm, hạng %s."},
    [WORD_THERE] = {"The target is reached already; nothing has to change.",
                    "Mục tiêu đã đạt; không cần thay đổi gì."},
    [WORD_FROM] = {"From", "Từ"},
    [WORD_TO] = {"To", "Đến"},
    [WORD_CHANGE] = {"Change", "Thay đổi"},
    [WORD_EFFORT] = {"Effort", "Nỗ lực"},
    [WORD_TOTAL] = {"Together", "Tổng cộng"},
    [WORD_THEN] = {"Then: score %s, rank %s.", "Khi đó: %s điểm, hạng %s."},
    [WORD_OPTIMAL] = {"No change within the bounds takes less effort (proven).",
                      "Không có thay đổi nào trong giới hạn tốn ít nỗ lực hơn (đã chứng minh)."},
    [WORD_BOUNDED] = {"The least effort lies between %s and %s.", "Nỗ lực ít nhất nằm giữa %s và %s."},
    [WORD_FEASIBLE] = {"Found by search: whether less effort would do is not known.",
                       "Tìm được bằng dò tìm: chưa biết có cách nào tốn ít nỗ lực hơn không."},
    [WORD_UNREACHABLE] = {"Cannot be reached: with every indicator at its bound the score is %s, the rank %s.",
                          "Không thể đạt: khi mọi chỉ tiêu ở giới hạn, điểm là %s, hạng %s."},
    [WORD_NOT_FOUND] = {"Not reached: the best that the search found is a score of %s and rank %s.",
                        "Chưa đạt: kết quả tốt nhất dò tìm được là %s điểm, hạng %s."},
};

static const char *say(const cli_tool *tool, word which) {
    return words[which][tool->options->language];
}

/* ---- what is asked ---- */

static int read_efforts(cli_tool *tool, smr_efforts *efforts) {
    const char *path = tool->options->costs;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_input in;
    char *text = NULL;
    size_t length = 0;
    int code = input_open(&in, path, NULL);
    if (code)
        return code;
    code = input_all(&in, &text, &length);
    input_close(&in);
    if (!code && smr_efforts_read(efforts, text, length, in.name, &error))
        code = tool_fail(tool, &error, in.name);
    free(text);
    return code;
}

static int gather_efforts(cli_tool *tool, smr_efforts **efforts) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    if (smr_efforts_new(tool->context, efforts, &error))
        return tool_fail(tool, &error, NULL);
    int code = options->costs ? read_efforts(tool, *efforts) : TOOL_FINE;
    for (size_t i = 0; i < options->fixed_count && !code; ++i)
        if (smr_efforts_fix(*efforts, options->fixed[i], &error))
            code = tool_fail(tool, &error, "--fix");
    return code;
}

/* --stage: the rank that the stage of a funnel keeps. */
static int read_stage(cli_tool *tool, uint64_t *rank) {
    const cli_options *options = tool->options;
    const char *asked = options->stages[0];
    smr_funnel *funnel = NULL;
    if (options->stage_count > 1)
        return usage_error(options->verb, "--stage \"%s\" is one goal too many", options->stages[1]);
    int code = select_read(tool, options->funnel ? options->funnel : "icf", &funnel);
    if (code)
        return code;
    size_t stages = smr_funnel_stage_count(funnel), stage = 0;
    while (stage < stages && strcmp(smr_funnel_stage_id(funnel, stage), asked))
        ++stage;
    const char *near = stage < stages ? NULL : nearest_name(asked, select_stage_name, funnel);
    *rank = smr_funnel_stage_keep(funnel, stage);
    if (stage == stages)
        code = near ? usage_error(options->verb, "--stage \"%s\" is unknown, did you mean \"%s\"?", asked, near)
                    : usage_error(options->verb, "--stage \"%s\" is unknown", asked);
    else if (!*rank)
        code = usage_error(options->verb,
                           "--stage \"%s\" keeps all that pass its gates, expected one that keeps a number", asked);
    smr_funnel_unref(funnel);
    return code;
}

/* ---- the table ---- */

/* Digits that tell a score from the one below it. */
static void fine_text(char text[NUMBER_SIZE], double value) {
    snprintf(text, NUMBER_SIZE, "%.4f", value);
}

static void effort_text(char text[NUMBER_SIZE], double value) {
    snprintf(text, NUMBER_SIZE, fabs(value) < 1e9 ? "%.4f" : "%.6g", value);
}

static int print_changes(const cli_tool *tool, const smr_target *target, double total, cli_output *out) {
    cli_language language = tool->options->language;
    const double *from = smr_target_from(target), *to = smr_target_to(target), *effort = smr_target_effort(target);
    cli_table table;
    char text[NUMBER_SIZE];
    table_init(&table, out);
    table_column(&table, phrase_text(language, PHRASE_INDICATOR), ALIGN_LEFT, 48);
    table_column(&table, phrase_text(language, PHRASE_UNIT), ALIGN_LEFT, 24);
    table_column(&table, say(tool, WORD_FROM), ALIGN_RIGHT, 24);
    table_column(&table, say(tool, WORD_TO), ALIGN_RIGHT, 24);
    table_column(&table, say(tool, WORD_CHANGE), ALIGN_RIGHT, 16);
    table_column(&table, say(tool, WORD_EFFORT), ALIGN_RIGHT, 16);
    for (size_t i = 0; i < smr_target_change_count(target); ++i) {
        const char *id = smr_target_indicators(target)[i];
        table_row(&table, STYLE_PLAIN);
        table_cell(&table, node_title(tool, id));
        table_cell(&table, unit_of(tool, id));
        value_text(text, from[i]);
        table_cell(&table, text);
        value_text(text, to[i]);
        table_cell(&table, text);
        difference_text(text, to[i] - from[i]);
        table_cell(&table, text);
        effort_text(text, effort[i]);
        table_cell(&table, text);
    }
    table_row(&table, STYLE_STRONG);
    table_cell(&table, say(tool, WORD_TOTAL));
    for (int i = 0; i < 4; ++i)
        table_cell(&table, "");
    effort_text(text, total);
    table_cell(&table, text);
    return table_print(&table);
}

static int print_target(const cli_tool *tool, const smr_target *target, uint64_t aimed, cli_output *out) {
    smr_target_summary summary;
    smr_target_summary_init(&summary, sizeof summary);
    smr_target_summarise(target, &summary, NULL);
    char title[320], rank[NUMBER_SIZE], score[NUMBER_SIZE];
    region_title(tool, smr_target_region(target), title, sizeof title);
    fine_text(score, summary.goal_score);
    snprintf(rank, sizeof rank, "%llu", (unsigned long long)aimed);
    if (aimed)
        print_sentence(out, STYLE_STRONG, say(tool, WORD_RANK_TITLE), title, rank, score, NULL);
    else
        print_sentence(out, STYLE_STRONG, say(tool, WORD_SCORE_TITLE), title, score, NULL, NULL);
    fine_text(score, summary.score_before);
    place_text(rank, summary.rank_before);
    print_sentence(out, STYLE_PLAIN, say(tool, WORD_NOW), score, rank, NULL, NULL);
    if (summary.status == SMR_TARGET_UNREACHABLE || summary.status == SMR_TARGET_NOT_FOUND) {
        fine_text(score, summary.best_score);
        place_text(rank, summary.best_rank);
        print_sentence(out, STYLE_PLAIN,
                       say(tool, summary.status == SMR_TARGET_NOT_FOUND ? WORD_NOT_FOUND : WORD_UNREACHABLE), score,
                       rank, NULL, NULL);
        return 0;
    }
    if (!smr_target_change_count(target)) {
        table_line(out, STYLE_PLAIN, say(tool, WORD_THERE));
        return 0;
    }
    out_text(out, "\n");
    if (print_changes(tool, target, summary.effort, out))
        return -1;
    out_text(out, "\n");
    fine_text(score, summary.score_after);
    place_text(rank, summary.rank_after);
    print_sentence(out, STYLE_PLAIN, say(tool, WORD_THEN), score, rank, NULL, NULL);
    snprintf(score, sizeof score, "%.10g", summary.lower_bound); /* near to one another they still differ */
    snprintf(rank, sizeof rank, "%.10g", summary.effort);
    print_sentence(out, STYLE_PLAIN,
                   say(tool, summary.status == SMR_TARGET_OPTIMAL   ? WORD_OPTIMAL
                             : summary.status == SMR_TARGET_BOUNDED ? WORD_BOUNDED
                                                                    : WORD_FEASIBLE),
                   score, rank, NULL, NULL);
    return 0;
}

static int write_target(cli_tool *tool, const smr_target *target, uint64_t aimed) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_output *out = NULL;
    int code = tool_output(tool, &out);
    if (code)
        return code;
    smr_status status = SMR_OK;
    if (options->format == FORMAT_CSV)
        status = smr_target_write_csv(target, output_write, out, &error);
    else if (options->format == FORMAT_JSON)
        status = smr_target_write_json(target, output_write, out, &error);
    else if (print_target(tool, target, aimed, out))
        status = tool_out_of_memory(&error);
    return tool_finish(tool, out, status, &error);
}

int verb_target(cli_tool *tool) {
    const cli_options *options = tool->options;
    smr_target_options goal;
    smr_target_options_init(&goal, sizeof goal);
    int by_rank = options->given[OPTION_RANK], by_score = options->given[OPTION_SCORE];
    int by_stage = options->stage_count > 0;
    if (by_rank + by_score + by_stage != 1)
        return usage_error(options->verb, by_rank + by_score + by_stage
                                              ? "two goals, expected one of --rank, --score, --stage"
                                              : "no goal, expected --rank N, --score S or --stage ID");
    if (options->funnel && !by_stage)
        return usage_error(options->verb, "--funnel is only for --stage");
    if (by_rank)
        goal.rank = options->rank;
    else if (by_score)
        goal.score = options->score;
    if (options->given[OPTION_DECIMALS])
        goal.decimals = options->decimals;
    int code = by_stage ? read_stage(tool, &goal.rank) : TOOL_FINE;
    if (!code)
        code = prepare_model(tool, 1);
    if (!code)
        code = tool_period(tool, &goal.period);
    smr_efforts *efforts = NULL;
    if (!code)
        code = gather_efforts(tool, &efforts);
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_target *target = NULL;
    if (!code) {
        progress_begin("looking for the least effort");
        smr_status status = smr_target_run(tool->context, tool->model, tool->dataset,
                                           region_id(tool, options->operands[0]), efforts, &goal, &target, &error);
        progress_end();
        code = status ? tool_fail(tool, &error, input_name(tool_data(tool))) : write_target(tool, target, goal.rank);
    }
    smr_target_unref(target);
    smr_efforts_free(efforts);
    return code;
}
