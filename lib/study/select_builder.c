/* SPDX-License-Identifier: MIT */
/* A funnel in the making, call by call. Messages name the place as in the funnel's JSON. */

#include "study/select_impl.h"

static const char *const default_grades[] = {"self_reported", "third_party", "audited"};

void smr_stage_options_init(smr_stage_options *options, size_t size)
{
    static const smr_stage_options defaults = {.size = sizeof(smr_stage_options)};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

void smr_part_options_init(smr_part_options *options, size_t size)
{
    static const smr_part_options defaults = {.size = sizeof(smr_part_options),
                                              .direction = SMR_DIRECTION_HIGHER,
                                              .weight = 1,
                                              .worst = NAN,
                                              .best = NAN};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

void smr_eligibility_init(smr_eligibility *options, size_t size)
{
    static const smr_eligibility defaults = {
        .size = sizeof(smr_eligibility), .max_age_years = NAN, .coverage = NAN};
    smri_options_init(options, size, &defaults, sizeof defaults);
}

/* ---- the builder itself ---- */

static const smr_context *memory_of(const smr_funnel_builder *builder)
{
    return smri_context(builder->context);
}

/* Arrays that the copy of another funnel left in the arena move to where they can grow. */
static bool own_array(const smr_context *memory, void *array_pointer, size_t *capacity, size_t count, size_t size)
{
    void *arena_array;
    memcpy(&arena_array, array_pointer, sizeof arena_array);
    void *own = smri_alloc(memory, count + 1, size);
    memcpy(array_pointer, &own, sizeof own);
    if (!own)
        return false;
    if (count > 0)
        memcpy(own, arena_array, count * size);
    *capacity = count + 1;
    return true;
}

static bool take_base(smr_funnel_builder *builder, const smr_funnel *base)
{
    const smr_context *memory = memory_of(builder);
    smri_funnel_data copy;
    if (!smri_funnel_copy(&builder->arena, &base->data, &copy) ||
        !smri_arena_keep(&builder->arena, base->source_name, &builder->source_name))
        return false;
    const uint32_t stages = copy.stage_count;
    smri_funnel_stage *arena_stages = copy.stages;
    copy.stage_count = 0;
    copy.stages = NULL;
    smri_funnel_gates gates = copy.gates;
    copy.gates = (smri_funnel_gates){.items = NULL};
    builder->data = copy;
    if (!own_array(memory, &gates.items, &gates.capacity, gates.count, sizeof *gates.items))
        return false;
    builder->data.gates = gates;
    if (!smri_grow(memory, &builder->data.stages, &builder->data.stage_capacity, (size_t)stages + 1,
                   sizeof *builder->data.stages))
        return false;
    for (uint32_t i = 0; i < stages; i++) {
        smri_funnel_stage stage = arena_stages[i];
        if (!own_array(memory, &stage.parts, &stage.part_capacity, stage.part_count, sizeof *stage.parts))
            return false;
        if (!own_array(memory, &stage.gates.items, &stage.gates.capacity, stage.gates.count,
                       sizeof *stage.gates.items)) {
            smri_free(memory, stage.parts);
            return false;
        }
        builder->data.stages[builder->data.stage_count++] = stage;
    }
    return true;
}

smr_status smr_funnel_builder_new(smr_context *context, const smr_funnel *base, smr_funnel_builder **builder,
                                  smr_error *error)
{
    if (!builder)
        return smri_fail_argument(error, "builder", "a place for the result");
    *builder = NULL;
    const smr_context *memory = smri_context(context);
    smr_funnel_builder *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    made->context = smr_context_ref(context);
    smri_arena_init(&made->arena, memory);
    smr_eligibility_init(&made->data.eligibility, sizeof made->data.eligibility);
    if (base && !take_base(made, base)) {
        smr_funnel_builder_free(made);
        return smri_fail_memory(error);
    }
    *builder = made;
    return SMR_OK;
}

void smr_funnel_builder_free(smr_funnel_builder *builder)
{
    if (!builder)
        return;
    smr_context *context = builder->context;
    const smr_context *memory = smri_context(context);
    for (uint32_t i = 0; i < builder->data.stage_count; i++) {
        smri_free(memory, builder->data.stages[i].parts);
        smri_free(memory, builder->data.stages[i].gates.items);
    }
    smri_free(memory, builder->data.stages);
    smri_free(memory, builder->data.gates.items);
    smri_arena_free(&builder->arena);
    smri_free(memory, builder);
    smr_context_unref(context);
}

bool smri_funnel_builder_set_source(smr_funnel_builder *builder, const char *source_name)
{
    return smri_arena_keep(&builder->arena, source_name, &builder->source_name);
}

static smr_status fail_value(const smr_funnel_builder *builder, uint32_t stage, const char *member, const char *found,
                             const char *expected, smr_error *error)
{
    return smri_funnel_tell(builder->source_name, stage, member, error, SMR_MESSAGE_FUNNEL_VALUE, found, expected);
}

static smr_status fail_number(const smr_funnel_builder *builder, uint32_t stage, const char *member, double found,
                              const char *expected, smr_error *error)
{
    char text[SMRI_NUMBER_SIZE];
    smri_number_write(text, found);
    return fail_value(builder, stage, member, found != found ? "no number" : text, expected, error);
}

static smr_status check_utf8(const smr_funnel_builder *builder, uint32_t stage, const char *member, const char *text,
                             smr_error *error)
{
    const size_t length = text ? strlen(text) : 0;
    if (!text || smri_utf8_check(text, length) == length)
        return SMR_OK;
    return fail_value(builder, stage, member, "a text that is not UTF-8", "UTF-8", error);
}

/* The stage of an id; NULL is none in particular. */
static smr_status find_stage(const smr_funnel_builder *builder, const char *id, uint32_t *stage, smr_error *error)
{
    *stage = SMRI_NONE;
    if (!id)
        return SMR_OK;
    *stage = smri_funnel_find(&builder->data, id);
    if (*stage != SMRI_NONE)
        return SMR_OK;
    const char *names[64];
    size_t count = 0;
    for (uint32_t i = 0; i < builder->data.stage_count && count < SMRI_COUNT(names); i++)
        names[count++] = builder->data.stages[i].id;
    char hint[SMRI_NEAREST_SIZE];
    smri_text_suggest(hint, id, names, count);
    const smri_place place = {.source = builder->source_name, .subject = "stages"};
    return smri_fail(error, SMR_MESSAGE_FUNNEL_STAGE_UNKNOWN, &place, id, hint);
}

/* ---- stages ---- */

static bool is_id(const char *id)
{
    for (const char *c = id; *c; c++)
        if (!((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' ||
              *c == '.' || *c == '-'))
            return false;
    return id[0] != '\0';
}

smr_status smr_funnel_builder_put_stage(smr_funnel_builder *builder, const char *id, const smr_stage_options *options,
                                        smr_error *error)
{
    if (!builder || !id)
        return smri_fail_argument(error, builder ? "id" : "builder", "not NULL");
    smr_stage_options known;
    smr_stage_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_stage_options", error);
    if (status != SMR_OK)
        return status;
    if (!smr_ballot_rule_name(known.ballot_rule))
        return smri_fail_argument(error, "ballot_rule", "one of smr_ballot_rule");
    if (known.ballot_incomplete < SMR_INCOMPLETE_SHARE || known.ballot_incomplete > SMR_INCOMPLETE_ABSTAIN)
        return smri_fail_argument(error, "ballot_incomplete", "one of smr_ballot_incomplete");
    uint32_t place = smri_funnel_find(&builder->data, id);
    const uint32_t number = place == SMRI_NONE ? builder->data.stage_count : place;
    if (!is_id(id))
        return smri_funnel_tell(builder->source_name, number, "id", error, SMR_MESSAGE_FUNNEL_STAGE_ID, id);
    status = check_utf8(builder, number, "ballots", known.ballots, error);
    if (status != SMR_OK)
        return status;
    smri_funnel_stage made = {.keep = known.keep, .rule = known.ballot_rule, .incomplete = known.ballot_incomplete};
    if (!smri_arena_keep(&builder->arena, id, &made.id) ||
        !smri_arena_keep(&builder->arena, known.ballots, &made.ballots) ||
        !smri_grow(memory_of(builder), &builder->data.stages, &builder->data.stage_capacity, (size_t)number + 1,
                   sizeof *builder->data.stages))
        return smri_fail_memory(error);
    smri_funnel_stage *stage = &builder->data.stages[number];
    if (place == SMRI_NONE) {
        *stage = made;
        builder->data.stage_count++;
        return SMR_OK;
    }
    stage->keep = made.keep;
    stage->rule = made.rule;
    stage->incomplete = made.incomplete;
    stage->ballots = made.ballots;
    stage->part_count = 0;
    return SMR_OK;
}

static bool is_on_range(const char *part)
{
    return strcmp(part, "index") == 0 || strcmp(part, "previous") == 0 || strcmp(part, "ballots") == 0;
}

/* `path` is score.PART. */
static smr_status check_part(const smr_funnel_builder *builder, uint32_t stage, const char *path, const char *part,
                             const smr_part_options *options, smr_error *error)
{
    if (!(options->weight >= 0 && options->weight <= DBL_MAX))
        return fail_number(builder, stage, path, options->weight, "a weight, 0 or more", error);
    const bool scaled = options->worst == options->worst || options->best == options->best;
    if (is_on_range(part) && (scaled || options->direction != SMR_DIRECTION_HIGHER))
        return smri_funnel_tell(builder->source_name, stage, path, error, SMR_MESSAGE_FUNNEL_PART_SCALED, part);
    if (scaled && !(fabs(options->worst) <= DBL_MAX && fabs(options->best) <= DBL_MAX &&
                    options->worst != options->best && fabs(options->best - options->worst) <= DBL_MAX))
        return fail_value(builder, stage, path, "another scale", "two different numbers, from worst to best", error);
    if (scaled && options->direction != SMR_DIRECTION_HIGHER)
        return fail_value(builder, stage, path, "a scale and a direction",
                          "one of them: a scale from worst to best has its direction", error);
    return SMR_OK;
}

smr_status smr_funnel_builder_add_part(smr_funnel_builder *builder, const char *stage, const char *part,
                                       const smr_part_options *options, smr_error *error)
{
    if (!builder || !stage || !part)
        return smri_fail_argument(error, !builder ? "builder" : !stage ? "stage" : "part", "not NULL");
    smr_part_options known;
    smr_part_options_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, options, "smr_part_options", error);
    if (status != SMR_OK)
        return status;
    if (known.direction != SMR_DIRECTION_HIGHER && known.direction != SMR_DIRECTION_LOWER)
        return smri_fail_argument(error, "direction", "higher or lower");
    uint32_t number;
    status = find_stage(builder, stage, &number, error);
    if (status == SMR_OK)
        status = check_utf8(builder, number, "score", part, error);
    if (status == SMR_OK && part[0] == '\0')
        status = fail_value(builder, number, "score", "a part without a name", "index, previous, ballots, a node or a column",
                            error);
    char path[SMR_ERROR_SUBJECT_SIZE];
    smri_path_join(path, "score", part);
    if (status == SMR_OK)
        status = check_part(builder, number, path, part, &known, error);
    if (status != SMR_OK)
        return status;
    smri_funnel_stage *at = &builder->data.stages[number];
    uint32_t place = 0;
    while (place < at->part_count && strcmp(at->parts[place].name, part) != 0)
        place++;
    const char *name = place < at->part_count ? at->parts[place].name : NULL;
    if (!name && (!smri_arena_keep(&builder->arena, part, &name) ||
                  !smri_grow(memory_of(builder), &at->parts, &at->part_capacity, (size_t)place + 1, sizeof *at->parts)))
        return smri_fail_memory(error);
    at->part_count = SMRI_MAX(at->part_count, place + 1);
    at->parts[place] = (smri_funnel_part){.name = name,
                                          .weight = known.weight,
                                          .worst = known.worst,
                                          .best = known.best,
                                          .lower = known.direction == SMR_DIRECTION_LOWER};
    return SMR_OK;
}

/* ---- gates, ties, eligibility, names ---- */

smr_status smr_funnel_builder_add_gate(smr_funnel_builder *builder, const char *stage, int32_t kind, const char *name,
                                       double least, smr_error *error)
{
    if (!builder)
        return smri_fail_argument(error, "builder", "not NULL");
    if (kind < SMR_GATE_CRITERIA || kind > SMR_GATE_NAMED)
        return smri_fail_argument(error, "kind", "one of smr_gate_kind");
    if ((kind == SMR_GATE_NAMED) != (name != NULL))
        return smri_fail_argument(error, "name", kind == SMR_GATE_NAMED ? "a node or a column" : "NULL");
    uint32_t number;
    smr_status status = find_stage(builder, stage, &number, error);
    if (status == SMR_OK)
        status = check_utf8(builder, number, "gates", name, error);
    char path[SMR_ERROR_SUBJECT_SIZE];
    smri_path_join(path, "gates", name ? name : smri_gate_names[kind]);
    if (status == SMR_OK && !(fabs(least) <= DBL_MAX))
        status = fail_number(builder, number, path, least, "a finite number", error);
    if (status == SMR_OK && kind == SMR_GATE_COVERAGE && !(least >= 0 && least <= 1))
        status = fail_number(builder, number, path, least, "a share, 0 to 1", error);
    if (status != SMR_OK)
        return status;
    smri_funnel_gates *gates = number == SMRI_NONE ? &builder->data.gates : &builder->data.stages[number].gates;
    uint32_t place = 0;
    while (place < gates->count &&
           (gates->items[place].kind != kind || !smri_text_equal(gates->items[place].name, name)))
        place++;
    smri_funnel_gate gate = {.kind = kind, .least = least};
    if (!smri_arena_keep(&builder->arena, name, &gate.name) ||
        !smri_grow(memory_of(builder), &gates->items, &gates->capacity, (size_t)place + 1, sizeof *gates->items))
        return smri_fail_memory(error);
    gates->items[place] = gate;
    gates->count = SMRI_MAX(gates->count, place + 1);
    return SMR_OK;
}

smr_status smr_funnel_builder_set_ties(smr_funnel_builder *builder, const char *stage, const char *column,
                                       int32_t direction, smr_error *error)
{
    if (!builder)
        return smri_fail_argument(error, "builder", "not NULL");
    if (column && direction != SMR_DIRECTION_HIGHER && direction != SMR_DIRECTION_LOWER)
        return smri_fail_argument(error, "direction", "higher or lower");
    uint32_t number;
    smr_status status = find_stage(builder, stage, &number, error);
    if (status == SMR_OK)
        status = check_utf8(builder, number, "ties", column, error);
    if (status == SMR_OK && column && column[0] == '\0')
        status = fail_value(builder, number, "ties", "a column without a name", "a node or a column of numbers", error);
    if (status != SMR_OK)
        return status;
    smri_funnel_ties ties = {.given = true, .lower = column && direction == SMR_DIRECTION_LOWER};
    if (!smri_arena_keep(&builder->arena, column, &ties.column))
        return smri_fail_memory(error);
    *(number == SMRI_NONE ? &builder->data.ties : &builder->data.stages[number].ties) = ties;
    return SMR_OK;
}

smr_status smr_funnel_builder_set_ballot_rule(smr_funnel_builder *builder, const char *stage, int32_t rule,
                                              int32_t incomplete, smr_error *error)
{
    if (!builder)
        return smri_fail_argument(error, "builder", "not NULL");
    if (!smr_ballot_rule_name(rule))
        return smri_fail_argument(error, "rule", "one of smr_ballot_rule");
    if (incomplete < SMR_INCOMPLETE_SHARE || incomplete > SMR_INCOMPLETE_ABSTAIN)
        return smri_fail_argument(error, "incomplete", "one of smr_ballot_incomplete");
    uint32_t number;
    const smr_status status = find_stage(builder, stage, &number, error);
    for (uint32_t i = 0; status == SMR_OK && i < builder->data.stage_count; i++) {
        if (number != SMRI_NONE && number != i)
            continue;
        builder->data.stages[i].rule = rule;
        builder->data.stages[i].incomplete = incomplete;
    }
    return status;
}

static smr_status check_eligibility(const smr_funnel_builder *builder, const smr_eligibility *e, smr_error *error)
{
    if (e->max_age_years == e->max_age_years && !(e->max_age_years >= 0 && e->max_age_years <= DBL_MAX))
        return fail_number(builder, SMRI_NONE, "eligible.max_age_years", e->max_age_years, "years, 0 or more", error);
    if (e->coverage == e->coverage && !(e->coverage >= 0 && e->coverage <= 1))
        return fail_number(builder, SMRI_NONE, "eligible.coverage", e->coverage, "a share, 0 to 1", error);
    const char *const texts[] = {e->age_column, e->evidence_column, e->evidence};
    smr_status status = SMR_OK;
    for (size_t i = 0; status == SMR_OK && i < SMRI_COUNT(texts); i++)
        status = check_utf8(builder, SMRI_NONE, "eligible", texts[i], error);
    bool known = !e->evidence;
    for (size_t i = 0; status == SMR_OK && i < e->grade_count; i++) {
        if (!e->grades[i] || e->grades[i][0] == '\0')
            return fail_value(builder, SMRI_NONE, "eligible.evidence.grades", "a grade without a name", "a text", error);
        for (size_t k = 0; k < i; k++)
            if (strcmp(e->grades[k], e->grades[i]) == 0)
                return fail_value(builder, SMRI_NONE, "eligible.evidence.grades", "a grade twice",
                                  "grades from worst to best", error);
        status = check_utf8(builder, SMRI_NONE, "eligible.evidence.grades", e->grades[i], error);
        known = known || strcmp(e->grades[i], e->evidence) == 0;
    }
    if (status != SMR_OK || known)
        return status;
    char hint[SMRI_NEAREST_SIZE];
    smri_text_suggest(hint, e->evidence, e->grades, e->grade_count);
    return smri_funnel_tell(builder->source_name, SMRI_NONE, "eligible.evidence.at_least", error,
                            SMR_MESSAGE_FUNNEL_GRADE_UNKNOWN, e->evidence, hint);
}

smr_status smr_funnel_builder_set_eligibility(smr_funnel_builder *builder, const smr_eligibility *eligibility,
                                              smr_error *error)
{
    if (!builder)
        return smri_fail_argument(error, "builder", "not NULL");
    smr_eligibility known;
    smr_eligibility_init(&known, sizeof known);
    smr_status status = smri_options_read(&known, sizeof known, eligibility, "smr_eligibility", error);
    if (status != SMR_OK)
        return status;
    if (known.grade_count > 0 && !known.grades)
        return smri_fail_argument(error, "grades", "an array of grade_count texts");
    if (known.evidence && (!known.grades || known.grade_count == 0)) {
        known.grades = default_grades;
        known.grade_count = SMRI_COUNT(default_grades);
    }
    if (known.max_age_years == known.max_age_years && !known.age_column)
        known.age_column = "questionnaire_year";
    if (known.evidence && !known.evidence_column)
        known.evidence_column = "evidence";
    status = check_eligibility(builder, &known, error);
    if (status != SMR_OK)
        return status;
    known.size = sizeof known;
    smri_funnel_data wanted = {.eligibility = known}, copy;
    if (!smri_funnel_copy(&builder->arena, &wanted, &copy))
        return smri_fail_memory(error);
    builder->data.eligibility = copy.eligibility;
    return SMR_OK;
}

smr_status smr_funnel_builder_add_name(smr_funnel_builder *builder, const char *stage, const char *language,
                                       const char *name, smr_error *error)
{
    if (!builder || !language || !name)
        return smri_fail_argument(error, !builder ? "builder" : !language ? "language" : "name", "not NULL");
    uint32_t number;
    smr_status status = find_stage(builder, stage, &number, error);
    if (status == SMR_OK)
        status = check_utf8(builder, number, "name", language, error);
    if (status == SMR_OK)
        status = check_utf8(builder, number, "name", name, error);
    if (status != SMR_OK)
        return status;
    smri_label **place = number == SMRI_NONE ? &builder->data.names : &builder->data.stages[number].names;
    while (*place && strcmp((*place)->key, language) != 0)
        place = &(*place)->next;
    smri_label *label = smri_label_new(&builder->arena, language, name);
    if (!label)
        return smri_fail_memory(error);
    label->next = *place ? (*place)->next : NULL;
    *place = label;
    return SMR_OK;
}
