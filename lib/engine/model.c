/* SPDX-License-Identifier: MIT */
/* The model: its life, its arrays, and the step from fitted numbers to something that runs. */

#include "engine/engine_impl.h"

smr_model *smri_model_new(smr_context *context, const smr_framework *framework)
{
    const smr_context *memory = smri_context(context);
    smr_model *model = smri_calloc(memory, 1, sizeof *model);
    if (!model)
        return NULL;
    atomic_init(&model->references, 1);
    model->context = smr_context_ref(context);
    smri_arena_init(&model->arena, memory);
    model->framework = smr_framework_ref(smri_mutable(framework));
    model->arenas = smri_calloc(memory, framework->indicator_count, sizeof *model->arenas);
    for (uint32_t i = 0; model->arenas && i < framework->indicator_count; i++)
        smri_arena_init(&model->arenas[i], memory);
    if (model->arenas)
        return model;
    smr_model_unref(model);
    return NULL;
}

smr_model *smr_model_ref(smr_model *model)
{
    if (model)
        atomic_fetch_add_explicit(&model->references, 1, memory_order_relaxed);
    return model;
}

void smr_model_unref(smr_model *model)
{
    if (!model || atomic_fetch_sub_explicit(&model->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = model->context;
    const smr_context *memory = smri_context(context);
    for (uint32_t i = 0; model->arenas && i < model->framework->indicator_count; i++)
        smri_arena_free(&model->arenas[i]);
    smri_free(memory, model->arenas);
    smr_framework_unref(model->framework);
    smri_arena_free(&model->arena);
    smri_free(memory, model);
    smr_context_unref(context);
}

static smri_scale scale_of(const smri_indicator *indicator)
{
    return (smri_scale){
        .direction = indicator->direction,
        .transform = indicator->transform,
        .worst = smri_transform_one(indicator->transform, indicator->worst),
        .best = smri_transform_one(indicator->transform, indicator->best),
        .optimum = smri_transform_one(indicator->transform, indicator->optimum),
        .target = smri_transform_one(indicator->transform, indicator->target),
    };
}

uint32_t smri_model_group_table(smr_model *model, const char *column)
{
    for (uint32_t i = 0; i < model->group_table_count; i++)
        if (strcmp(model->group_tables[i].column, column) == 0)
            return i;
    smri_group_table *table = &model->group_tables[model->group_table_count];
    table->column = smri_arena_text(&model->arena, column, strlen(column));
    return table->column ? model->group_table_count++ : SMRI_NONE;
}

static bool allocate(smr_model *model, void *array, size_t count, size_t size)
{
    void *block = smri_arena_calloc(&model->arena, count ? count : 1, size);
    memcpy(array, &block, sizeof block);
    return block != NULL;
}

static bool allocate_all(smr_model *model)
{
    const size_t nodes = model->framework->node_count, indicators = model->framework->indicator_count;
    return allocate(model, &model->scales, indicators, sizeof *model->scales) &&
           allocate(model, &model->impute, indicators, sizeof *model->impute) &&
           allocate(model, &model->treat, indicators, sizeof *model->treat) &&
           allocate(model, &model->group_tables, indicators, sizeof *model->group_tables) &&
           allocate(model, &model->impute_groups, indicators, sizeof *model->impute_groups) &&
           allocate(model, &model->impute_leaders, indicators, sizeof *model->impute_leaders) &&
           allocate(model, &model->aggregate, nodes, sizeof *model->aggregate) &&
           allocate(model, &model->denominators, indicators, sizeof *model->denominators) &&
           allocate(model, &model->inputs, indicators * 2, sizeof *model->inputs) &&
           allocate(model, &model->weights, nodes, sizeof *model->weights) &&
           allocate(model, &model->shares, nodes, sizeof *model->shares) &&
           allocate(model, &model->effective, nodes, sizeof *model->effective) &&
           allocate(model, &model->totals, nodes, sizeof *model->totals) &&
           allocate(model, &model->child_weights, nodes, sizeof *model->child_weights) &&
           allocate(model, &model->child_starts, nodes, sizeof *model->child_starts) &&
           allocate(model, &model->low, nodes, sizeof *model->low) &&
           allocate(model, &model->high, nodes, sizeof *model->high) &&
           allocate(model, &model->child_low, nodes, sizeof *model->child_low) &&
           allocate(model, &model->child_high, nodes, sizeof *model->child_high) &&
           allocate(model, &model->direct, nodes, sizeof *model->direct);
}

void smri_model_set_weights(smr_model *model, uint32_t node, const double *weights)
{
    const smri_node *nodes = model->framework->nodes;
    const uint32_t count = (uint32_t)nodes[node].child_count;
    double *own = model->child_weights + model->child_starts[node], total = 0, greatest = 0;
    for (uint32_t i = 0; i < count; i++)
        greatest = SMRI_MAX(greatest, weights[i]);
    /* Weights are relative: those whose sum might overflow are all made smaller, by a power of two. */
    const double scale = greatest > 0x1p+900 ? 0x1p-512 : 1;
    for (uint32_t i = 0; i < count; i++) {
        own[i] = weights[i] * scale;
        total += own[i];
    }
    model->totals[node] = total;
    int32_t child = nodes[node].first_child;
    for (uint32_t i = 0; i < count; i++, child = nodes[child].next_sibling) {
        model->weights[child] = own[i];
        model->shares[child] = own[i] / total;
    }
}

void smri_model_multiply_weights(smr_model *model)
{
    model->effective[0] = 1;
    for (uint32_t node = 1; node < model->framework->node_count; node++)
        model->effective[node] = model->effective[model->framework->nodes[node].parent] * model->shares[node];
}

/* Weights that do not come from scores; those that do start equal. */
static smr_status weigh(smr_model *model, smr_error *error)
{
    const smr_framework *framework = model->framework;
    uint32_t start = 0;
    model->weights[0] = framework->nodes[0].weight;
    model->shares[0] = 1;
    for (uint32_t node = 0; node < framework->node_count; node++) {
        if (framework->nodes[node].indicator >= 0)
            continue;
        const smri_choice *choice = &model->plan.weights[node];
        double *weights = model->child_weights + start;
        const uint32_t count = (uint32_t)framework->nodes[node].child_count;
        model->child_starts[node] = start;
        smr_status status = choice->method->weigh ? choice->method->weigh(choice, framework, node, weights, error)
                                                  : SMR_OK;
        if (status != SMR_OK)
            return status;
        for (uint32_t i = 0; !choice->method->weigh && i < count; i++)
            weights[i] = 1;
        if (model->variation && model->variation->reweigh)
            model->variation->reweigh(model->variation->user, node, weights, count);
        model->fits_tree |= smri_fits_node(model, node);
        smri_model_set_weights(model, node, weights);
        start += count;
        model->widest_family = SMRI_MAX(model->widest_family, count);
    }
    smri_model_multiply_weights(model);
    return SMR_OK;
}

/* Ranges from the leaves up: a node has one when all its children share it and its method keeps to it. */
static smr_status find_ranges(smr_model *model, smr_error *error)
{
    const smr_framework *framework = model->framework;
    for (uint32_t node = framework->node_count; node-- > 0;) {
        const smri_node *one = &framework->nodes[node];
        double low = NAN, high = NAN;
        if (one->indicator >= 0) {
            const smri_choice *choice = &model->plan.normalise[one->indicator];
            if (!choice->method->range || !choice->method->range(choice, &low, &high))
                low = high = NAN;
        } else {
            int32_t child = one->first_child;
            low = model->low[child];
            high = model->high[child];
            for (; child >= 0; child = framework->nodes[child].next_sibling)
                if (!(model->low[child] == low && model->high[child] == high))
                    low = high = NAN;
            model->child_low[node] = low;
            model->child_high[node] = high;
            const smri_choice *choice = &model->plan.aggregate[node];
            const int zero = smri_parameter_find(choice->method->parameters, "zero");
            const int epsilon = smri_parameter_find(choice->method->parameters, "epsilon");
            if (low != low && zero >= 0 && epsilon >= 0 && !choice->settings[epsilon].given &&
                strcmp(choice->settings[zero].text, "floor") == 0) {
                const smri_place place = {.subject = one->id};
                return smri_fail(error, SMR_MESSAGE_PLAN_EPSILON_REQUIRED, &place, one->id);
            }
            if (choice->method->flags & SMRI_METHOD_OWN_SCALE)
                low = high = NAN;
        }
        model->low[node] = low;
        model->high[node] = high;
    }
    return SMR_OK;
}

static void list_inputs(smr_model *model)
{
    const smr_framework *framework = model->framework;
    const uint32_t indicators = framework->indicator_count;
    for (uint32_t i = 0; i < indicators; i++)
        model->inputs[i] = framework->nodes[framework->indicators[i].node].id;
    model->input_count = indicators;
    for (uint32_t i = 0; i < indicators; i++) {
        model->denominators[i] = SMRI_NONE;
        if (model->plan.denominate[i] != model->plan.denominate[i])
            continue;
        const char *id = framework->indicators[i].denominator;
        for (uint32_t k = 0; k < model->input_count; k++)
            if (strcmp(model->inputs[k], id) == 0)
                model->denominators[i] = k;
        if (model->denominators[i] == SMRI_NONE) {
            model->denominators[i] = model->input_count;
            model->inputs[model->input_count++] = id;
        }
    }
}

smr_status smri_model_prepare(smr_model *model, smr_error *error)
{
    if (!allocate_all(model))
        return smri_fail_memory(error);
    const uint32_t indicators = model->framework->indicator_count;
    model->set_count = 1;
    model->one_by_one = !model->plan.rollup_by && model->plan.screen_by == SMRI_SCREEN_NONE;
    for (uint32_t i = 0; i < indicators; i++) {
        smri_indicator indicator = model->framework->indicators[i];
        if (model->variation && model->variation->worst) {
            indicator.worst = model->variation->worst[i];
            indicator.best = model->variation->best[i];
        }
        model->scales[i] = scale_of(&indicator);
        const smri_choice *impute = &model->plan.impute[i];
        model->impute_groups[i] = SMRI_NONE;
        model->prepares |= impute->method->fill_series || impute->method->fill_matrix;
        if (!(impute->method->flags & SMRI_METHOD_NEEDS_GROUPS))
            continue;
        model->one_by_one = false;
        model->impute_groups[i] = smri_model_group_table(model, smri_setting_of(impute, "group")->text);
        if (model->impute_groups[i] == SMRI_NONE)
            return smri_fail_memory(error);
    }
    for (uint32_t node = 0; node < model->framework->node_count; node++)
        model->one_by_one &= !smri_is_whole(model, node);
    model->one_by_one &= !model->prepares;
    smri_prepare_leaders(model);
    list_inputs(model);
    smr_status status = weigh(model, error);
    return status == SMR_OK ? find_ranges(model, error) : status;
}

/* The affine map on x as it is, where the method meant -x. */
static smri_affine turn(smri_affine map)
{
    map.origin = 0.0 - map.origin;
    map.width = -map.width;
    return map;
}

static void compile_leaf(const smr_model *model, uint32_t indicator, const smri_fitted *fitted, smri_leaf *leaf)
{
    const smri_choice *choice = &model->plan.normalise[indicator];
    const smri_method *method = choice->method;
    const smri_scale *scale = &model->scales[indicator];
    leaf->affine = method->affine && method->affine(choice, fitted, scale, &leaf->map);
    if (leaf->affine && (!isfinite(leaf->map.width) || leaf->map.width == 0))
        leaf->affine = false;
    if (!leaf->affine && !method->normalise) {
        leaf->constant = true;
        leaf->constant_value = smri_normalise_constant(choice);
    }
    if (leaf->affine && smri_leaf_sign(model, indicator) < 0)
        leaf->map = turn(leaf->map);
    leaf->simple = leaf->affine && !smri_leaf_changes(model, indicator);
}

smr_status smri_model_compile(smr_model *model, smr_error *error)
{
    const smr_framework *framework = model->framework;
    const size_t leaves = (size_t)model->set_count * framework->indicator_count;
    if (!allocate(model, &model->leaves, leaves, sizeof *model->leaves))
        return smri_fail_memory(error);
    for (size_t i = 0; i < leaves; i++) {
        const uint32_t indicator = (uint32_t)(i % framework->indicator_count);
        compile_leaf(model, indicator, &model->normalise[i], &model->leaves[i]);
        if (!model->leaves[i].affine && isinf(model->leaves[i].map.width)) {
            const char *id = framework->nodes[framework->indicators[indicator].node].id;
            const smri_place place = {.subject = id};
            return smri_fail(error, SMR_MESSAGE_SPREAD_TOO_WIDE, &place, id);
        }
    }
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        const char *id = framework->nodes[framework->indicators[i].node].id;
        const smri_place place = {.source = framework->source_name, .subject = id};
        if ((model->plan.normalise[i].method->flags & SMRI_METHOD_NEEDS_GOALPOSTS) &&
            smri_treatment_leaves_scale(&model->plan.treat[i], &model->treat[i]))
            return smri_fail(error, SMR_MESSAGE_PLAN_LOGARITHM_GOALPOSTS, &place, id);
    }
    for (uint32_t node = 0; node < framework->node_count; node++) {
        if (framework->nodes[node].indicator >= 0)
            continue;
        const smri_method *method = model->plan.aggregate[node].method;
        bool direct = (method->aggregate == smri_aggregate_arithmetic || method->aggregate == smri_aggregate_geometric) &&
                      model->plan.policy == SMRI_POLICY_RENORMALISE && !model->plan.coverage_by_count;
        for (int32_t child = framework->nodes[node].first_child; direct && child >= 0;
             child = framework->nodes[child].next_sibling) {
            direct = framework->nodes[child].indicator >= 0;
            for (uint32_t set = 0; direct && set < model->set_count; set++)
                direct = model->leaves[(size_t)set * framework->indicator_count +
                                       (uint32_t)framework->nodes[child].indicator].simple;
        }
        model->direct[node] = direct;
    }
    return SMR_OK;
}

const smr_framework *smr_model_framework(const smr_model *model)
{
    return model ? model->framework : NULL;
}

size_t smr_model_input_count(const smr_model *model)
{
    return model ? model->input_count : 0;
}

const char *smr_model_input_id(const smr_model *model, size_t input)
{
    return model && input < model->input_count ? model->inputs[input] : NULL;
}

double smr_model_weight(const smr_model *model, size_t node)
{
    return model && node < model->framework->node_count ? model->weights[node] : NAN;
}

double smr_model_effective_weight(const smr_model *model, size_t node)
{
    return model && node < model->framework->node_count ? model->effective[node] : NAN;
}
