/* SPDX-License-Identifier: MIT */
/* A funnel from and to JSON. Keys and types are checked here; what they mean is the builder's. */

#include "io/io_impl.h"

#include "study/select_impl.h"

#define FUNNEL_FORMAT "smartregion-funnel"

typedef struct reader {
    smr_funnel_builder *builder;
    const char *source_name;
    smr_error *error;
} reader;

/* An object of the file: its stage (SMRI_NONE: none) and its path there. */
typedef struct place {
    const reader *in;
    const smri_value *object;
    uint32_t stage;
    const char *path;
} place;

static const smri_value *get(const place *at, const char *key)
{
    const smri_value *member = smri_value_get(at->object, key);
    return member && member->type != SMRI_NULL ? member : NULL;
}

static smr_status fail_type(const place *at, const char *key, const smri_value *found, const char *expected)
{
    char path[SMR_ERROR_SUBJECT_SIZE], description[SMRI_EXCERPT_SIZE];
    smri_path_join(path, at->path, key);
    smri_json_describe(found, description);
    return smri_funnel_tell(at->in->source_name, at->stage, path, at->in->error, SMR_MESSAGE_FUNNEL_VALUE, description,
                            expected);
}

static smr_status check_keys(const place *at, const char *const *keys, size_t count)
{
    if (at->object->type != SMRI_OBJECT)
        return fail_type(at, NULL, at->object, "an object");
    for (const smri_value *member = at->object->first; member; member = member->next) {
        size_t i = 0;
        while (i < count && strcmp(keys[i], member->key) != 0)
            i++;
        if (i < count)
            continue;
        char path[SMR_ERROR_SUBJECT_SIZE], hint[SMRI_NEAREST_SIZE];
        smri_path_join(path, at->path, member->key);
        smri_text_suggest(hint, member->key, keys, count);
        return smri_funnel_tell(at->in->source_name, at->stage, path, at->in->error, SMR_MESSAGE_FUNNEL_KEY_UNKNOWN,
                                member->key, hint);
    }
    return SMR_OK;
}

/* What the readers below leave as it is when the key is absent. */
static smr_status read_number(const place *at, const char *key, double *number)
{
    const smri_value *member = get(at, key);
    if (member && member->type != SMRI_NUMBER)
        return fail_type(at, key, member, "a number");
    *number = member ? member->number : *number;
    return SMR_OK;
}

static smr_status read_text(const place *at, const char *key, const char **text)
{
    const smri_value *member = get(at, key);
    if (member && (member->type != SMRI_TEXT || member->text[0] == '\0'))
        return fail_type(at, key, member, "a text");
    *text = member ? member->text : *text;
    return SMR_OK;
}

/* A whole number from least to most. */
static smr_status read_count(const place *at, const char *key, double least, double most, const char *expected,
                             double *count)
{
    const smri_value *member = get(at, key);
    if (!member)
        return SMR_OK;
    if (member->type != SMRI_NUMBER || !(member->number >= least && member->number <= most) ||
        (double)(int64_t)member->number != member->number)
        return fail_type(at, key, member, expected);
    *count = member->number;
    return SMR_OK;
}

static smr_status read_choice(const place *at, const char *key, const char *const *words, size_t count,
                              const char *expected, int32_t *choice)
{
    const char *text = NULL;
    const smr_status status = read_text(at, key, &text);
    if (status != SMR_OK || !text)
        return status;
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], text) == 0) {
            *choice = (int32_t)i;
            return SMR_OK;
        }
    return fail_type(at, key, get(at, key), expected);
}

/* Names by language, or one text, which is English. */
static smr_status read_names(const place *at, const char *stage)
{
    const smri_value *names = get(at, "name");
    if (!names)
        return SMR_OK;
    if (names->type == SMRI_TEXT)
        return smr_funnel_builder_add_name(at->in->builder, stage, "en", names->text, at->in->error);
    if (names->type != SMRI_OBJECT)
        return fail_type(at, "name", names, "a text, or an object of texts by language");
    smr_status status = SMR_OK;
    for (const smri_value *name = names->first; status == SMR_OK && name; name = name->next)
        status = name->type == SMRI_TEXT
                     ? smr_funnel_builder_add_name(at->in->builder, stage, name->key, name->text, at->in->error)
                     : fail_type(at, "name", name, "a text");
    return status;
}

/* "keep", or an object that names a column. */
static smr_status read_ties(const place *at, const char *stage)
{
    static const char *const keys[] = {"by", "direction"}, *const directions[] = {"higher", "lower"};
    const smri_value *ties = get(at, "ties");
    static const char expected[] = "\"keep\", or an object such as {\"by\": \"population\"}";
    if (!ties)
        return SMR_OK;
    if (ties->type == SMRI_TEXT && strcmp(ties->text, "keep") == 0)
        return smr_funnel_builder_set_ties(at->in->builder, stage, NULL, SMR_DIRECTION_HIGHER, at->in->error);
    if (ties->type != SMRI_OBJECT)
        return fail_type(at, "ties", ties, expected);
    const place inside = {at->in, ties, at->stage, "ties"};
    const char *column = NULL;
    int32_t direction = 0;
    smr_status status = check_keys(&inside, keys, SMRI_COUNT(keys));
    if (status == SMR_OK)
        status = read_text(&inside, "by", &column);
    if (status == SMR_OK && !column)
        status = fail_type(at, "ties", ties, expected);
    if (status == SMR_OK)
        status = read_choice(&inside, "direction", directions, 2, "\"higher\" or \"lower\"", &direction);
    return status == SMR_OK ? smr_funnel_builder_set_ties(at->in->builder, stage, column,
                                                          direction ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER,
                                                          at->in->error)
                            : status;
}

/* A number for a kind, an object of numbers for names. */
static smr_status read_gates(const place *at, const char *stage)
{
    const smri_value *gates = get(at, "gates");
    if (!gates)
        return SMR_OK;
    static const char *const keys[] = {"criteria", "index", "coverage", "score", "nodes", "columns"};
    const place inside = {at->in, gates, at->stage, "gates"};
    smr_status status = check_keys(&inside, keys, SMRI_COUNT(keys));
    for (const smri_value *gate = gates->first; status == SMR_OK && gate; gate = gate->next) {
        int32_t kind = 0;
        while (kind < SMR_GATE_NAMED && strcmp(smri_gate_names[kind], gate->key) != 0)
            kind++;
        if (gate->type == SMRI_NUMBER && kind < SMR_GATE_NAMED) {
            status = smr_funnel_builder_add_gate(at->in->builder, stage, kind, NULL, gate->number, at->in->error);
            continue;
        }
        if (gate->type == SMRI_NULL)
            continue;
        if (gate->type != SMRI_OBJECT || (kind != SMR_GATE_CRITERIA && kind != SMR_GATE_NAMED))
            return fail_type(&inside, gate->key, gate,
                             kind == SMR_GATE_NAMED      ? "an object of names and numbers"
                             : kind == SMR_GATE_CRITERIA ? "a number for all, or an object of ids and numbers"
                                                         : "a number");
        for (const smri_value *named = gate->first; status == SMR_OK && named; named = named->next)
            status = named->type == SMRI_NUMBER
                         ? smr_funnel_builder_add_gate(at->in->builder, stage, SMR_GATE_NAMED, named->key,
                                                       named->number, at->in->error)
                         : fail_type(&inside, named->key, named, "a number");
    }
    return status;
}

/* A weight, or an object with one. */
static smr_status read_part(const place *at, const char *stage, const smri_value *part)
{
    static const char *const keys[] = {"weight", "scale", "direction"}, *const directions[] = {"higher", "lower"};
    smr_part_options options;
    smr_part_options_init(&options, sizeof options);
    char path[SMR_ERROR_SUBJECT_SIZE];
    smri_path_join(path, "score", part->key);
    const place inside = {at->in, part, at->stage, path};
    smr_status status = SMR_OK;
    if (part->type == SMRI_NUMBER) {
        options.weight = part->number;
    } else if (part->type == SMRI_OBJECT) {
        int32_t direction = 0;
        const smri_value *scale = get(&inside, "scale");
        status = check_keys(&inside, keys, SMRI_COUNT(keys));
        if (status == SMR_OK)
            status = read_number(&inside, "weight", &options.weight);
        if (status == SMR_OK)
            status = read_choice(&inside, "direction", directions, 2, "\"higher\" or \"lower\"", &direction);
        options.direction = direction ? SMR_DIRECTION_LOWER : SMR_DIRECTION_HIGHER;
        if (status == SMR_OK && scale && (scale->type != SMRI_ARRAY || scale->count != 2 ||
                                          scale->first->type != SMRI_NUMBER || scale->last->type != SMRI_NUMBER))
            status = fail_type(&inside, "scale", scale, "a list [worst, best] of two numbers");
        else if (scale) {
            options.worst = scale->first->number;
            options.best = scale->last->number;
        }
    } else {
        status = fail_type(at, path, part, "a weight, or an object with one");
    }
    return status == SMR_OK ? smr_funnel_builder_add_part(at->in->builder, stage, part->key, &options, at->in->error)
                            : status;
}

static smr_status read_score(const place *at, const char *stage)
{
    const smri_value *score = get(at, "score");
    if (!score)
        return SMR_OK;
    if (score->type != SMRI_OBJECT || score->count == 0)
        return fail_type(at, "score", score, "an object of parts and weights, such as {\"index\": 1}");
    smr_status status = SMR_OK;
    for (const smri_value *part = score->first; status == SMR_OK && part; part = part->next)
        status = read_part(at, stage, part);
    return status;
}

static smr_status read_stage(const reader *in, const smri_value *object, uint32_t number)
{
    static const char *const keys[] = {"id",    "name",    "note",        "keep",             "gates",
                                       "score", "ballots", "ballot_rule", "ballot_incomplete", "ties"};
    static const char *const rules[] = {"borda", "mean_rank", "median_rank", "copeland", "kemeny"};
    const place at = {in, object, number, ""};
    const char *id = NULL;
    smr_stage_options options;
    smr_stage_options_init(&options, sizeof options);
    double keep = 0;
    smr_status status = check_keys(&at, keys, SMRI_COUNT(keys));
    if (status == SMR_OK)
        status = read_text(&at, "id", &id);
    if (status == SMR_OK && !id)
        status = smri_funnel_tell(in->source_name, number, "id", in->error, SMR_MESSAGE_FUNNEL_VALUE, "no id",
                                  "a text, such as \"top7\"");
    if (status == SMR_OK && smri_funnel_find(&in->builder->data, id) != SMRI_NONE)
        status = smri_funnel_tell(in->source_name, number, "id", in->error, SMR_MESSAGE_FUNNEL_STAGE_TWICE, id);
    if (status == SMR_OK)
        status = read_count(&at, "keep", 1, 9007199254740992.0, "a whole number, 1 or more", &keep);
    if (status == SMR_OK)
        status = read_text(&at, "ballots", &options.ballots);
    if (status == SMR_OK)
        status = read_choice(&at, "ballot_rule", rules, SMRI_COUNT(rules),
                             "one of borda, mean_rank, median_rank, copeland, kemeny", &options.ballot_rule);
    if (status == SMR_OK)
        status = read_choice(&at, "ballot_incomplete", smri_ballot_incomplete_names, 2, "share or abstain",
                             &options.ballot_incomplete);
    options.keep = (uint64_t)keep;
    if (status == SMR_OK)
        status = smr_funnel_builder_put_stage(in->builder, id, &options, in->error);
    if (status == SMR_OK)
        status = read_names(&at, id);
    if (status == SMR_OK)
        status = read_gates(&at, id);
    if (status == SMR_OK)
        status = read_score(&at, id);
    return status == SMR_OK ? read_ties(&at, id) : status;
}

static smr_status read_evidence(const place *at, smr_eligibility *eligibility, const char **grades, size_t most)
{
    static const char *const keys[] = {"column", "at_least", "grades"};
    const smri_value *evidence = get(at, "evidence");
    if (!evidence)
        return SMR_OK;
    const place inside = {at->in, evidence, SMRI_NONE, "eligible.evidence"};
    smr_status status = check_keys(&inside, keys, SMRI_COUNT(keys));
    if (status == SMR_OK)
        status = read_text(&inside, "column", &eligibility->evidence_column);
    if (status == SMR_OK)
        status = read_text(&inside, "at_least", &eligibility->evidence);
    const smri_value *list = status == SMR_OK ? get(&inside, "grades") : NULL;
    if (list && (list->type != SMRI_ARRAY || list->count == 0 || list->count > most))
        status = fail_type(&inside, "grades", list, "a list of grades from worst to best");
    for (const smri_value *grade = list ? list->first : NULL; status == SMR_OK && grade; grade = grade->next) {
        if (grade->type != SMRI_TEXT)
            status = fail_type(&inside, "grades", grade, "a text");
        else
            grades[eligibility->grade_count++] = grade->text;
    }
    if (list)
        eligibility->grades = grades;
    if (status == SMR_OK && !eligibility->evidence)
        status = smri_funnel_tell(at->in->source_name, SMRI_NONE, "eligible.evidence.at_least", at->in->error,
                                  SMR_MESSAGE_FUNNEL_VALUE, "no grade", "the least grade, such as \"third_party\"");
    return status;
}

static smr_status read_eligible(const place *root)
{
    enum { MOST_GRADES = 64 };
    static const char *const keys[] = {"max_age_years", "age_column", "year",   "evidence",
                                       "coverage",      "optional",   "note"};
    const smri_value *eligible = get(root, "eligible");
    if (!eligible)
        return SMR_OK;
    const place at = {root->in, eligible, SMRI_NONE, "eligible"};
    const char *grades[MOST_GRADES];
    smr_eligibility eligibility;
    smr_eligibility_init(&eligibility, sizeof eligibility);
    double year = 0;
    smr_status status = check_keys(&at, keys, SMRI_COUNT(keys));
    if (status == SMR_OK)
        status = read_number(&at, "max_age_years", &eligibility.max_age_years);
    if (status == SMR_OK)
        status = read_text(&at, "age_column", &eligibility.age_column);
    if (status == SMR_OK)
        status = read_count(&at, "year", 1, 9999, "a year", &year);
    if (status == SMR_OK)
        status = read_number(&at, "coverage", &eligibility.coverage);
    const smri_value *optional = status == SMR_OK ? get(&at, "optional") : NULL;
    if (optional && optional->type != SMRI_BOOL)
        status = fail_type(&at, "optional", optional, "true or false");
    if (status == SMR_OK)
        status = read_evidence(&at, &eligibility, grades, MOST_GRADES);
    eligibility.year = (int32_t)year;
    eligibility.optional = optional && optional->number != 0;
    return status == SMR_OK ? smr_funnel_builder_set_eligibility(root->in->builder, &eligibility, root->in->error)
                            : status;
}

static smr_status read_root(const reader *in, const smri_value *root)
{
    static const char *const keys[] = {"format", "name", "note", "ties", "gates", "eligible", "stages"};
    const place at = {in, root, SMRI_NONE, ""};
    if (root->type != SMRI_OBJECT)
        return fail_type(&at, NULL, root, "an object with \"stages\"");
    smr_status status = smri_json_check_format(root, FUNNEL_FORMAT, in->source_name, in->error);
    if (status == SMR_OK)
        status = check_keys(&at, keys, SMRI_COUNT(keys));
    if (status == SMR_OK)
        status = read_names(&at, NULL);
    if (status == SMR_OK)
        status = read_gates(&at, NULL);
    if (status == SMR_OK)
        status = read_ties(&at, NULL);
    if (status == SMR_OK)
        status = read_eligible(&at);
    const smri_value *stages = status == SMR_OK ? get(&at, "stages") : NULL;
    if (stages && stages->type != SMRI_ARRAY)
        status = fail_type(&at, "stages", stages, "a list of stages");
    uint32_t number = 0;
    for (const smri_value *stage = stages ? stages->first : NULL; status == SMR_OK && stage; stage = stage->next)
        status = read_stage(in, stage, number++);
    return status;
}

smr_status smr_funnel_read(smr_context *context, const char *text, size_t length, const char *source_name,
                           smr_funnel **funnel, smr_error *error)
{
    if (!funnel)
        return smri_fail_argument(error, "funnel", "a place for the result");
    *funnel = NULL;
    if (!text)
        return smri_fail_argument(error, "text", "not NULL");
    const smr_context *memory = smri_context(context);
    smri_arena arena;
    smri_arena_init(&arena, memory);
    reader in = {.source_name = source_name, .error = error};
    const smri_value *root = NULL;
    smr_status status = smri_json_read(memory, &arena, text, length, source_name, &root, error);
    if (status == SMR_OK)
        status = smr_funnel_builder_new(context, NULL, &in.builder, error);
    if (status == SMR_OK && !smri_funnel_builder_set_source(in.builder, source_name))
        status = smri_fail_memory(error);
    if (status == SMR_OK)
        status = read_root(&in, root);
    if (status == SMR_OK)
        status = smr_funnel_builder_build(in.builder, funnel, error);
    smr_funnel_builder_free(in.builder);
    smri_arena_free(&arena);
    return status;
}
