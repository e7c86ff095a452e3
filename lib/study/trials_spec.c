/* SPDX-License-Identifier: MIT */
/* A spec into factors: every key, id and number is checked, and messages name file, JSON path and factor. */

#include "study/trials_impl.h"

#define PATH_SIZE SMR_ERROR_SUBJECT_SIZE

smr_status smri_spec_fail_texts(const smri_spec_reader *r, const char *member, int32_t code, const char *const *texts,
                                size_t count)
{
    char path[PATH_SIZE];
    smri_path_join(path, r->factor ? r->factor->path : "", member);
    const smri_place place = {.source = r->trials->source_name, .subject = path};
    return smri_fail_texts(r->error, code, &place, texts, count);
}
/* How a value is called in messages. */
static const char *describe(const smri_value *value, char out[SMRI_PLAN_TEXT])
{
    static const char *const names[] = {"null", "a truth value", "a number", "a text", "a list", "an object"};
    if (!value)
        return "absent";
    if (value->type == SMRI_TEXT) {
        smri_text_cut(out, SMRI_PLAN_TEXT, value->text);
        return out;
    }
    if (value->type != SMRI_NUMBER)
        return names[value->type];
    smri_number_write(out, value->number);
    return out;
}

static const char *owner_of(const smri_spec_reader *r, char out[SMRI_PLAN_TEXT])
{
    if (!r->factor)
        return "the spec";
    char cut[SMRI_PLAN_TEXT - 16];
    smri_text_cut(cut, sizeof cut, r->factor->id);
    memcpy(out, "factor \"", 8);
    const size_t length = strlen(cut);
    memcpy(out + 8, cut, length);
    memcpy(out + 8 + length, "\"", 2);
    return out;
}

smr_status smri_spec_fail_value(const smri_spec_reader *r, const char *key, const smri_value *value,
                                const char *expected)
{
    char found[SMRI_PLAN_TEXT], owner[SMRI_PLAN_TEXT];
    return smri_spec_fail(r, key, SMR_MESSAGE_SPEC_VALUE, owner_of(r, owner), key, describe(value, found), expected);
}

/* Keys beyond `known` (ended by NULL) are refused. */
smr_status smri_spec_check_keys(const smri_spec_reader *r, const smri_value *object, const char *const *known)
{
    size_t count = 0;
    while (known[count])
        count++;
    for (const smri_value *member = object->first; member; member = member->next) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found |= strcmp(known[i], member->key) == 0;
        if (found)
            continue;
        char hint[SMRI_PLAN_TEXT], owner[SMRI_PLAN_TEXT];
        smri_did_you_mean(hint, smri_text_nearest(member->key, known, count));
        return smri_spec_fail(r, member->key, SMR_MESSAGE_SPEC_KEY_UNKNOWN, member->key, owner_of(r, owner), hint);
    }
    return SMR_OK;
}

/* A number above `least` (or equal, with `closed`) and below or equal to `greatest`; absent: *number stays. */
smr_status smri_spec_number(const smri_spec_reader *r, const char *key, double least, double greatest, bool closed,
                              const char *expected, double *number)
{
    const smri_value *value = smri_value_get(r->object, key);
    if (!value || value->type == SMRI_NULL)
        return SMR_OK;
    if (value->type != SMRI_NUMBER || !(value->number <= greatest) ||
        !(closed ? value->number >= least : value->number > least))
        return smri_spec_fail_value(r, key, value, expected);
    *number = value->number;
    return SMR_OK;
}

static smr_status read_bool(const smri_spec_reader *r, const char *key, bool *truth)
{
    const smri_value *value = smri_value_get(r->object, key);
    if (!value || value->type == SMRI_NULL)
        return SMR_OK;
    if (value->type != SMRI_BOOL)
        return smri_spec_fail_value(r, key, value, "true or false");
    *truth = value->number != 0;
    return SMR_OK;
}

/* One of `words`; absent: *place stays. */
smr_status smri_spec_word(const smri_spec_reader *r, const char *key, const char *words, int *place)
{
    const smri_value *value = smri_value_get(r->object, key);
    if (!value || value->type == SMRI_NULL)
        return SMR_OK;
    const int found = value->type == SMRI_TEXT ? smri_choice_find(words, value->text) : -1;
    if (found < 0) {
        char expected[SMRI_PLAN_TEXT] = "one of ";
        smri_text_cut(expected + 7, sizeof expected - 7, words);
        return smri_spec_fail_value(r, key, value, expected);
    }
    *place = found;
    return SMR_OK;
}

/* The node of an id in a list or an object of the spec. */
smr_status smri_spec_node(const smri_spec_reader *r, const char *key, const char *id, const char *what, uint32_t *node)
{
    const smr_framework *framework = r->trials->framework;
    if (!smri_table_find_composed(&framework->ids, id, node))
        return smri_fail_memory(r->error);
    const bool found = *node != SMRI_NOT_FOUND;
    const bool leaf = found && framework->nodes[*node].indicator >= 0;
    if (found && (strcmp(what, "node") == 0 || leaf == (strcmp(what, "indicator") == 0)))
        return SMR_OK;
    char hint[SMRI_PLAN_TEXT];
    smri_did_you_mean(hint, found ? NULL : smri_text_nearest(id, framework->ids.keys, framework->ids.count));
    return smri_spec_fail(r, key, SMR_MESSAGE_FACTOR_NODE_UNKNOWN, r->factor->id, what, id, hint);
}

void *smri_spec_by_node(smri_spec_reader *r, size_t size)
{
    return smri_arena_calloc(&r->trials->arena, r->trials->framework->node_count, size);
}

/* Marks the nodes of a list of ids, by node or (what: "indicator") by indicator; *given tells whether there is a list. */
smr_status smri_spec_ids(const smri_spec_reader *r, const char *key, const char *what, uint8_t *marks, bool *given)
{
    const smri_value *list = smri_value_get(r->object, key);
    *given = list && list->type != SMRI_NULL;
    if (!*given)
        return SMR_OK;
    if (list->type != SMRI_ARRAY || list->count == 0)
        return smri_spec_fail_value(r, key, list, "a list of ids");
    for (const smri_value *member = list->first; member; member = member->next) {
        uint32_t node = 0;
        if (member->type != SMRI_TEXT)
            return smri_spec_fail_value(r, key, member, "a list of ids");
        smr_status status = smri_spec_node(r, key, member->text, what, &node);
        if (status != SMR_OK)
            return status;
        const int32_t indicator = r->trials->framework->nodes[node].indicator;
        marks[strcmp(what, "indicator") == 0 ? (uint32_t)indicator : node] = 1;
    }
    return SMR_OK;
}

/* ---- alternatives ---- */

/* A method that refuses `range` ignores it here, so that one list can hold them all. */
static smri_value *without_range(smri_arena *arena, const smri_value *value)
{
    const smri_value *named = smri_value_get(value, "method");
    const bool by_name = named && named->type == SMRI_TEXT;
    const smri_method *method = by_name ? smri_method_find(SMRI_STEP_NORMALISE, named->text) : NULL;
    const bool drop = method && smri_value_get(value, "range") && smri_parameter_find(method->parameters, "range") < 0;
    if (!drop)
        return smri_value_copy(arena, value);
    smri_value *object = smri_value_new(arena, SMRI_OBJECT);
    for (const smri_value *member = value->first; object && member; member = member->next)
        if (strcmp(member->key, "range") != 0 &&
            !smri_value_append(arena, object, member->key, smri_value_copy(arena, member)))
            return NULL;
    return object;
}

/* "aggregate.method", but not "aggregate.nodes.method" */
static bool names_method(const char *step)
{
    const char *dot = strchr(step, '.');
    return dot && strcmp(dot, ".method") == 0;
}

static smr_status read_alternatives(smri_spec_reader *r)
{
    static const char *const keys[] = {"id", "vary", "alternatives", NULL};
    smri_factor *f = r->factor;
    smri_arena *arena = &r->trials->arena;
    smr_status status = smri_spec_check_keys(r, r->object, keys);
    if (status != SMR_OK)
        return status;
    const smri_value *list = smri_value_get(r->object, "alternatives");
    if (list && list->type != SMRI_ARRAY)
        return smri_spec_fail_value(r, "alternatives", list, "a list");
    if (!list || list->count == 0)
        return smri_spec_fail(r, "alternatives", SMR_MESSAGE_FACTOR_NO_ALTERNATIVES, f->id);
    const smri_value **layers = smri_arena_calloc(arena, list->count, sizeof *layers);
    if (!layers)
        return smri_fail_memory(r->error);
    f->layers = layers;
    for (const smri_value *member = list->first; member; member = member->next) {
        smri_value *layer = smri_value_new(arena, SMRI_OBJECT);
        /* A method with its options stands for the whole step, also where only the method is said to vary. */
        const bool whole = member->type == SMRI_OBJECT && names_method(f->step);
        const char *key = whole ? smri_arena_text(arena, f->step, strcspn(f->step, ".")) : f->step;
        if (!layer || !key)
            return smri_fail_memory(r->error);
        smri_value *value = strcmp(key, "normalise") == 0 ? without_range(arena, member) : smri_value_copy(arena, member);
        if (!value)
            return smri_fail_memory(r->error);
        status = smri_plan_put(arena, layer, key, value, r->error);
        if (status != SMR_OK)
            return status;
        layers[f->count++] = layer;
    }
    return SMR_OK;
}

/* ---- what changes before the weights ---- */

static smr_status read_goalposts(smri_spec_reader *r)
{
    static const char *const keys[] = {"id", "vary", "percent", "indicators", NULL};
    const smr_framework *framework = r->trials->framework;
    smri_factor *f = r->factor;
    smr_status status = smri_spec_check_keys(r, r->object, keys);
    if (status == SMR_OK && !smri_value_get(r->object, "percent"))
        status = smri_spec_fail_value(r, "percent", NULL, "a number above 0 and below 50");
    if (status == SMR_OK)
        status = smri_spec_number(r, "percent", 0, 49.999999, false, "a number above 0 and below 50", &f->amount);
    f->amount /= 100;
    uint8_t *indicators = smri_arena_calloc(&r->trials->arena, framework->indicator_count, 1);
    if (status == SMR_OK && !indicators)
        status = smri_fail_memory(r->error);
    bool given = false, any = false;
    if (status == SMR_OK)
        status = smri_spec_ids(r, "indicators", "indicator", indicators, &given);
    for (uint32_t i = 0; status == SMR_OK && i < framework->indicator_count; i++) {
        const bool has = framework->indicators[i].worst == framework->indicators[i].worst &&
                         framework->indicators[i].best == framework->indicators[i].best;
        indicators[i] = has && (!given || indicators[i]);
        any |= indicators[i];
    }
    f->indicators = indicators;
    if (status == SMR_OK && !any)
        status = smri_spec_fail(r, "vary", SMR_MESSAGE_FACTOR_NO_EFFECT, f->id, "no such indicator has goalposts");
    return status;
}

static smr_status read_data(smri_spec_reader *r)
{
    static const char *const keys[] = {"id",        "vary",          "relative_sd",     "sd", "indicators",
                                       "use_error", "use_qualifier", "qualifier_share", NULL};
    const smr_framework *framework = r->trials->framework;
    smri_factor *f = r->factor;
    f->amount = f->absolute = 0;
    f->share = 0.1;
    f->use_error = f->use_qualifier = true;
    smr_status status = smri_spec_check_keys(r, r->object, keys);
    if (status == SMR_OK)
        status = smri_spec_number(r, "relative_sd", 0, 10, true, "a number from 0 to 10", &f->amount);
    if (status == SMR_OK)
        status = smri_spec_number(r, "sd", 0, DBL_MAX, true, "a number, 0 or more", &f->absolute);
    if (status == SMR_OK)
        status = smri_spec_number(r, "qualifier_share", 0, 1, true, "a number from 0 to 1", &f->share);
    if (status == SMR_OK)
        status = read_bool(r, "use_error", &f->use_error);
    if (status == SMR_OK)
        status = read_bool(r, "use_qualifier", &f->use_qualifier);
    uint8_t *indicators = smri_arena_calloc(&r->trials->arena, framework->indicator_count, 1);
    if (status == SMR_OK && !indicators)
        status = smri_fail_memory(r->error);
    bool given = false;
    if (status == SMR_OK)
        status = smri_spec_ids(r, "indicators", "indicator", indicators, &given);
    for (uint32_t i = 0; status == SMR_OK && !given && i < framework->indicator_count; i++)
        indicators[i] = 1;
    f->indicators = indicators;
    const bool of_cells = (f->use_error || f->use_qualifier) && r->trials->dataset->provenance_count > 0;
    if (status == SMR_OK && !of_cells && f->amount == 0 && f->absolute == 0)
        status = smri_spec_fail(r, "vary", SMR_MESSAGE_FACTOR_NO_EFFECT, f->id,
                      "neither relative_sd nor sd is given, and the data have no error or qualifier");
    return status;
}

static smr_status read_imputation(smri_spec_reader *r)
{
    static const char *const keys[] = {"id", "vary", "indicators", NULL};
    const smr_framework *framework = r->trials->framework;
    smr_status status = smri_spec_check_keys(r, r->object, keys);
    uint8_t *indicators = smri_arena_calloc(&r->trials->arena, framework->indicator_count, 1);
    if (status == SMR_OK && !indicators)
        status = smri_fail_memory(r->error);
    bool given = false;
    if (status == SMR_OK)
        status = smri_spec_ids(r, "indicators", "indicator", indicators, &given);
    for (uint32_t i = 0; status == SMR_OK && !given && i < framework->indicator_count; i++)
        indicators[i] = 1;
    r->factor->indicators = indicators;
    return status;
}

static smr_status read_leave_out(smri_spec_reader *r)
{
    static const char *const keys[] = {"id", "vary", "level", "nodes", NULL};
    const smr_framework *framework = r->trials->framework;
    smri_factor *f = r->factor;
    int level = 0;
    bool given = false;
    smr_status status = smri_spec_check_keys(r, r->object, keys);
    uint8_t *marks = smri_spec_by_node(r, 1);
    uint32_t *nodes = smri_spec_by_node(r, sizeof *nodes);
    if (status == SMR_OK && (!marks || !nodes))
        status = smri_fail_memory(r->error);
    if (status == SMR_OK)
        status = smri_spec_word(r, "level", "indicator|criterion", &level);
    if (status == SMR_OK)
        status = smri_spec_ids(r, "nodes", "node", marks, &given);
    if (status != SMR_OK)
        return status;
    if (given && marks[0])
        return smri_spec_fail_value(r, "nodes", smri_value_get(r->object, "nodes"), "any node but the root");
    for (uint32_t node = 1; node < framework->node_count; node++) {
        const bool of_level = level == 1 ? framework->nodes[node].parent == 0 : framework->nodes[node].indicator >= 0;
        if ((given ? marks[node] : of_level) && r->trials->model->effective[node] > 0)
            nodes[f->count++] = node;
    }
    f->left_out = nodes;
    return f->count > 0 ? SMR_OK
                        : smri_spec_fail(r, "vary", SMR_MESSAGE_FACTOR_NO_EFFECT, f->id, "no such node has a weight");
}

/* ---- factors ---- */

static const char *const varied[] = {"weights", "goalposts", "data", "imputation", "leave_out"};

static bool names_step(const char *vary)
{
    const char *dot = strchr(vary, '.');
    const size_t length = dot ? (size_t)(dot - vary) : strlen(vary);
    for (int step = 0; step < SMRI_STEP_COUNT; step++)
        if (strlen(smri_steps[step].name) == length && memcmp(smri_steps[step].name, vary, length) == 0)
            return !dot || dot[1] != '\0';
    return false;
}

static smr_status read_factor(smri_spec_reader *r)
{
    static const char expected[] = "the name of what varies";
    const smri_value *vary = smri_value_get(r->object, "vary");
    if (!vary || vary->type != SMRI_TEXT)
        return smri_spec_fail_value(r, "vary", vary, expected);
    const bool lists = smri_value_get(r->object, "alternatives") != NULL;
    smri_factor *f = r->factor;
    if (strcmp(vary->text, "weights") == 0 && !lists) {
        f->vary = SMRI_VARY_WEIGHTS;
        return smri_spec_weights(r);
    }
    if (strcmp(vary->text, "goalposts") == 0) {
        f->vary = SMRI_VARY_GOALPOSTS;
        return read_goalposts(r);
    }
    if (strcmp(vary->text, "data") == 0) {
        f->vary = SMRI_VARY_DATA;
        return read_data(r);
    }
    if (strcmp(vary->text, "imputation") == 0) {
        f->vary = SMRI_VARY_IMPUTATION;
        return read_imputation(r);
    }
    if (strcmp(vary->text, "leave_out") == 0) {
        f->vary = SMRI_VARY_LEAVE_OUT;
        return read_leave_out(r);
    }
    if (names_step(vary->text)) {
        f->vary = SMRI_VARY_ALTERNATIVES;
        f->step = vary->text;
        return read_alternatives(r);
    }
    const char *candidates[SMRI_COUNT(varied) + SMRI_STEP_COUNT];
    memcpy(candidates, varied, sizeof varied);
    for (int step = 0; step < SMRI_STEP_COUNT; step++)
        candidates[SMRI_COUNT(varied) + (size_t)step] = smri_steps[step].name;
    char hint[SMRI_PLAN_TEXT];
    smri_did_you_mean(hint, smri_text_nearest(vary->text, candidates, SMRI_COUNT(candidates)));
    return smri_spec_fail(r, "vary", SMR_MESSAGE_FACTOR_UNKNOWN, f->id, vary->text, hint);
}

/* "factors[2]" */
static const char *path_of(smri_arena *arena, uint32_t number)
{
    char text[SMRI_INTEGER_SIZE + 16] = "factors[", digits[SMRI_INTEGER_SIZE];
    smri_text_integer(digits, number);
    memcpy(text + 8, digits, strlen(digits));
    memcpy(text + 8 + strlen(digits), "]", 2);
    return smri_arena_text(arena, text, strlen(text));
}

static smr_status name_factor(smri_spec_reader *r, uint32_t number)
{
    smri_factor *f = r->factor;
    f->path = path_of(&r->trials->arena, number);
    f->id = f->path;
    if (!f->path)
        return smri_fail_memory(r->error);
    if (r->object->type != SMRI_OBJECT) {
        char found[SMRI_PLAN_TEXT];
        const smri_place place = {.source = r->trials->source_name, .subject = f->path};
        return smri_fail(r->error, SMR_MESSAGE_SPEC_VALUE, &place, "the spec", f->path, describe(r->object, found),
                         "an object");
    }
    const smri_value *id = smri_value_get(r->object, "id");
    if (id && (id->type != SMRI_TEXT || !*id->text))
        return smri_spec_fail_value(r, "id", id, "a text");
    if (id)
        f->id = id->text;
    for (uint32_t i = 0; i < number; i++)
        if (strcmp(r->trials->factors[i].id, f->id) == 0)
            return smri_spec_fail(r, "id", SMR_MESSAGE_FACTOR_TWICE, f->id);
    return SMR_OK;
}

smr_status smri_trials_read_spec(smri_trials *trials, smr_error *error)
{
    static const char *const keys[] = {"format", "draws", "seed", "factors", NULL};
    smri_spec_reader r = {.trials = trials, .object = trials->spec, .error = error};
    smr_status status = smri_spec_check_keys(&r, trials->spec, keys);
    if (status != SMR_OK)
        return status;
    const smri_value *list = smri_value_get(trials->spec, "factors");
    if (list && list->type != SMRI_ARRAY)
        return smri_spec_fail_value(&r, "factors", list, "a list");
    if (!list || list->count == 0) {
        const smri_place place = {.source = trials->source_name, .subject = "factors"};
        return smri_fail_plain(error, SMR_MESSAGE_SPEC_NO_FACTORS, &place);
    }
    trials->factors = smri_arena_calloc(&trials->arena, list->count, sizeof *trials->factors);
    if (!trials->factors)
        return smri_fail_memory(error);
    for (const smri_value *member = list->first; status == SMR_OK && member; member = member->next) {
        r.object = member;
        r.factor = &trials->factors[trials->factor_count];
        status = name_factor(&r, trials->factor_count);
        if (status == SMR_OK)
            status = read_factor(&r);
        if (status == SMR_OK)
            status = smri_trials_check_weights(trials, r.factor, error);
        trials->factor_count++;
    }
    return status;
}
