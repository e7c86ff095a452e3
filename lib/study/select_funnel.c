/* SPDX-License-Identifier: MIT */
/* The sealed funnel: what it says, its copies, its checks as a whole, and those that come with the library. */

#include "study/select_impl.h"

const char *const smri_gate_names[SMR_GATE_NAMED] = {"criteria", "index", "coverage", "score"};

uint32_t smri_funnel_find(const smri_funnel_data *data, const char *id)
{
    for (uint32_t i = 0; i < data->stage_count; i++)
        if (strcmp(data->stages[i].id, id) == 0)
            return i;
    return SMRI_NONE;
}

bool smri_funnel_counts_ballots(const smri_funnel_stage *stage)
{
    for (uint32_t i = 0; i < stage->part_count; i++)
        if (strcmp(stage->parts[i].name, "ballots") == 0 && stage->parts[i].weight > 0)
            return true;
    return false;
}

smr_status smri_funnel_fail(const char *source_name, uint32_t stage, const char *member, smr_error *error,
                            int32_t code, const char *const *texts, size_t count)
{
    static const char opening[] = "stages[";
    char path[SMRI_INTEGER_SIZE + sizeof opening] = "", subject[SMR_ERROR_SUBJECT_SIZE];
    if (stage != SMRI_NONE) {
        memcpy(path, opening, sizeof opening);
        smri_text_integer(path + sizeof opening - 1, stage);
        memcpy(path + strlen(path), "]", 2);
    }
    smri_path_join(subject, path, member);
    const smri_place place = {.source = source_name, .subject = subject};
    return smri_fail_texts(error, code, &place, texts, count);
}

/* ---- copies ---- */

/* The list in its own order. */
static bool copy_labels(smri_arena *arena, const smri_label *from, smri_label **to)
{
    *to = NULL;
    for (smri_label **next = to; from; from = from->next, next = &(*next)->next) {
        *next = smri_label_new(arena, from->key, from->text);
        if (!*next)
            return false;
    }
    return true;
}

static bool copy_gates(smri_arena *arena, const smri_funnel_gates *from, smri_funnel_gates *to)
{
    *to = (smri_funnel_gates){.items = smri_arena_calloc(arena, (size_t)from->count + 1, sizeof *to->items),
                              .count = from->count};
    bool fine = to->items != NULL;
    for (uint32_t i = 0; fine && i < from->count; i++) {
        to->items[i] = from->items[i];
        fine = smri_arena_keep(arena, from->items[i].name, &to->items[i].name);
    }
    return fine;
}

static bool copy_ties(smri_arena *arena, const smri_funnel_ties *from, smri_funnel_ties *to)
{
    *to = *from;
    return smri_arena_keep(arena, from->column, &to->column);
}

static bool copy_stage(smri_arena *arena, const smri_funnel_stage *from, smri_funnel_stage *to)
{
    *to = *from;
    to->part_capacity = 0;
    to->parts = smri_arena_calloc(arena, (size_t)from->part_count + 1, sizeof *to->parts);
    bool fine = to->parts && smri_arena_keep(arena, from->id, &to->id) &&
                smri_arena_keep(arena, from->ballots, &to->ballots) && copy_labels(arena, from->names, &to->names) &&
                copy_gates(arena, &from->gates, &to->gates) && copy_ties(arena, &from->ties, &to->ties);
    for (uint32_t i = 0; fine && i < from->part_count; i++) {
        to->parts[i] = from->parts[i];
        fine = smri_arena_keep(arena, from->parts[i].name, &to->parts[i].name);
    }
    return fine;
}

static bool copy_eligibility(smri_arena *arena, const smr_eligibility *from, smr_eligibility *to)
{
    *to = *from;
    const char **grades = smri_arena_calloc(arena, from->grade_count + 1, sizeof *grades);
    bool fine = grades && smri_arena_keep(arena, from->age_column, &to->age_column) &&
                smri_arena_keep(arena, from->evidence_column, &to->evidence_column) &&
                smri_arena_keep(arena, from->evidence, &to->evidence);
    for (size_t i = 0; fine && from->grades && i < from->grade_count; i++)
        fine = smri_arena_keep(arena, from->grades[i], &grades[i]);
    to->grades = from->grades ? grades : NULL;
    return fine;
}

bool smri_funnel_copy(smri_arena *arena, const smri_funnel_data *from, smri_funnel_data *to)
{
    *to = *from;
    to->stage_capacity = 0;
    to->stages = smri_arena_calloc(arena, (size_t)from->stage_count + 1, sizeof *to->stages);
    bool fine = to->stages && copy_labels(arena, from->names, &to->names) &&
                copy_gates(arena, &from->gates, &to->gates) && copy_ties(arena, &from->ties, &to->ties) &&
                copy_eligibility(arena, &from->eligibility, &to->eligibility);
    for (uint32_t i = 0; fine && i < from->stage_count; i++)
        fine = copy_stage(arena, &from->stages[i], &to->stages[i]);
    return fine;
}

/* ---- the funnel as a whole ---- */

static smr_status check_stage(const smr_funnel_builder *builder, uint32_t number, uint64_t *least, smr_error *error)
{
    const smri_funnel_stage *stage = &builder->data.stages[number];
    if (stage->keep == 0 && stage->gates.count == 0 && builder->data.gates.count == 0)
        return smri_funnel_tell(builder->source_name, number, "keep", error, SMR_MESSAGE_FUNNEL_KEEPS_ALL, stage->id);
    if (stage->keep > 0 && *least > 0 && stage->keep > *least) {
        char keep[SMRI_INTEGER_SIZE], before[SMRI_INTEGER_SIZE];
        return smri_funnel_tell(builder->source_name, number, "keep", error, SMR_MESSAGE_FUNNEL_KEEP_RISES, stage->id,
                                smri_text_integer(keep, stage->keep), smri_text_integer(before, *least));
    }
    *least = stage->keep > 0 ? stage->keep : *least;
    double total = 0;
    for (uint32_t i = 0; i < stage->part_count; i++)
        total += stage->parts[i].weight;
    if (stage->part_count > 0 && !(total > 0 && total <= DBL_MAX))
        return smri_funnel_tell(builder->source_name, number, "score", error, SMR_MESSAGE_FUNNEL_WEIGHTS, stage->id);
    if (stage->ballots && !smri_funnel_counts_ballots(stage))
        return smri_funnel_tell(builder->source_name, number, "ballots", error, SMR_MESSAGE_FUNNEL_BALLOTS_UNUSED,
                                stage->id);
    return SMR_OK;
}

smr_status smr_funnel_builder_build(const smr_funnel_builder *builder, smr_funnel **funnel, smr_error *error)
{
    if (!funnel)
        return smri_fail_argument(error, "funnel", "a place for the result");
    *funnel = NULL;
    if (!builder)
        return smri_fail_argument(error, "builder", "not NULL");
    if (builder->data.stage_count == 0) {
        const smri_place place = {.source = builder->source_name, .subject = "stages"};
        return smri_fail_plain(error, SMR_MESSAGE_FUNNEL_EMPTY, &place);
    }
    uint64_t least = 0;
    for (uint32_t i = 0; i < builder->data.stage_count; i++) {
        const smr_status status = check_stage(builder, i, &least, error);
        if (status != SMR_OK)
            return status;
    }
    const smr_context *memory = smri_context(builder->context);
    smr_funnel *made = smri_calloc(memory, 1, sizeof *made);
    if (!made)
        return smri_fail_memory(error);
    atomic_init(&made->references, 1);
    made->context = smr_context_ref(builder->context);
    smri_arena_init(&made->arena, memory);
    if (!smri_funnel_copy(&made->arena, &builder->data, &made->data) ||
        !smri_arena_keep(&made->arena, builder->source_name, &made->source_name)) {
        smr_funnel_unref(made);
        return smri_fail_memory(error);
    }
    *funnel = made;
    return SMR_OK;
}

/* ---- built in ---- */

typedef struct built_in_stage {
    const char *id, *en, *vi;
    uint64_t keep;
} built_in_stage;

static const built_in_stage icf_stages[] = {
    {"smart21", "Smart21", "Smart21", 21},
    {"top7", "Top7", "Top7", 7},
    {"winner", "Intelligent Community of the Year", "Cộng đồng thông minh của năm", 1},
};

static smr_status put_icf(smr_funnel_builder *builder, smr_error *error)
{
    smr_eligibility eligibility;
    smr_eligibility_init(&eligibility, sizeof eligibility);
    eligibility.max_age_years = 3;
    eligibility.optional = 1;
    smr_status status = smr_funnel_builder_set_eligibility(builder, &eligibility, error);
    for (size_t i = 0; status == SMR_OK && i < SMRI_COUNT(icf_stages); i++) {
        const built_in_stage *stage = &icf_stages[i];
        smr_stage_options options;
        smr_stage_options_init(&options, sizeof options);
        options.keep = stage->keep;
        status = smr_funnel_builder_put_stage(builder, stage->id, &options, error);
        if (status == SMR_OK)
            status = smr_funnel_builder_add_name(builder, stage->id, "en", stage->en, error);
        if (status == SMR_OK)
            status = smr_funnel_builder_add_name(builder, stage->id, "vi", stage->vi, error);
    }
    builder->data.unpublished = true;
    return status;
}

const char *smr_funnel_builtin_name(size_t index)
{
    return index == 0 ? "icf" : NULL;
}

smr_status smr_funnel_builtin(smr_context *context, const char *name, smr_funnel **funnel, smr_error *error)
{
    if (!funnel)
        return smri_fail_argument(error, "funnel", "a place for the result");
    *funnel = NULL;
    if (!name)
        return smri_fail_argument(error, "name", "not NULL");
    if (strcmp(name, "icf") != 0) {
        static const char *const names[] = {"icf"};
        char hint[SMRI_PLAN_TEXT];
        smri_did_you_mean(hint, smri_text_nearest(name, names, 1));
        return smri_fail(error, SMR_MESSAGE_NAME_UNKNOWN, NULL, "funnel", name, hint);
    }
    smr_funnel_builder *builder = NULL;
    smr_status status = smr_funnel_builder_new(context, NULL, &builder, error);
    if (status == SMR_OK)
        status = put_icf(builder, error);
    if (status == SMR_OK)
        status = smr_funnel_builder_build(builder, funnel, error);
    smr_funnel_builder_free(builder);
    return status;
}

/* ---- the handle ---- */

smr_funnel *smr_funnel_ref(smr_funnel *funnel)
{
    if (funnel)
        atomic_fetch_add_explicit(&funnel->references, 1, memory_order_relaxed);
    return funnel;
}

void smr_funnel_unref(smr_funnel *funnel)
{
    if (!funnel || atomic_fetch_sub_explicit(&funnel->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = funnel->context;
    smri_arena_free(&funnel->arena);
    smri_free(smri_context(context), funnel);
    smr_context_unref(context);
}

static const smri_funnel_stage *stage_at(const smr_funnel *funnel, size_t stage)
{
    return funnel && stage < funnel->data.stage_count ? &funnel->data.stages[stage] : NULL;
}

size_t smr_funnel_stage_count(const smr_funnel *funnel)
{
    return funnel ? funnel->data.stage_count : 0;
}

const char *smr_funnel_stage_id(const smr_funnel *funnel, size_t stage)
{
    const smri_funnel_stage *at = stage_at(funnel, stage);
    return at ? at->id : NULL;
}

const char *smr_funnel_stage_name(const smr_funnel *funnel, size_t stage, const char *language)
{
    const smri_funnel_stage *at = stage_at(funnel, stage);
    for (const smri_label *name = at ? at->names : NULL; name; name = name->next)
        if (strcmp(name->key, language ? language : "en") == 0)
            return name->text;
    return at ? at->id : NULL;
}

uint64_t smr_funnel_stage_keep(const smr_funnel *funnel, size_t stage)
{
    const smri_funnel_stage *at = stage_at(funnel, stage);
    return at ? at->keep : 0;
}

int32_t smr_funnel_stage_has_ballots(const smr_funnel *funnel, size_t stage)
{
    const smri_funnel_stage *at = stage_at(funnel, stage);
    return at && smri_funnel_counts_ballots(at);
}

const char *smr_funnel_stage_ballots(const smr_funnel *funnel, size_t stage)
{
    const smri_funnel_stage *at = stage_at(funnel, stage);
    return at ? at->ballots : NULL;
}
