/* SPDX-License-Identifier: MIT */
/* framework.h: a tree of what is measured, made by hand, written as JSON and read back. */
#include <smartregion/framework.h>

#include "example.h"

static smr_status add_indicator(smr_framework_builder *builder, const char *parent, const char *id, double worst,
                                double best, smr_error *error) {
    smr_indicator_options options;
    smr_indicator_options_init(&options, sizeof options);
    options.worst = worst;
    options.best = best;
    options.source = "an example";
    return smr_framework_builder_add_indicator(builder, parent, id, &options, error);
}

static smr_status build(smr_framework **framework, smr_error *error) {
    smr_framework_builder *builder = NULL;
    smr_node_options twice;
    smr_node_options_init(&twice, sizeof twice);
    twice.weight = 2;
    smr_status status = smr_framework_builder_new(NULL, "city", NULL, &builder, error);
    if (!status)
        status = smr_framework_builder_add_node(builder, "city", "connect", &twice, error);
    if (!status)
        status = add_indicator(builder, "connect", "household_internet", 0, 100, error);
    if (!status)
        status = smr_framework_builder_add_name(builder, "connect", "vi", "Kết nối", error);
    if (!status)
        status = smr_framework_builder_add_node(builder, "city", "air", NULL, error);
    if (!status)
        status = add_indicator(builder, "air", "pm25", 87, 6.3, error);
    if (!status)
        status = smr_framework_builder_build(builder, framework, error);
    smr_framework_builder_free(builder);
    return status;
}

/* The tree, one node a line; returns how many nodes it has. */
static size_t print_tree(const smr_framework *framework) {
    size_t node = 0;
    for (const char *id; (id = smr_framework_node_id(framework, node)) != NULL; node++)
        printf("%*s%s \"%s\" weight %g\n", 2 * (int)smr_framework_node_depth(framework, node), "", id,
               smr_framework_node_name(framework, node, "vi"), smr_framework_node_weight(framework, node));
    return node;
}

int main(void) {
    smr_framework *built = NULL, *again = NULL, *icf = NULL;
    text json = {NULL, 0};
    smr_indicator_options pm25;
    smr_error error;
    smr_indicator_options_init(&pm25, sizeof pm25);
    smr_error_init(&error, sizeof error);
    int failed = build(&built, &error) || smr_framework_write(built, append_text, &json, &error)
                 || smr_framework_read(NULL, json.bytes, json.length, "city.json", &again, &error)
                 || smr_framework_indicator(again, 1, &pm25, &error)
                 || smr_framework_builtin(NULL, "icf", &icf, &error);
    int holds = 0;
    if (failed) {
        fprintf(stderr, "%s\n", error.message);
    } else {
        /* pm25 was given no direction: its goalposts say that lower is better. */
        holds = print_tree(again) == smr_framework_node_count(built) && smr_framework_node_count(built) == 5
                && smr_framework_find(again, "pm25") == 4 && smr_framework_node_parent(again, 4) == 3
                && pm25.direction == SMR_DIRECTION_LOWER && pm25.worst == 87 && pm25.best == 6.3
                && smr_framework_node_weight(again, 1) == 2;
        printf("%s: %zu indicators\n", smr_framework_node_id(icf, 0), smr_framework_indicator_count(icf));
        holds = holds && smr_framework_indicator_count(icf) == 48;
    }
    free(json.bytes);
    smr_framework_unref(icf);
    smr_framework_unref(again);
    smr_framework_unref(built);
    return holds ? 0 : 1;
}
