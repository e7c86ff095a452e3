/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "select_funnel.h"

static const char *funnel_name(size_t index, const void *user) {
    (void)user;
    return smr_funnel_builtin_name(index);
}

const char *select_stage_name(size_t index, const void *user) {
    return smr_funnel_stage_id(user, index);
}

static int has_stage(const smr_funnel *funnel, const char *id) {
    const char *at;
    for (size_t i = 0; (at = smr_funnel_stage_id(funnel, i)) != NULL; ++i)
        if (!strcmp(at, id))
            return 1;
    return 0;
}

/* --funnel: a built-in name, or a file. */
int select_read(cli_tool *tool, const char *name, smr_funnel **funnel) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_status status = smr_funnel_builtin(tool->context, name, funnel, &error);
    if (status != SMR_ERROR_NOT_FOUND)
        return status ? tool_fail(tool, &error, name) : TOOL_FINE;
    cli_input in;
    int missing = 0;
    int code = input_open(&in, name, strpbrk(name, "/.\\") ? NULL : &missing);
    if (missing) {
        const char *near = nearest_name(name, funnel_name, NULL);
        return near ? file_error(code, name, "neither a file nor a built-in funnel, did you mean \"%s\"?", near)
                    : file_error(code, name, "neither a file nor a built-in funnel");
    }
    if (code)
        return code;
    char *text = NULL;
    size_t length = 0;
    code = input_all(&in, &text, &length);
    input_close(&in);
    if (code)
        return code;
    smr_error_init(&error, sizeof error);
    if (smr_funnel_read(tool->context, text, length, input_name(name), funnel, &error))
        code = tool_fail(tool, &error, input_name(name));
    free(text);
    return code;
}

/* ---- --stage, --gate, --tie-break ---- */

/* What an option makes of a failure: the option is wrong, not an input. */
static int fail_option(cli_tool *tool, option_id option, const smr_error *error) {
    smr_error told = *error;
    told.source[0] = '\0';
    int code = tool_fail(tool, &told, option_name(option));
    return code == TOOL_INPUT ? TOOL_USAGE : code;
}

/* A plain number that fills the text; 0: it is none. */
static int read_plain(const char *text, double *number) {
    if (!*text || text[strspn(text, "0123456789+-.e")])
        return 0;
    char *end;
    *number = strtod(text, &end); /* the tool never sets a locale: the point is a point */
    return !*end;
}

/* NAME[@WORST..BEST]=WEIGHT, which is cut up in place. */
static int add_part(cli_tool *tool, smr_funnel_builder *builder, const char *stage, char *text) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_part_options part;
    smr_part_options_init(&part, sizeof part);
    char *equals = strrchr(text, '='), *at;
    if (!equals || equals == text || !read_plain(equals + 1, &part.weight))
        return usage_error(tool->options->verb, "--stage part \"%s\" is not NAME=WEIGHT", text);
    *equals = '\0';
    if ((at = strrchr(text, '@')) != NULL) {
        char *dots = strstr(at, "..");
        *at++ = '\0';
        if (dots)
            *dots = '\0';
        if (!dots || !*text || !read_plain(at, &part.worst) || !read_plain(dots + 2, &part.best))
            return usage_error(tool->options->verb, "--stage scale of part \"%s\" is not @WORST..BEST", text);
    }
    if (smr_funnel_builder_add_part(builder, stage, text, &part, &error))
        return fail_option(tool, OPTION_STAGE, &error);
    return TOOL_FINE;
}

/* ID:N[:PARTS]. With a base the stage is one of its own; its ballots stay when the new parts count them. */
static int put_stage(cli_tool *tool, smr_funnel_builder *builder, const smr_funnel *base, char *text) {
    const cli_verb *verb = tool->options->verb;
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_stage_options stage;
    smr_stage_options_init(&stage, sizeof stage);
    char *number = strchr(text, ':'), *parts = number ? strchr(number + 1, ':') : NULL;
    if (!number || number == text || !number[1] || (parts && !parts[1]))
        return usage_error(verb, "--stage \"%s\" is not ID:N or ID:N:PART=WEIGHT,...", text);
    *number++ = '\0';
    if (parts)
        *parts++ = '\0';
    if (base && !has_stage(base, text)) {
        const char *near = nearest_name(text, select_stage_name, base);
        return near ? usage_error(verb, "--stage \"%s\" is not in the funnel, did you mean \"%s\"?", text, near)
                    : usage_error(verb, "--stage \"%s\" is not in the funnel", text);
    }
    double keep = 0;
    if (strcmp(number, "all") && (!read_plain(number, &keep) || keep < 1 || keep > 1e15 || keep != (double)(int64_t)keep))
        return usage_error(verb, "--stage %s keeps \"%s\", expected a whole number from 1 on, or all", text, number);
    stage.keep = (uint64_t)keep;
    for (size_t i = 0; parts && strstr(parts, "ballots=") && i < smr_funnel_stage_count(base); ++i)
        if (!strcmp(smr_funnel_stage_id(base, i), text))
            stage.ballots = smr_funnel_stage_ballots(base, i);
    if (smr_funnel_builder_put_stage(builder, text, &stage, &error))
        return fail_option(tool, OPTION_STAGE, &error);
    int code = TOOL_FINE;
    while (parts && !code) {
        char *comma = strchr(parts, ',');
        if (comma)
            *comma = '\0';
        code = add_part(tool, builder, text, parts);
        parts = comma ? comma + 1 : NULL;
    }
    return code;
}

static int put_stages(cli_tool *tool, smr_funnel_builder *builder, const smr_funnel *base) {
    const cli_options *options = tool->options;
    int code = TOOL_FINE;
    for (size_t i = 0; i < options->stage_count && !code; ++i) {
        size_t length = strcspn(options->stages[i], ":");
        for (size_t k = 0; k < i; ++k)
            if (strcspn(options->stages[k], ":") == length && !strncmp(options->stages[k], options->stages[i], length))
                return usage_error(options->verb, "--stage %.*s is given twice", (int)length, options->stages[i]);
        /* The text is cut up, and the next one is compared with it: hence a copy. */
        char *text = malloc(strlen(options->stages[i]) + 1);
        if (!text)
            return file_error(TOOL_OUTPUT, NULL, "out of memory");
        code = put_stage(tool, builder, base, strcpy(text, options->stages[i]));
        free(text);
    }
    return code;
}

static int add_gate(cli_tool *tool, smr_funnel_builder *builder, const char *text) {
    static const char *const kinds[] = {"criteria", "index", "coverage", "score"};
    smr_error error;
    smr_error_init(&error, sizeof error);
    const char *equals = strrchr(text, '='), *number = equals ? equals + 1 : text;
    double least;
    char name[256] = "criteria";
    size_t length = equals ? (size_t)(equals - text) : 0;
    if (!read_plain(number, &least) || (equals && (length == 0 || length >= sizeof name)))
        return usage_error(tool->options->verb, "--gate \"%s\" is not G or NAME=G", text);
    if (equals) {
        memcpy(name, text, length);
        name[length] = '\0';
    }
    int32_t kind = 0;
    while (kind < SMR_GATE_NAMED && strcmp(kinds[kind], name))
        ++kind;
    if (smr_funnel_builder_add_gate(builder, NULL, kind, kind == SMR_GATE_NAMED ? name : NULL, least, &error))
        return fail_option(tool, OPTION_GATE, &error);
    return TOOL_FINE;
}

static int set_ties(cli_tool *tool, smr_funnel_builder *builder) {
    static const char lower[] = ":lower";
    smr_error error;
    smr_error_init(&error, sizeof error);
    char column[256];
    size_t length = strlen(tool->options->tie_break), n = sizeof lower - 1;
    int is_lower = length > n && !strcmp(tool->options->tie_break + length - n, lower);
    length -= is_lower ? n : 0;
    if (length == 0 || length >= sizeof column)
        return usage_error(tool->options->verb, "--tie-break \"%s\" is not COLUMN or COLUMN:lower",
                           tool->options->tie_break);
    memcpy(column, tool->options->tie_break, length);
    column[length] = '\0';
    if (smr_funnel_builder_set_ties(builder, NULL, column, is_lower ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER, &error))
        return fail_option(tool, OPTION_TIE_BREAK, &error);
    return TOOL_FINE;
}

static int apply_options(cli_tool *tool, smr_funnel_builder *builder, const smr_funnel *base) {
    const cli_options *options = tool->options;
    smr_error error;
    smr_error_init(&error, sizeof error);
    int code = put_stages(tool, builder, base);
    for (size_t i = 0; i < options->gate_count && !code; ++i)
        code = add_gate(tool, builder, options->gates[i]);
    if (!code && options->tie_break)
        code = set_ties(tool, builder);
    if (!code && (options->given[OPTION_BALLOT_RULE] || options->given[OPTION_INCOMPLETE])
        && smr_funnel_builder_set_ballot_rule(builder, NULL, options->ballot_rule, options->incomplete, &error))
        code = tool_fail(tool, &error, NULL);
    return code;
}

int select_funnel(cli_tool *tool, smr_funnel **funnel) {
    const cli_options *options = tool->options;
    static const option_id changing[] = {OPTION_STAGE, OPTION_GATE, OPTION_TIE_BREAK, OPTION_BALLOT_RULE,
                                         OPTION_INCOMPLETE};
    int changes = 0;
    for (size_t i = 0; i < COUNT(changing); ++i)
        changes |= options->given[changing[i]];
    *funnel = NULL;
    smr_funnel *base = NULL;
    int code = TOOL_FINE;
    if (options->funnel || !options->stage_count)
        code = select_read(tool, options->funnel ? options->funnel : "icf", &base);
    if (code || !changes) {
        *funnel = base;
        return code;
    }
    smr_error error;
    smr_error_init(&error, sizeof error);
    smr_funnel_builder *builder = NULL;
    if (smr_funnel_builder_new(tool->context, base, &builder, &error))
        code = tool_fail(tool, &error, NULL);
    if (!code)
        code = apply_options(tool, builder, base);
    smr_error_init(&error, sizeof error);
    if (!code && smr_funnel_builder_build(builder, funnel, &error))
        code = fail_option(tool, options->stage_count ? OPTION_STAGE : OPTION_GATE, &error);
    smr_funnel_builder_free(builder);
    smr_funnel_unref(base);
    return code;
}

/* ---- --ballots ---- */

/* The path of a file that is named in another one. */
static char *path_beside(const char *file, const char *name) {
    const char *slash = file && strcmp(file, "-") ? strrchr(file, '/') : NULL;
    size_t folder = slash && name[0] != '/' ? (size_t)(slash - file) + 1 : 0, length = strlen(name);
    char *path = malloc(folder + length + 1);
    if (path) {
        memcpy(path, file ? file : "", folder);
        memcpy(path + folder, name, length + 1);
    }
    return path;
}

static int read_ballots(cli_tool *tool, const char *path, smr_ballots **ballots) {
    smr_error error;
    smr_error_init(&error, sizeof error);
    cli_input in;
    int code = input_open(&in, path, NULL);
    if (code)
        return code;
    if (smr_ballots_read_csv(tool->context, input_read, &in, input_name(path), ballots, &error))
        code = in.failure || in.interrupted ? input_error(&in) : tool_fail(tool, &error, in.name);
    input_close(&in);
    return code;
}

/* Length of the id of a stage before "=" in a --ballots; 0: the whole is a file. */
static size_t stage_length(const smr_funnel *funnel, const char *text, size_t *stage) {
    const char *id;
    for (size_t i = 0; (id = smr_funnel_stage_id(funnel, i)) != NULL; ++i) {
        size_t length = strlen(id);
        if (!strncmp(id, text, length) && text[length] == '=') {
            *stage = i;
            return length + 1;
        }
    }
    return 0;
}

/* Which stage each --ballots is of; paths: one a stage. */
static int assign_ballots(const cli_options *options, const smr_funnel *funnel, const char **paths) {
    for (size_t i = 0; i < options->ballot_count; ++i) {
        size_t stage = 0, counting = 0, length = stage_length(funnel, options->ballots[i], &stage);
        for (size_t k = 0; k < smr_funnel_stage_count(funnel) && !length; ++k)
            if (smr_funnel_stage_has_ballots(funnel, k)) {
                stage = k;
                ++counting;
            }
        if ((!length && counting == 0) || (length && !smr_funnel_stage_has_ballots(funnel, stage)))
            return usage_error(options->verb, "--ballots %s: %s counts ballots; give the part with --stage, as in "
                               "winner:1:previous=0.5,ballots=0.5", options->ballots[i],
                               length ? "that stage does not, no part of it" : "no stage");
        if (!length && counting > 1)
            return usage_error(options->verb, "--ballots %s: several stages count ballots, write STAGE=FILE",
                               options->ballots[i]);
        if (paths[stage])
            return usage_error(options->verb, "--ballots of stage \"%s\" are given twice",
                               smr_funnel_stage_id(funnel, stage));
        paths[stage] = options->ballots[i] + length;
    }
    return TOOL_FINE;
}

static int read_all(cli_tool *tool, const smr_funnel *funnel, const char **paths, smr_ballots **ballots) {
    int code = TOOL_FINE;
    for (size_t i = 0; i < smr_funnel_stage_count(funnel) && !code; ++i) {
        if (!smr_funnel_stage_has_ballots(funnel, i))
            continue;
        const char *named = smr_funnel_stage_ballots(funnel, i);
        char *beside = !paths[i] && named ? path_beside(tool->options->funnel, named) : NULL;
        if (!paths[i] && !named)
            return usage_error(tool->options->verb, "stage \"%s\" counts ballots, give them with --ballots",
                               smr_funnel_stage_id(funnel, i));
        code = paths[i]  ? read_ballots(tool, paths[i], &ballots[i])
               : beside ? read_ballots(tool, beside, &ballots[i])
                         : file_error(TOOL_OUTPUT, NULL, "out of memory");
        free(beside);
    }
    return code;
}

int select_ballots(cli_tool *tool, const smr_funnel *funnel, smr_ballots ***ballots) {
    size_t count = smr_funnel_stage_count(funnel), counting = 0;
    for (size_t i = 0; i < count; ++i)
        counting += smr_funnel_stage_has_ballots(funnel, i) != 0;
    *ballots = NULL;
    const char **paths = calloc(count, sizeof *paths);
    if (counting)
        *ballots = calloc(count, sizeof **ballots);
    int code = paths && (*ballots || !counting) ? assign_ballots(tool->options, funnel, paths)
                                                : file_error(TOOL_OUTPUT, NULL, "out of memory");
    if (!code && counting)
        code = read_all(tool, funnel, paths, *ballots);
    free(paths);
    return code;
}

void select_free_ballots(smr_ballots **ballots, const smr_funnel *funnel) {
    for (size_t i = 0; ballots && i < smr_funnel_stage_count(funnel); ++i)
        smr_ballots_unref(ballots[i]);
    free(ballots);
}
