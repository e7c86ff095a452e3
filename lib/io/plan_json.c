/* SPDX-License-Identifier: MIT */
/* Plans from and to JSON. */

#include "io/io_impl.h"

smr_status smr_plan_builder_set_json(smr_plan_builder *builder, const char *key, const char *json, smr_error *error)
{
    if (!builder || !key || !json)
        return smri_fail_argument(error, !builder ? "builder" : !key ? "key" : "json", "not NULL");
    const smri_value *value = NULL;
    smr_status status = smri_json_read(smri_context(builder->context), &builder->arena, json, strlen(json), NULL, &value,
                                       error);
    if (status != SMR_OK)
        return status;
    return smri_plan_put(&builder->arena, builder->root, key, smri_value_copy(&builder->arena, value), error);
}

smr_status smr_plan_read(smr_context *context, const char *text, size_t length, const char *source_name,
                         smr_plan **plan, smr_error *error)
{
    if (!plan)
        return smri_fail_argument(error, "plan", "a place for the result");
    *plan = NULL;
    if (!text)
        return smri_fail_argument(error, "text", "not NULL");
    const smr_context *memory = smri_context(context);
    smri_arena arena;
    smri_arena_init(&arena, memory);
    const smri_value *root = NULL;
    smr_status status = smri_json_read(memory, &arena, text, length, source_name, &root, error);
    if (status == SMR_OK && root->type != SMRI_OBJECT) {
        const smri_place place = {.source = source_name};
        char found[SMRI_EXCERPT_SIZE];
        smri_json_describe(root, found);
        status = smri_fail(error, SMR_MESSAGE_PLAN_NOT_OBJECT, &place, found);
    }
    if (status == SMR_OK)
        status = smri_json_check_format(root, "smartregion-plan", source_name, error);
    if (status == SMR_OK) {
        const smri_layer layer = {.object = root, .source_name = source_name};
        status = smri_layer_check(&layer, error);
    }
    if (status == SMR_OK)
        status = smri_plan_from_value(context, root, source_name, plan, error);
    smri_arena_free(&arena);
    return status;
}

static smr_status write_document(const smri_value *document, smr_write_callback write, void *user, smr_error *error)
{
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    writer.pretty = true;
    smri_json_open(&writer, NULL, '{');
    smri_json_text(&writer, "format", "smartregion-plan/1");
    for (const smri_value *member = document->first; member; member = member->next)
        smri_json_value(&writer, member->key, member);
    smri_json_close(&writer, '}');
    smri_write_text(&writer, "\n");
    return smri_writer_finish(&writer, error);
}

smr_status smr_plan_write_resolved(const smr_plan *plan, const smr_framework *framework, smr_write_callback write,
                                   void *user, smr_error *error)
{
    if (!framework || !write)
        return smri_fail_argument(error, framework ? "write" : "framework", "not NULL");
    smri_arena arena;
    smri_arena_init(&arena, smri_context(framework->context));
    smri_resolved resolved = {.document = NULL};
    smr_status status = smri_plan_resolve(plan, framework, &arena, &resolved, error);
    if (status == SMR_OK)
        status = write_document(resolved.document, write, user, error);
    smri_arena_free(&arena);
    return status;
}

smr_status smr_model_write_plan(const smr_model *model, smr_write_callback write, void *user, smr_error *error)
{
    if (!model || !write)
        return smri_fail_argument(error, model ? "write" : "model", "not NULL");
    return write_document(model->plan.document, write, user, error);
}
