/* SPDX-License-Identifier: MIT */
/* From layers to one choice of method and options for every step, indicator and node. */

#include "engine/engine_impl.h"

static const smri_entry *entry_of(const smri_entries *over, const smri_entries *base, const char *key)
{
    const smri_entry *found = over ? smri_entries_find(over, key) : NULL;
    return found ? found : smri_entries_find(base, key);
}

static void join(char out[SMRI_PLAN_TEXT], const char *path, const char *key)
{
    smri_text_cut(out, SMRI_PLAN_TEXT, path);
    size_t used = strlen(out);
    smri_text_cut(out + used, SMRI_PLAN_TEXT - used, ".");
    used = strlen(out);
    smri_text_cut(out + used, SMRI_PLAN_TEXT - used, key);
}

/* The nearest of the parameter names in both lists. */
static const char *nearest_parameter(const char *key, const smri_parameter *a, const smri_parameter *b)
{
    const char *names[64];
    size_t count = 0;
    names[count++] = "method";
    for (int list = 0; list < 2; list++)
        for (const smri_parameter *p = list ? b : a; p && p->name && count < SMRI_COUNT(names); p++)
            names[count++] = p->name;
    return smri_text_nearest(key, names, count);
}

static smr_status leave_out(smri_resolver *resolver, const char *path, const char *key)
{
    char full[SMRI_PLAN_TEXT];
    join(full, path, key);
    smri_value *text = smri_value_text(resolver->arena, full, strlen(full));
    if (!smri_value_append(resolver->arena, resolver->left_out, NULL, text))
        return smri_fail_memory(resolver->error);
    return SMR_OK;
}

/* Reads parameters from entries (defaults where absent) into settings and, when given, the document's object. */
static smr_status read_settings(smri_resolver *resolver, const smri_parameter *parameters, const smri_entries *over,
                                const smri_entries *base, const char *path, smri_setting *settings,
                                smri_value *object)
{
    for (size_t i = 0; parameters && parameters[i].name; i++) {
        const smri_entry *entry = entry_of(over, base, parameters[i].name);
        /* A setting borrows from the value it is read from, and outlives the plan: hence a copy. */
        const smri_value *value = entry && entry->value->type != SMRI_NULL
                                      ? smri_value_copy(resolver->arena, entry->value)
                                      : smri_parameter_default(&parameters[i], resolver->arena);
        if (!value)
            return smri_fail_memory(resolver->error);
        char found[SMRI_PLAN_TEXT], expected[SMRI_PLAN_TEXT], full[SMRI_PLAN_TEXT];
        if (!smri_setting_read(&parameters[i], value, &settings[i], found, expected)) {
            join(full, path, parameters[i].name);
            const char *const texts[] = {found, expected};
            return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_VALUE, entry ? entry->layer : 0, full, texts, 2);
        }
        if (object && !smri_value_append(resolver->arena, object, parameters[i].name,
                                         smri_value_copy(resolver->arena, value)))
            return smri_fail_memory(resolver->error);
    }
    return SMR_OK;
}

/* Keys that neither the step nor the method knows: an error from the layer that chose the method or above, unless that
 * is a preset's; else left out. */
static smr_status check_keys(smri_resolver *resolver, const smri_entries *entries, const smri_parameter *step_parameters,
                             const smri_method *method, uint32_t method_layer, const char *path)
{
    for (uint32_t i = 0; i < entries->count; i++) {
        const smri_entry *entry = &entries->items[i];
        if ((method && strcmp(entry->key, "method") == 0) ||
            (step_parameters && smri_parameter_find(step_parameters, entry->key) >= 0) ||
            (method && method->parameters && smri_parameter_find(method->parameters, entry->key) >= 0))
            continue;
        if (method && (entry->layer < method_layer || resolver->layers[entry->layer].is_preset)) {
            smr_status status = leave_out(resolver, path, entry->key);
            if (status != SMR_OK)
                return status;
            continue;
        }
        char hint[SMRI_PLAN_TEXT], full[SMRI_PLAN_TEXT];
        join(full, path, entry->key);
        smri_did_you_mean(hint, nearest_parameter(entry->key, step_parameters, method ? method->parameters : NULL));
        if (!method || !method->name) {
            const char *const texts[] = {entry->key, hint};
            return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_KEY_UNKNOWN, entry->layer, full, texts, 2);
        }
        const char *const texts[] = {method->name, entry->key, hint};
        return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_OPTION_UNKNOWN, entry->layer, full, texts, 3);
    }
    return SMR_OK;
}

static smr_status check_required(smri_resolver *resolver, const smri_choice *choice, uint32_t layer, const char *path)
{
    const smri_parameter *parameters = choice->method->parameters;
    for (size_t i = 0; parameters && parameters[i].name; i++) {
        if (!parameters[i].required || choice->settings[i].given)
            continue;
        const char *const texts[] = {choice->method->name, parameters[i].name};
        return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_OPTION_REQUIRED, layer, path, texts, 2);
    }
    return SMR_OK;
}

/* One choice of method and options. `over` (may be NULL) stands above `base`. `object` gets everything spelt out. */
static smr_status choose(smri_resolver *resolver, smri_step step, const smri_entries *base, const smri_entries *over,
                         const char *path, smri_choice *choice, smri_value *object)
{
    const smri_entry *named = entry_of(over, base, "method");
    const char *name = smri_steps[step].default_method;
    const uint32_t layer = named ? named->layer : 0;
    char full[SMRI_PLAN_TEXT];
    join(full, path, "method");
    if (named && named->value->type != SMRI_NULL) {
        if (named->value->type != SMRI_TEXT) {
            static const char *const texts[] = {"another type", "the name of a method"};
            return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_VALUE, layer, full, texts, 2);
        }
        name = named->value->text;
    }
    choice->method = smri_method_find(step, name);
    if (!choice->method) {
        char hint[SMRI_PLAN_TEXT];
        const char *const texts[] = {name, smri_did_you_mean(hint, smri_method_nearest(step, name))};
        return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_METHOD_UNKNOWN, layer, full, texts, 2);
    }
    smr_status status = SMR_OK;
    if (over)
        status = check_keys(resolver, over, NULL, choice->method, layer, path);
    else
        status = check_keys(resolver, base, smri_steps[step].parameters, choice->method, layer, path);
    if (status != SMR_OK)
        return status;
    size_t count = choice->method->parameters ? smri_parameter_count(choice->method->parameters) : 0;
    smri_setting *settings = smri_arena_calloc(resolver->arena, count + 1, sizeof *settings);
    if (!settings)
        return smri_fail_memory(resolver->error);
    choice->settings = settings;
    smri_value *text = smri_value_text(resolver->arena, name, strlen(name));
    if (object && !smri_value_append(resolver->arena, object, "method", text))
        return smri_fail_memory(resolver->error);
    status = read_settings(resolver, choice->method->parameters, over, base, path, settings, object);
    return status == SMR_OK ? check_required(resolver, choice, layer, path) : status;
}

/* Every id in the tables of overrides must be one the step can override. */
static smr_status check_override_ids(smri_resolver *resolver, smri_step step)
{
    const smri_step_row *row = &smri_steps[step];
    const bool nodes = row->overrides && strcmp(row->overrides, "nodes") == 0;
    const smr_framework *framework = resolver->framework;
    for (uint32_t i = 0; i < resolver->layer_count; i++) {
        const smri_value *table = smri_value_get(smri_value_get(resolver->layers[i].object, row->name), row->overrides);
        for (const smri_value *member = table ? table->first : NULL; member; member = member->next) {
            uint32_t node = smri_table_find(&framework->ids, member->key, strlen(member->key));
            if (node == SMRI_NOT_FOUND && nodes && strcmp(member->key, "root") == 0)
                continue;
            if (node != SMRI_NOT_FOUND && (framework->nodes[node].indicator < 0) == nodes)
                continue;
            char hint[SMRI_PLAN_TEXT], path[SMRI_PLAN_TEXT], full[SMRI_PLAN_TEXT];
            join(path, row->name, row->overrides);
            join(full, path, member->key);
            smri_did_you_mean(hint, smri_text_nearest(member->key, framework->ids.keys, framework->ids.count));
            const char *const texts[] = {member->key, nodes ? "a node with children" : "an indicator", hint};
            return smri_resolver_fail(resolver, SMR_MESSAGE_PLAN_ID_UNKNOWN, i, full, texts, 3);
        }
    }
    return SMR_OK;
}

/* A step with methods, chosen for every member: indicators, or nodes that have children. */
static smr_status resolve_methods(smri_resolver *resolver, smri_step step, smri_choice *choices,
                                  smri_setting *step_settings)
{
    const smri_step_row *row = &smri_steps[step];
    const smr_framework *framework = resolver->framework;
    const bool nodes = strcmp(row->overrides, "nodes") == 0;
    smri_entries base;
    smr_status status = smri_resolver_step(resolver, step, &base);
    smri_value *object = smri_value_append(resolver->arena, resolver->document, row->name,
                                           smri_value_new(resolver->arena, SMRI_OBJECT));
    smri_value *table = smri_value_new(resolver->arena, SMRI_OBJECT);
    if (status == SMR_OK && (!object || !table))
        status = smri_fail_memory(resolver->error);
    if (status == SMR_OK)
        status = check_override_ids(resolver, step);
    smri_choice common = {NULL, NULL};
    if (status == SMR_OK)
        status = choose(resolver, step, &base, NULL, row->name, &common, object);
    if (status == SMR_OK)
        status = read_settings(resolver, row->parameters, NULL, &base, row->name, step_settings, object);
    const uint32_t count = nodes ? framework->node_count : framework->indicator_count;
    for (uint32_t i = 0; status == SMR_OK && i < count; i++) {
        const smri_node *node = &framework->nodes[nodes ? i : (uint32_t)framework->indicators[i].node];
        if (nodes && node->indicator >= 0)
            continue;
        smri_entries over;
        const smri_value *own = step == SMRI_STEP_AGGREGATE ? node->aggregate : NULL;
        status = smri_resolver_override(resolver, step, node->id, nodes && i == 0, own, &over);
        if (status != SMR_OK)
            break;
        choices[i] = common;
        if (over.count == 0)
            continue;
        char path[SMRI_PLAN_TEXT], full[SMRI_PLAN_TEXT];
        join(path, row->name, row->overrides);
        join(full, path, node->id);
        smri_value *spelt = smri_value_append(resolver->arena, table, node->id,
                                              smri_value_new(resolver->arena, SMRI_OBJECT));
        if (!spelt)
            return smri_fail_memory(resolver->error);
        status = choose(resolver, step, &base, &over, full, &choices[i], spelt);
    }
    if (status == SMR_OK && table->count > 0 &&
        !smri_value_append(resolver->arena, object, row->overrides, table))
        status = smri_fail_memory(resolver->error);
    return status;
}

/* A step without methods: its own parameters only. */
static smr_status resolve_plain(smri_resolver *resolver, smri_step step, smri_setting *settings, smri_value **object)
{
    const smri_step_row *row = &smri_steps[step];
    smri_entries base;
    smr_status status = smri_resolver_step(resolver, step, &base);
    *object = smri_value_append(resolver->arena, resolver->document, row->name,
                                smri_value_new(resolver->arena, SMRI_OBJECT));
    if (status == SMR_OK && !*object)
        status = smri_fail_memory(resolver->error);
    if (status == SMR_OK)
        status = check_keys(resolver, &base, row->parameters, NULL, 0, row->name);
    return status == SMR_OK ? read_settings(resolver, row->parameters, NULL, &base, row->name, settings, *object)
                            : status;
}

static const smri_setting *step_setting(smri_step step, const smri_setting *settings, const char *name)
{
    return &settings[smri_parameter_find(smri_steps[step].parameters, name)];
}

static smr_status resolve_denominate(smri_resolver *resolver, smri_setting *settings)
{
    const smri_step step = SMRI_STEP_DENOMINATE;
    const smr_framework *framework = resolver->framework;
    smri_value *object = NULL;
    smr_status status = resolve_plain(resolver, step, settings, &object);
    if (status == SMR_OK)
        status = check_override_ids(resolver, step);
    if (status != SMR_OK)
        return status;
    const bool use = step_setting(step, settings, "use")->number != 0;
    const double scale = step_setting(step, settings, "scale")->number;
    smri_value *table = smri_value_new(resolver->arena, SMRI_OBJECT);
    if (!table)
        return smri_fail_memory(resolver->error);
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        const smri_indicator *indicator = &framework->indicators[i];
        const char *id = framework->nodes[indicator->node].id;
        smri_entries over;
        status = smri_resolver_override(resolver, step, id, false, NULL, &over);
        bool own_use = use;
        double own_scale = scale;
        if (status == SMR_OK && over.count > 0) {
            static const smri_entries none = {NULL, 0};
            smri_setting own[8];
            char path[SMRI_PLAN_TEXT];
            join(path, "denominate.indicators", id);
            status = check_keys(resolver, &over, smri_steps[step].parameters, NULL, 0, path);
            smri_value *spelt = smri_value_append(resolver->arena, table, id,
                                                  smri_value_new(resolver->arena, SMRI_OBJECT));
            if (status == SMR_OK && !spelt)
                status = smri_fail_memory(resolver->error);
            if (status == SMR_OK)
                status = read_settings(resolver, smri_steps[step].parameters, &over, &none, path, own, spelt);
            if (status == SMR_OK) {
                own_use = step_setting(step, own, "use")->number != 0;
                own_scale = step_setting(step, own, "scale")->number;
            }
        }
        if (status != SMR_OK)
            return status;
        resolver->resolved->denominate[i] = own_use && indicator->denominator ? own_scale : NAN;
    }
    if (table->count > 0 && !smri_value_append(resolver->arena, object, "indicators", table))
        return smri_fail_memory(resolver->error);
    return SMR_OK;
}

/* What only holds between steps: goalposts need goalposts and their scale, a target needs its optimum. */
static smr_status check_indicators(smri_resolver *resolver)
{
    const smr_framework *framework = resolver->framework;
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        const smri_indicator *indicator = &framework->indicators[i];
        const char *id = framework->nodes[indicator->node].id;
        const smri_place place = {.source = framework->source_name, .subject = id};
        const smri_method *normalise = resolver->resolved->normalise[i].method;
        if (!(normalise->flags & SMRI_METHOD_NEEDS_GOALPOSTS))
            continue;
        if (indicator->worst != indicator->worst || indicator->best != indicator->best)
            return smri_fail(resolver->error, SMR_MESSAGE_PLAN_GOALPOSTS_MISSING, &place, id);
        if (resolver->resolved->treat[i].method->flags & SMRI_METHOD_LOGARITHM)
            return smri_fail(resolver->error, SMR_MESSAGE_PLAN_LOGARITHM_GOALPOSTS, &place, id);
    }
    return SMR_OK;
}

/* What a method itself says of the place it was chosen for. */
static smr_status check_choices(smri_resolver *resolver)
{
    const smr_framework *framework = resolver->framework;
    const smri_resolved *resolved = resolver->resolved;
    smr_status status = SMR_OK;
    for (uint32_t node = 0; status == SMR_OK && node < framework->node_count; node++) {
        const int32_t indicator = framework->nodes[node].indicator;
        const smri_choice *const of_node[] = {&resolved->weights[node], &resolved->aggregate[node]};
        const smri_choice *of_indicator[3] = {NULL};
        if (indicator >= 0) {
            of_indicator[0] = &resolved->impute[indicator];
            of_indicator[1] = &resolved->treat[indicator];
            of_indicator[2] = &resolved->normalise[indicator];
        }
        const smri_choice *const *choices = indicator >= 0 ? of_indicator : of_node;
        const size_t count = indicator >= 0 ? SMRI_COUNT(of_indicator) : SMRI_COUNT(of_node);
        for (size_t i = 0; status == SMR_OK && i < count; i++)
            if (choices[i]->method->check)
                status = choices[i]->method->check(choices[i], framework, node, resolver->error);
    }
    return status;
}

static bool make_arrays(smri_resolver *resolver)
{
    smri_resolved *resolved = resolver->resolved;
    const size_t indicators = resolver->framework->indicator_count, nodes = resolver->framework->node_count;
    resolved->denominate = smri_arena_alloc(resolver->arena, indicators, sizeof *resolved->denominate);
    resolved->impute = smri_arena_calloc(resolver->arena, indicators, sizeof *resolved->impute);
    resolved->treat = smri_arena_calloc(resolver->arena, indicators, sizeof *resolved->treat);
    resolved->normalise = smri_arena_calloc(resolver->arena, indicators, sizeof *resolved->normalise);
    resolved->weights = smri_arena_calloc(resolver->arena, nodes, sizeof *resolved->weights);
    resolved->aggregate = smri_arena_calloc(resolver->arena, nodes, sizeof *resolved->aggregate);
    resolver->document = smri_value_new(resolver->arena, SMRI_OBJECT);
    resolver->left_out = smri_value_new(resolver->arena, SMRI_ARRAY);
    return resolved->denominate && resolved->impute && resolved->treat && resolved->normalise && resolved->weights &&
           resolved->aggregate && resolver->document && resolver->left_out;
}

static void read_screen(const smri_setting *settings, smri_resolved *resolved)
{
    const smri_setting *by = step_setting(SMRI_STEP_SCREEN, settings, "by");
    const smri_setting *share = step_setting(SMRI_STEP_SCREEN, settings, "min_share");
    const smri_setting *include = step_setting(SMRI_STEP_SCREEN, settings, "force_include");
    const smri_setting *exclude = step_setting(SMRI_STEP_SCREEN, settings, "force_exclude");
    resolved->screen_by = by->given ? (smri_screen_by)by->number : SMRI_SCREEN_NONE;
    resolved->screen_min_share = share->given ? share->number : resolved->screen_by == SMRI_SCREEN_ZEROS ? 0.05 : 2.0 / 3.0;
    resolved->screen_include = include->given ? include->value : NULL;
    resolved->screen_exclude = exclude->given ? exclude->value : NULL;
}

smr_status smri_plan_resolve(const smr_plan *plan, const smr_framework *framework, smri_arena *arena,
                             smri_resolved *resolved, smr_error *error)
{
    smri_resolver resolver = {.framework = framework, .arena = arena, .resolved = resolved, .error = error};
    if (!make_arrays(&resolver))
        return smri_fail_memory(error);
    smri_setting settings[16];
    smri_value *object = NULL;
    smr_status status = smri_resolver_stack(&resolver, plan);
    if (status == SMR_OK)
        status = resolve_denominate(&resolver, settings);
    if (status == SMR_OK)
        status = resolve_plain(&resolver, SMRI_STEP_ROLLUP, settings, &object);
    if (status == SMR_OK) {
        resolved->rollup_by = step_setting(SMRI_STEP_ROLLUP, settings, "by")->text;
        const smri_setting *keep = step_setting(SMRI_STEP_ROLLUP, settings, "keep");
        resolved->rollup_keep_all = keep->text && strcmp(keep->text, "all") == 0;
        status = resolve_plain(&resolver, SMRI_STEP_SCREEN, settings, &object);
    }
    if (status == SMR_OK) {
        read_screen(settings, resolved);
        status = resolve_methods(&resolver, SMRI_STEP_IMPUTE, resolved->impute, settings);
    }
    if (status == SMR_OK)
        status = resolve_methods(&resolver, SMRI_STEP_TREAT, resolved->treat, settings);
    if (status == SMR_OK)
        status = resolve_methods(&resolver, SMRI_STEP_NORMALISE, resolved->normalise, settings);
    if (status == SMR_OK) {
        resolved->normalise_per = step_setting(SMRI_STEP_NORMALISE, settings, "per")->text;
        status = resolve_methods(&resolver, SMRI_STEP_WEIGHTS, resolved->weights, settings);
    }
    if (status == SMR_OK)
        status = resolve_methods(&resolver, SMRI_STEP_AGGREGATE, resolved->aggregate, settings);
    if (status == SMR_OK)
        status = resolve_plain(&resolver, SMRI_STEP_MISSING, settings, &object);
    if (status == SMR_OK) {
        resolved->policy = (smri_policy)step_setting(SMRI_STEP_MISSING, settings, "policy")->number;
        resolved->min_coverage = step_setting(SMRI_STEP_MISSING, settings, "min_coverage")->number;
        resolved->coverage_by_count = step_setting(SMRI_STEP_MISSING, settings, "coverage_by")->number != 0;
        status = resolve_plain(&resolver, SMRI_STEP_RANK, settings, &object);
    }
    if (status == SMR_OK) {
        const smri_setting *decimals = step_setting(SMRI_STEP_RANK, settings, "decimals");
        resolved->ties = (smri_ties)step_setting(SMRI_STEP_RANK, settings, "ties")->number;
        resolved->decimals = decimals->given ? (int32_t)decimals->number : -1;
        resolved->tolerance = step_setting(SMRI_STEP_RANK, settings, "tolerance")->number;
        status = check_indicators(&resolver);
    }
    if (status == SMR_OK)
        status = check_choices(&resolver);
    if (status == SMR_OK && resolver.left_out->count > 0 &&
        !smri_value_append(arena, resolver.document, "left_out", resolver.left_out))
        status = smri_fail_memory(error);
    resolved->document = resolver.document;
    return status;
}
