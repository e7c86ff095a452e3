/* SPDX-License-Identifier: MIT */
#include "method_fixture.h"

/* index: a (leaf, 2), b (3): b1, b2 (0.5), c (0): c1, d (1): d1: d11, d12, d13 */
static smr_framework *make_tree(void)
{
    static const struct {
        const char *parent, *id;
        double weight;
        bool leaf;
    } nodes[] = {
        {"index", "a", 2, true}, {"index", "b", 3, false}, {"b", "b1", 1, true},   {"b", "b2", 0.5, true},
        {"index", "c", 0, false}, {"c", "c1", 1, true},    {"index", "d", 1, false}, {"d", "d1", 1, false},
        {"d1", "d11", 1, true},  {"d1", "d12", 1, true},   {"d1", "d13", 1, true},
    };
    smr_framework_builder *builder;
    smr_framework *framework;
    smr_error error = unit_error();
    expect_ok(smr_framework_builder_new(unit_context(), "index", NULL, &builder, &error), &error);
    for (size_t i = 0; i < SMRI_COUNT(nodes); i++) {
        if (nodes[i].leaf) {
            smr_indicator_options options;
            smr_indicator_options_init(&options, sizeof options);
            options.weight = nodes[i].weight;
            expect_ok(smr_framework_builder_add_indicator(builder, nodes[i].parent, nodes[i].id, &options, &error),
                      &error);
        } else {
            smr_node_options options;
            smr_node_options_init(&options, sizeof options);
            options.weight = nodes[i].weight;
            expect_ok(smr_framework_builder_add_node(builder, nodes[i].parent, nodes[i].id, &options, &error), &error);
        }
    }
    expect_ok(smr_framework_builder_build(builder, &framework, &error), &error);
    smr_framework_builder_free(builder);
    return framework;
}

static uint32_t node_of(const smr_framework *framework, const char *id)
{
    const int64_t node = smr_framework_find(framework, id);
    expect(node >= 0);
    return (uint32_t)node;
}

static void check(const char *method, const char *node, const double *expected, size_t n)
{
    smr_framework *framework = make_tree();
    method_fixture fixture;
    double weights[8];
    smr_error error = unit_error();
    fixture_make(&fixture, SMRI_STEP_WEIGHTS, method);
    const uint32_t family = node_of(framework, node);
    expect_ok(fixture.choice.method->weigh(&fixture.choice, framework, family, weights, &error), &error);
    expect_array(weights, expected, n, 0);
    fixture_free(&fixture);
    smr_framework_unref(framework);
}

TEST(weights_of_the_framework)
{
    check("framework", "index", (const double[]){2, 3, 0, 1}, 4);
    check("framework", "b", (const double[]){1, 0.5}, 2);
}

TEST(equal_weights)
{
    check("equal", "index", (const double[]){1, 1, 1, 1}, 4);
    check("equal", "d1", (const double[]){1, 1, 1}, 3);
}

TEST(weights_by_leaves)
{
    check("equal_leaf", "index", (const double[]){1, 2, 1, 3}, 4);
    check("equal_leaf", "d", (const double[]){3}, 1);
}

/* Every leaf has the same effective weight. */
TEST(equal_leaf_law)
{
    smr_framework *framework = make_tree();
    double effective[16] = {1};
    for (uint32_t node = 0; node < framework->node_count; node++) {
        double weights[8], total = 0;
        size_t place = 0;
        expect_equal_int(smri_weights_equal_leaf(NULL, framework, node, weights, NULL), SMR_OK);
        for (int32_t i = 0; i < framework->nodes[node].child_count; i++) {
            total += weights[i];
        }
        for (int32_t child = framework->nodes[node].first_child; child >= 0;
             child = framework->nodes[child].next_sibling) {
            effective[child] = effective[node] * weights[place++] / total;
        }
    }
    for (uint32_t i = 0; i < framework->indicator_count; i++) {
        expect_near(effective[framework->indicators[i].node], 1.0 / 7, 1e-15);
    }
    smr_framework_unref(framework);
}

/* ---- given ---- */

typedef struct given_case {
    smr_framework *framework;
    method_fixture fixture;
    smri_value *values;
} given_case;

static void given_make(given_case *given)
{
    given->framework = make_tree();
    fixture_make(&given->fixture, SMRI_STEP_WEIGHTS, "given");
    given->values = smri_value_new(&given->fixture.arena, SMRI_OBJECT);
    *fixture_setting(&given->fixture, "values") = (smri_setting){.given = true, .value = given->values};
}

static void given_put(given_case *given, const char *id, smri_value *weight)
{
    expect(smri_value_put(&given->fixture.arena, given->values, id, weight) != NULL);
}

static void given_number(given_case *given, const char *id, double weight)
{
    given_put(given, id, smri_value_number(&given->fixture.arena, weight));
}

static smr_status given_weigh(given_case *given, const char *node, double *weights, smr_error *error)
{
    *error = unit_error();
    const uint32_t family = node_of(given->framework, node);
    return smri_weights_given(&given->fixture.choice, given->framework, family, weights, error);
}

static void given_free(given_case *given)
{
    fixture_free(&given->fixture);
    smr_framework_unref(given->framework);
}

TEST(given_by_id)
{
    given_case given;
    double weights[8];
    smr_error error;
    given_make(&given);
    given_number(&given, "d", 0);
    given_number(&given, "b2", 9);
    given_number(&given, "a", 40);
    given_number(&given, "c", 1.5);
    given_number(&given, "b", 20);
    expect_ok(given_weigh(&given, "index", weights, &error), &error);
    expect_array(weights, (const double[]){40, 20, 1.5, 0}, 4, 0);
    given_free(&given);
}

TEST(a_missing_id_is_named)
{
    given_case given;
    double weights[8];
    smr_error error;
    given_make(&given);
    given_number(&given, "b1", 1);
    expect_fails(given_weigh(&given, "b", weights, &error), &error, SMR_MESSAGE_WEIGHT_MISSING);
    expect_equal_int(error.status, SMR_ERROR_PLAN);
    expect_text(error.subject, "weights.values");
    expect_text(error.message, "there is no weight for \"b2\", a child of \"b\"");
    given_free(&given);
}

TEST(wrong_weights_are_named)
{
    given_case given;
    double weights[8];
    smr_error error;
    given_make(&given);
    given_number(&given, "b1", 1);
    given_number(&given, "b2", -0.25);
    expect_fails(given_weigh(&given, "b", weights, &error), &error, SMR_MESSAGE_WEIGHT_WRONG);
    expect_text(error.message, "the weight of \"b2\" is -0.25, expected a number, 0 or more");
    given_put(&given, "b2", smri_value_text(&given.fixture.arena, "high", 4));
    expect_fails(given_weigh(&given, "b", weights, &error), &error, SMR_MESSAGE_WEIGHT_WRONG);
    expect_text(error.message, "the weight of \"b2\" is a text, expected a number, 0 or more");
    given_put(&given, "b2", smri_value_new(&given.fixture.arena, SMRI_NULL));
    expect_fails(given_weigh(&given, "b", weights, &error), &error, SMR_MESSAGE_WEIGHT_WRONG);
    given_number(&given, "b1", 0);
    given_number(&given, "b2", 0);
    expect_fails(given_weigh(&given, "b", weights, &error), &error, SMR_MESSAGE_WEIGHTS_ZERO);
    expect_text(error.message, "the weights of all children of \"b\" are 0, expected one above 0 at least");
    given_free(&given);
}

TEST(a_list_is_no_table_of_weights)
{
    given_case given;
    double weights[8];
    smr_error error;
    given_make(&given);
    fixture_setting(&given.fixture, "values")->value = smri_value_new(&given.fixture.arena, SMRI_ARRAY);
    expect_fails(given_weigh(&given, "b", weights, &error), &error, SMR_MESSAGE_WEIGHTS_NOT_OBJECT);
    given_free(&given);
}

static const unit_test tests[] = {
    UNIT(weights_of_the_framework),
    UNIT(equal_weights),
    UNIT(weights_by_leaves),
    UNIT(equal_leaf_law),
    UNIT(given_by_id),
    UNIT(a_missing_id_is_named),
    UNIT(wrong_weights_are_named),
    UNIT(a_list_is_no_table_of_weights),
};
UNIT_SUITE(method_weights, tests)
