/* SPDX-License-Identifier: MIT */
/* Models to and from JSON, to the same bits. */

#include "io/io_impl.h"

static void hash_text(uint64_t hash, char out[17])
{
    for (int i = 0; i < 16; i++)
        out[i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 15];
    out[16] = '\0';
}

static void write_groups(smri_writer *writer, const smr_model *model)
{
    smri_json_open(writer, "groups", '[');
    for (uint32_t t = 0; t < model->group_table_count; t++) {
        const smri_group_table *table = &model->group_tables[t];
        smri_json_open(writer, NULL, '{');
        smri_json_text(writer, "column", table->column);
        smri_json_open(writer, "labels", '[');
        for (uint32_t i = 0; i < table->label_count; i++)
            smri_json_text(writer, NULL, table->labels[i]);
        smri_json_close(writer, ']');
        smri_json_close(writer, '}');
    }
    smri_json_close(writer, ']');
}

static void write_parameters(smri_writer *writer, const smr_model *model)
{
    const smr_framework *framework = model->framework;
    const uint32_t count = framework->indicator_count;
    smri_json_open(writer, "parameters", '{');
    for (uint32_t i = 0; i < count; i++) {
        smri_json_open(writer, framework->nodes[framework->indicators[i].node].id, '{');
        smri_json_numbers(writer, "impute", model->impute[i].numbers, model->impute[i].count);
        smri_json_numbers(writer, "treat", model->treat[i].numbers, model->treat[i].count);
        smri_json_open(writer, "normalise", '[');
        for (uint32_t set = 0; set < model->set_count; set++) {
            const smri_fitted *fitted = &model->normalise[(size_t)set * count + i];
            smri_json_numbers(writer, NULL, fitted->numbers, fitted->count);
        }
        smri_json_close(writer, ']');
        smri_json_close(writer, '}');
    }
    smri_json_close(writer, '}');
}

/* Weights and constants that came from scores: one object a node that has any. */
static void write_nodes(smri_writer *writer, const smr_model *model)
{
    const smr_framework *framework = model->framework;
    smri_json_open(writer, "nodes", '{');
    for (uint32_t node = 0; node < framework->node_count; node++) {
        if (framework->nodes[node].indicator >= 0 || !smri_fits_node(model, node))
            continue;
        smri_json_open(writer, framework->nodes[node].id, '{');
        smri_json_numbers(writer, "weights", model->child_weights + model->child_starts[node],
                          (size_t)framework->nodes[node].child_count);
        smri_json_numbers(writer, "aggregate", model->aggregate[node].numbers, model->aggregate[node].count);
        smri_json_close(writer, '}');
    }
    smri_json_close(writer, '}');
}

smr_status smr_model_write(const smr_model *model, smr_write_callback write, void *user, smr_error *error)
{
    if (!model || !write)
        return smri_fail_argument(error, model ? "write" : "model", "not NULL");
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    char hash[17];
    hash_text(model->data_hash, hash);
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-model/1");
    smri_json_text(&writer, "library", smr_version());
    smri_json_open(&writer, "data", '{');
    smri_json_number(&writer, "rows", (double)model->data_rows);
    smri_json_text(&writer, "hash", hash);
    smri_json_close(&writer, '}');
    smri_json_open(&writer, "framework", '{');
    smri_framework_write_members(&writer, model->framework);
    smri_json_close(&writer, '}');
    smri_json_value(&writer, "plan", model->plan.document);
    if (model->sets) {
        smri_json_open(&writer, "periods", '[');
        for (uint32_t set = 0; set < model->set_count; set++)
            smri_json_text(&writer, NULL, model->sets[set]);
        smri_json_close(&writer, ']');
    }
    write_groups(&writer, model);
    if (model->fits_tree)
        write_nodes(&writer, model);
    write_parameters(&writer, model);
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}

/* ---- reading ---- */

typedef struct reader {
    const char *source_name;
    smr_model *model;
    smr_error *error;
} reader;

static smr_status wrong(const reader *r, const char *path, const char *expected)
{
    const smri_place place = {.source = r->source_name, .subject = path};
    return smri_fail(r->error, SMR_MESSAGE_MODEL_MEMBER, &place, expected);
}

static const smri_value *member_of(const smri_value *object, const char *key, smri_type type)
{
    const smri_value *value = smri_value_get(object, key);
    return value && value->type == type ? value : NULL;
}

/* A list of numbers, null standing for none. */
static smr_status read_numbers(const reader *r, const smri_value *list, const smri_method *method, const char *path,
                               smri_fitted *fitted)
{
    if (!list || list->type != SMRI_ARRAY)
        return wrong(r, path, "a list of numbers");
    const bool fits = method->fit || method->fit_matrix || method->fit_rows;
    const bool count_fits =
        list->count == 0 || (fits && (method->fitted_count == 0 || method->fitted_count == list->count));
    if (!count_fits)
        return wrong(r, path, "as many numbers as the method of the plan has");
    fitted->numbers = smri_arena_alloc(&r->model->arena, SMRI_MAX(list->count, 1U), sizeof *fitted->numbers);
    if (!fitted->numbers)
        return smri_fail_memory(r->error);
    for (const smri_value *value = list->first; value; value = value->next) {
        if (value->type != SMRI_NUMBER && value->type != SMRI_NULL)
            return wrong(r, path, "a list of numbers");
        fitted->numbers[fitted->count++] = value->type == SMRI_NUMBER ? value->number : NAN;
    }
    return SMR_OK;
}

/* A list of texts, copied. */
static smr_status read_texts(const reader *r, const smri_value *list, const char *path, const char ***texts,
                             uint32_t *count)
{
    if (!list)
        return wrong(r, path, "a list of texts");
    *texts = smri_arena_calloc(&r->model->arena, SMRI_MAX(list->count, 1U), sizeof **texts);
    if (!*texts)
        return smri_fail_memory(r->error);
    for (const smri_value *value = list->first; value; value = value->next) {
        if (value->type != SMRI_TEXT)
            return wrong(r, path, "a list of texts");
        (*texts)[*count] = smri_arena_text(&r->model->arena, value->text, strlen(value->text));
        if (!(*texts)[(*count)++])
            return smri_fail_memory(r->error);
    }
    return SMR_OK;
}

static smr_status read_groups(const reader *r, const smri_value *root)
{
    smr_model *model = r->model;
    const smri_value *groups = member_of(root, "groups", SMRI_ARRAY);
    for (uint32_t t = 0; t < model->group_table_count; t++) {
        smri_group_table *table = &model->group_tables[t];
        const smri_value *found = NULL;
        for (const smri_value *one = groups ? groups->first : NULL; one && !found; one = one->next) {
            const smri_value *column = member_of(one, "column", SMRI_TEXT);
            if (column && strcmp(column->text, table->column) == 0)
                found = one;
        }
        smr_status status = read_texts(r, member_of(found, "labels", SMRI_ARRAY), "groups", &table->labels,
                                       &table->label_count);
        if (status != SMR_OK)
            return status;
    }
    return SMR_OK;
}

static smr_status read_periods(const reader *r, const smri_value *root)
{
    smr_model *model = r->model;
    if (strcmp(model->plan.normalise_per, "period") != 0)
        return SMR_OK;
    model->set_count = 0;
    smr_status status = read_texts(r, member_of(root, "periods", SMRI_ARRAY), "periods", &model->sets, &model->set_count);
    if (status == SMR_OK && model->set_count == 0)
        status = wrong(r, "periods", "at least one period");
    model->one_by_one = false;
    return status;
}

static smr_status read_parameters(const reader *r, const smri_value *root)
{
    smr_model *model = r->model;
    const smr_framework *framework = model->framework;
    const uint32_t count = framework->indicator_count;
    const smri_value *parameters = member_of(root, "parameters", SMRI_OBJECT);
    size_t normalise_count = 0;
    if (!smri_product(model->set_count, count, &normalise_count))
        return smri_fail_memory(r->error);
    model->normalise = smri_arena_calloc(&model->arena, normalise_count, sizeof *model->normalise);
    if (!model->normalise)
        return smri_fail_memory(r->error);
    for (uint32_t i = 0; i < count; i++) {
        const char *id = framework->nodes[framework->indicators[i].node].id;
        const smri_value *one = member_of(parameters, id, SMRI_OBJECT);
        const smri_value *sets = member_of(one, "normalise", SMRI_ARRAY);
        if (!one || !sets || sets->count != model->set_count)
            return wrong(r, id, "the parameters of the indicator, one list a period with bounds of its own");
        smr_status status = read_numbers(r, smri_value_get(one, "impute"), model->plan.impute[i].method, id,
                                         &model->impute[i]);
        if (status == SMR_OK)
            status = read_numbers(r, smri_value_get(one, "treat"), model->plan.treat[i].method, id, &model->treat[i]);
        uint32_t set = 0;
        for (const smri_value *list = sets->first; status == SMR_OK && list; list = list->next, set++)
            status = read_numbers(r, list, model->plan.normalise[i].method, id,
                                  &model->normalise[(size_t)set * count + i]);
        if (status != SMR_OK)
            return status;
    }
    return SMR_OK;
}

/* Weights and constants of nodes, by id. */
static smr_status read_nodes(const reader *r, const smri_value *root)
{
    smr_model *model = r->model;
    const smr_framework *framework = model->framework;
    const smri_value *nodes = member_of(root, "nodes", SMRI_OBJECT);
    for (uint32_t node = 0; model->fits_tree && node < framework->node_count; node++) {
        const smri_node *one = &framework->nodes[node];
        if (one->indicator >= 0 || !smri_fits_node(model, node))
            continue;
        const smri_value *own = member_of(nodes, one->id, SMRI_OBJECT);
        const smri_value *weights = member_of(own, "weights", SMRI_ARRAY);
        double total = 0;
        double *numbers = smri_arena_calloc(&model->arena, (size_t)one->child_count, sizeof *numbers);
        if (!numbers)
            return smri_fail_memory(r->error);
        if (!weights || weights->count != (uint32_t)one->child_count)
            return wrong(r, one->id, "a weight for each child");
        uint32_t place = 0;
        for (const smri_value *weight = weights->first; weight; weight = weight->next) {
            if (weight->type != SMRI_NUMBER || !(weight->number >= 0))
                return wrong(r, one->id, "weights of 0 or more");
            total += numbers[place++] = weight->number;
        }
        if (!(total > 0))
            return wrong(r, one->id, "weights that are not all 0");
        smri_model_set_weights(model, node, numbers);
        smr_status status = read_numbers(r, smri_value_get(own, "aggregate"), model->plan.aggregate[node].method, one->id,
                                         &model->aggregate[node]);
        if (status != SMR_OK)
            return status;
    }
    smri_model_multiply_weights(model);
    return SMR_OK;
}

static smr_status read_data(const reader *r, const smri_value *root)
{
    const smri_value *data = member_of(root, "data", SMRI_OBJECT);
    const smri_value *rows = member_of(data, "rows", SMRI_NUMBER), *hash = member_of(data, "hash", SMRI_TEXT);
    if (!rows || !(rows->number >= 0 && rows->number < 9e15) || !hash || strlen(hash->text) != 16)
        return wrong(r, "data", "{\"rows\": number, \"hash\": 16 hexadecimal digits}");
    r->model->data_rows = (uint64_t)rows->number;
    for (const char *digit = hash->text; *digit; digit++) {
        const char *place = memchr("0123456789abcdef", *digit, 16);
        if (!place)
            return wrong(r, "data.hash", "16 hexadecimal digits");
        r->model->data_hash = r->model->data_hash << 4 | (uint64_t)(place - "0123456789abcdef");
    }
    return SMR_OK;
}

/* Framework and plan: what a fit starts from. */
static smr_status read_nouns(smr_context *context, reader *r, const smri_value *root)
{
    const smri_value *tree = member_of(root, "framework", SMRI_OBJECT), *steps = member_of(root, "plan", SMRI_OBJECT);
    if (!tree || !steps)
        return wrong(r, tree ? "plan" : "framework", "an object");
    smr_framework *framework = NULL;
    smr_plan *plan = NULL;
    smr_status status = smri_framework_from_value(context, tree, r->source_name, &framework, r->error);
    if (status == SMR_OK)
        status = smri_plan_from_value(context, steps, r->source_name, &plan, r->error);
    if (status == SMR_OK) {
        r->model = smri_model_new(context, framework);
        if (!r->model)
            status = smri_fail_memory(r->error);
    }
    if (status == SMR_OK)
        status = smri_plan_resolve(plan, framework, &r->model->arena, &r->model->plan, r->error);
    if (status == SMR_OK) {
        /* As it was resolved then, with what was left out then. */
        r->model->plan.document = smri_value_copy(&r->model->arena, steps);
        status = r->model->plan.document ? smri_model_prepare(r->model, r->error) : smri_fail_memory(r->error);
    }
    smr_plan_unref(plan);
    smr_framework_unref(framework);
    return status;
}

smr_status smr_model_read(smr_context *context, const char *text, size_t length, const char *source_name,
                          smr_model **model, smr_error *error)
{
    if (!model)
        return smri_fail_argument(error, "model", "a place for the result");
    *model = NULL;
    if (!text)
        return smri_fail_argument(error, "text", "not NULL");
    const smr_context *memory = smri_context(context);
    reader r = {.source_name = source_name, .error = error};
    smri_arena arena;
    smri_arena_init(&arena, memory);
    const smri_value *root = NULL;
    smr_status status = smri_json_read(memory, &arena, text, length, source_name, &root, error);
    if (status == SMR_OK && root->type != SMRI_OBJECT)
        status = wrong(&r, "", "an object");
    if (status == SMR_OK && !smri_value_get(root, "format"))
        status = wrong(&r, "format", "\"smartregion-model/1\"");
    if (status == SMR_OK)
        status = smri_json_check_format(root, "smartregion-model", source_name, error);
    if (status == SMR_OK)
        status = read_nouns(context, &r, root);
    if (status == SMR_OK)
        status = read_data(&r, root);
    if (status == SMR_OK)
        status = read_periods(&r, root);
    if (status == SMR_OK)
        status = read_groups(&r, root);
    if (status == SMR_OK)
        status = read_parameters(&r, root);
    if (status == SMR_OK)
        status = read_nodes(&r, root);
    if (status == SMR_OK)
        status = smri_model_compile(r.model, error);
    smri_arena_free(&arena);
    if (status != SMR_OK) {
        smr_model_unref(r.model);
        return status;
    }
    *model = r.model;
    return SMR_OK;
}
