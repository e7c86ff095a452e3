/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "io/io_impl.h"

#include "failure/failing_allocator.h"

static smr_status read_json(const char *text, smr_framework **framework, smr_error *error) {
    return smr_framework_read(unit_context(), text, strlen(text), "file.json", framework, error);
}

#define LEAF(members) "{\"id\": \"index\", \"children\": [{\"id\": \"a\"}, {\"id\": \"b\", " members "}]}"

TEST(mistakes_in_a_file_are_told_with_their_path) {
    static const struct {
        const char *text;
        int32_t code;
        const char *subject, *message;
    } cases[] = {
        {"[]", SMR_MESSAGE_JSON_TYPE, "", "found a list, expected an object, the root of a framework"},
        {"", SMR_MESSAGE_JSON_SYNTAX, "", "found the end of the text, expected a value"},
        {"{\"id\": \"x\", ", SMR_MESSAGE_JSON_SYNTAX, "", "found the end of the text, expected a key in double quotes"},
        {"{\"format\": \"smartregion-framework/2\"}", SMR_MESSAGE_JSON_FORMAT_NEWER, "format", NULL},
        {"{\"format\": \"smartregion-plan/1\"}", SMR_MESSAGE_JSON_FORMAT_OTHER, "format", NULL},
        {"{}", SMR_MESSAGE_FRAMEWORK_KEY_MISSING, "id", "key \"id\" is missing: every node has one"},
        {"{\"id\": \"x\"}", SMR_MESSAGE_FRAMEWORK_KEY_MISSING, "children",
         "key \"children\" is missing: the root has the criteria there"},
        {"{\"id\": \"x\", \"children\": null}", SMR_MESSAGE_FRAMEWORK_KEY_MISSING, "children", NULL},
        {"{\"id\": \"x\", \"children\": []}", SMR_MESSAGE_FRAMEWORK_CHILDLESS, "children",
         "node \"x\" has no children, expected one at least"},
        {"{\"id\": \"x\", \"children\": {}}", SMR_MESSAGE_JSON_TYPE, "children",
         "found an object, expected a list of nodes"},
        {"{\"id\": \"x\", \"children\": [3]}", SMR_MESSAGE_JSON_TYPE, "children[0]",
         "found the number 3, expected an object"},
        {"{\"id\": \"x\", \"children\": [{\"id\": \"y\", \"children\": [{\"id\": \"z\"}, {\"name\": \"n\"}]}]}",
         SMR_MESSAGE_FRAMEWORK_KEY_MISSING, "children[0].children[1].id", NULL},
        {"{\"id\": \"x\", \"children\": [{\"id\": \"y\", \"children\": []}]}", SMR_MESSAGE_FRAMEWORK_CHILDLESS,
         "children[0].children", NULL},
        {"{\"id\": \"x\", \"children\": [{\"id\": \"a\"}, {\"id\": \"y\", \"children\": [{\"id\": \"z\", \"weight\": "
         "0}]}]}",
         SMR_MESSAGE_FRAMEWORK_WEIGHTS_ZERO, "children[1].children",
         "all children of \"y\" have weight 0, expected one above 0 at least"},
        {"{\"id\": \"a b\", \"children\": [{\"id\": \"z\"}]}", SMR_MESSAGE_FRAMEWORK_ID_INVALID, "id", NULL},
        {"{\"id\": 5, \"children\": [{\"id\": \"z\"}]}", SMR_MESSAGE_JSON_TYPE, "id",
         "found the number 5, expected a text"},
        {"{\"id\": \"x\", \"children\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}", SMR_MESSAGE_FRAMEWORK_ID_TWICE,
         "children[1].id", "id \"a\" stands twice, first at children[0].id"},
        {"{\"id\": \"x\", \"children\": [{\"id\": \"y\", \"children\": [{\"id\": \"x\"}]}]}",
         SMR_MESSAGE_FRAMEWORK_ID_TWICE, "children[0].children[0].id",
         "id \"x\" stands twice, first at id; that one is above this one, and nothing lies below itself"},
        /* keys */
        {LEAF("\"wrost\": 1"), SMR_MESSAGE_FRAMEWORK_KEY_UNKNOWN, "children[1].wrost",
         "key \"wrost\" is unknown, nearest is \"worst\""},
        {LEAF("\"childern\": []"), SMR_MESSAGE_FRAMEWORK_KEY_UNKNOWN, "children[1].childern",
         "key \"childern\" is unknown, nearest is \"children\""},
        {LEAF("\"colour\": null"), SMR_MESSAGE_FRAMEWORK_KEY_UNKNOWN, "children[1].colour", NULL},
        {LEAF("\"plan\": {}"), SMR_MESSAGE_FRAMEWORK_KEY_MISPLACED, "children[1].plan",
         "key \"plan\" belongs to the root, this is an indicator, as it has no children"},
        {LEAF("\"aggregate\": \"geometric\""), SMR_MESSAGE_FRAMEWORK_KEY_MISPLACED, "children[1].aggregate",
         "key \"aggregate\" belongs to nodes with children, this is an indicator, as it has no children"},
        {LEAF("\"unit\": \"%\", \"children\": [{\"id\": \"c\"}]"), SMR_MESSAGE_FRAMEWORK_KEY_MISPLACED,
         "children[1].unit", "key \"unit\" belongs to indicators, this is a node with children"},
        {LEAF("\"source\": \"%\", \"children\": [{\"id\": \"c\"}]"), SMR_MESSAGE_FRAMEWORK_KEY_MISPLACED,
         "children[1].source", "key \"source\" belongs to the root and to indicators, this is a node with children"},
        {"{\"id\": \"x\", \"worst\": 1, \"children\": [{\"id\": \"a\"}]}", SMR_MESSAGE_FRAMEWORK_KEY_MISPLACED, "worst",
         "key \"worst\" belongs to indicators, this is the root"},
        {"{\"id\": \"x\", \"ids\": \"all\", \"children\": [{\"id\": \"a\"}]}", SMR_MESSAGE_FRAMEWORK_WORD_UNKNOWN,
         "ids", "ids \"all\" is unknown, expected one of plain, any"},
        /* types */
        {LEAF("\"worst\": \"1\", \"best\": 2"), SMR_MESSAGE_JSON_TYPE, "children[1].worst",
         "found the text \"1\", expected a number"},
        {LEAF("\"weight\": true"), SMR_MESSAGE_JSON_TYPE, "children[1].weight", "found true, expected a number"},
        {LEAF("\"unit\": 1"), SMR_MESSAGE_JSON_TYPE, "children[1].unit", "found the number 1, expected a text"},
        {LEAF("\"basis\": []"), SMR_MESSAGE_JSON_TYPE, "children[1].basis", "found a list, expected a text"},
        {LEAF("\"note\": {}"), SMR_MESSAGE_JSON_TYPE, "children[1].note", "found an object, expected a text"},
        {LEAF("\"name\": 1"), SMR_MESSAGE_JSON_TYPE, "children[1].name",
         "found the number 1, expected a text, or an object of texts by language"},
        {LEAF("\"name\": {\"en\": \"x\", \"vi\": 2}"), SMR_MESSAGE_JSON_TYPE, "children[1].name.vi",
         "found the number 2, expected a text"},
        {LEAF("\"name\": {\"v i\": \"x\"}"), SMR_MESSAGE_FRAMEWORK_LANGUAGE, "children[1].name", NULL},
        {LEAF("\"tags\": \"x\""), SMR_MESSAGE_JSON_TYPE, "children[1].tags", NULL},
        {LEAF("\"tags\": {\"field\": [\"a\", 1]}"), SMR_MESSAGE_JSON_TYPE, "children[1].tags.field",
         "found the number 1, expected a text, or a list of texts"},
        {LEAF("\"tags\": {\"field\": {}}"), SMR_MESSAGE_JSON_TYPE, "children[1].tags.field", NULL},
        {LEAF("\"aggregate\": 1, \"children\": [{\"id\": \"c\"}]"), SMR_MESSAGE_JSON_TYPE, "children[1].aggregate",
         "found the number 1, expected the name of a method, or an object"},
        {LEAF("\"aggregate\": \"a b\", \"children\": [{\"id\": \"c\"}]"), SMR_MESSAGE_FRAMEWORK_AGGREGATE_NAME,
         "children[1].aggregate", NULL},
        {"{\"id\": \"x\", \"plan\": \"hdi\", \"children\": [{\"id\": \"a\"}]}", SMR_MESSAGE_JSON_TYPE, "plan",
         "found the text \"hdi\", expected an object"},
        {"{\"id\": \"x\", \"version\": 2026, \"children\": [{\"id\": \"a\"}]}", SMR_MESSAGE_JSON_TYPE, "version",
         "found the number 2026, expected a text"},
        /* words and numbers */
        {LEAF("\"direction\": \"up\""), SMR_MESSAGE_FRAMEWORK_WORD_UNKNOWN, "children[1].direction",
         "direction \"up\" is unknown, expected one of higher, lower, target"},
        {LEAF("\"kind\": \"percent\""), SMR_MESSAGE_FRAMEWORK_WORD_UNKNOWN, "children[1].kind",
         "kind \"percent\" is unknown, expected one of number, share, count, ordinal, binary, checklist, rank"},
        {LEAF("\"transform\": \"ln\""), SMR_MESSAGE_FRAMEWORK_WORD_UNKNOWN, "children[1].transform",
         "transform \"ln\" is unknown, expected one of none, log, sqrt, cbrt, logit"},
        {LEAF("\"weight\": -1"), SMR_MESSAGE_FRAMEWORK_WEIGHT, "children[1].weight", NULL},
        {LEAF("\"worst\": 1"), SMR_MESSAGE_FRAMEWORK_GOALPOST_ALONE, "children[1].worst", NULL},
        {LEAF("\"best\": 1, \"worst\": null"), SMR_MESSAGE_FRAMEWORK_GOALPOST_ALONE, "children[1].best", NULL},
        {LEAF("\"best\": 1, \"worst\": 1"), SMR_MESSAGE_FRAMEWORK_GOALPOSTS_EQUAL, "children[1].worst", NULL},
        {LEAF("\"best\": 1, \"worst\": 2, \"direction\": \"higher\""), SMR_MESSAGE_FRAMEWORK_DIRECTION,
         "children[1].direction", NULL},
        {LEAF("\"direction\": \"target\""), SMR_MESSAGE_FRAMEWORK_OPTIMUM_MISSING, "children[1].optimum", NULL},
        {LEAF("\"optimum\": 1, \"direction\": \"lower\""), SMR_MESSAGE_FRAMEWORK_OPTIMUM_UNUSED, "children[1].optimum",
         NULL},
        {LEAF("\"optimum\": 1, \"worst\": 1, \"best\": 3"), SMR_MESSAGE_FRAMEWORK_OPTIMUM_OUTSIDE,
         "children[1].optimum", NULL},
        {LEAF("\"worst\": 0, \"best\": 3, \"transform\": \"log\""), SMR_MESSAGE_FRAMEWORK_DOMAIN, "children[1].worst",
         "worst is 0, but transform log needs a number above 0"},
        {LEAF("\"worst\": 1e999, \"best\": 3"), SMR_MESSAGE_JSON_NUMBER_RANGE, "", NULL},
        {LEAF("\"worst\": 1, \"worst\": 3"), SMR_MESSAGE_JSON_DUPLICATE_KEY, "", NULL},
        {LEAF("\"note\": \"a\\u0000\""), SMR_MESSAGE_JSON_NUL, "", NULL},
    };
    for (size_t i = 0; i < SMRI_COUNT(cases); i++) {
        smr_error error = unit_error();
        smr_framework *framework;
        expect_fails(read_json(cases[i].text, &framework, &error), &error, cases[i].code);
        expect(framework == NULL);
        expect_text(error.source, "file.json");
        expect_text(error.subject, cases[i].subject);
        if (cases[i].message != NULL) {
            expect_text(error.message, cases[i].message);
        }
    }
}

TEST(wrong_calls_of_readers_are_told) {
    smr_error error = unit_error();
    smr_framework *framework;
    expect_fails(smr_framework_read(NULL, NULL, 0, NULL, &framework, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect(framework == NULL);
    expect_fails(smr_framework_read(NULL, "{}", 2, NULL, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_write(NULL, NULL, NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builtin(NULL, NULL, &framework, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builtin(NULL, "icf", NULL, &error), &error, SMR_MESSAGE_BAD_ARGUMENT);
    expect_fails(smr_framework_builtin(NULL, "icf-2062", &framework, &error), &error, SMR_MESSAGE_NAME_UNKNOWN);
    expect_text(error.message, "framework \"icf-2062\" is unknown, nearest is \"icf-2026\"");
    expect(framework == NULL);
}

/* Every key there is, in the order and the form in which they are written. */
static const char full[] = "{\n"
                           "  \"format\": \"smartregion-framework/1\",\n"
                           "  \"id\": \"index\",\n"
                           "  \"name\": {\"en\": \"Index\", \"vi\": \"Ch\341\273\211 s\341\273\221\"},\n"
                           "  \"version\": \"2026\",\n"
                           "  \"licence\": \"MIT\",\n"
                           "  \"source\": \"Here \\\"and\\\" there\",\n"
                           "  \"plan\": {\n"
                           "    \"normalise\": {\n"
                           "      \"method\": \"goalposts\",\n"
                           "      \"range\": [0, 100],\n"
                           "      \"clamp\": true\n"
                           "    },\n"
                           "    \"rank\": {\n"
                           "      \"decimals\": null\n"
                           "    }\n"
                           "  },\n"
                           "  \"weight\": 2.5,\n"
                           "  \"aggregate\": \"geometric\",\n"
                           "  \"note\": \"Of the root\",\n"
                           "  \"tags\": {\"use\": [\"test\"]},\n"
                           "  \"children\": [\n"
                           "    {\n"
                           "      \"id\": \"inner\",\n"
                           "      \"weight\": 0,\n"
                           "      \"aggregate\": {\n"
                           "        \"method\": \"power\",\n"
                           "        \"p\": 0.3333333333333333\n"
                           "      },\n"
                           "      \"note\": \"Of a node\",\n"
                           "      \"children\": [\n"
                           "        {\n"
                           "          \"id\": \"A.1\",\n"
                           "          \"name\": {\"vi\": \"M\341\273\231t\"},\n"
                           "          \"weight\": 1e-7,\n"
                           "          \"unit\": \"%\",\n"
                           "          \"kind\": \"share\",\n"
                           "          \"direction\": \"target\",\n"
                           "          \"worst\": 0.1,\n"
                           "          \"best\": 99.99999999999999,\n"
                           "          \"optimum\": 33.3,\n"
                           "          \"target\": 9007199254740991,\n"
                           "          \"denominator\": \"population\",\n"
                           "          \"transform\": \"log\",\n"
                           "          \"basis\": \"EXP\",\n"
                           "          \"source\": \"Line\\nbreak\",\n"
                           "          \"note\": \"Of an indicator\",\n"
                           "          \"tags\": {\"field\": [\"people\", \"business\"], \"goal\": [\"4\"]}\n"
                           "        }\n"
                           "      ]\n"
                           "    },\n"
                           "    {\n"
                           "      \"id\": \"plain\"\n"
                           "    },\n"
                           "    {\n"
                           "      \"id\": \"resolved\",\n"
                           "      \"worst\": 5,\n"
                           "      \"best\": -3\n"
                           "    }\n"
                           "  ]\n"
                           "}\n";

typedef struct text {
    char bytes[200000];
    size_t length;
} text;

static int32_t collect(const void *bytes, size_t length, void *user) {
    text *into = user;
    if (length >= sizeof into->bytes - into->length) {
        return 1;
    }
    memcpy(into->bytes + into->length, bytes, length);
    into->length += length;
    into->bytes[into->length] = '\0';
    return 0;
}

static void write_framework(const smr_framework *framework, text *into) {
    into->length = 0;
    smr_error error = unit_error();
    expect_ok(smr_framework_write(framework, collect, into, &error), &error);
}

TEST(a_file_is_written_as_it_was_read) {
    static text written;
    smr_framework *framework;
    smr_error error = unit_error();
    expect_ok(read_json(full, &framework, &error), &error);
    write_framework(framework, &written);
    expect_text(written.bytes, full);

    expect_text(smr_framework_node_name(framework, 0, "vi"), "Ch\341\273\211 s\341\273\221");
    expect_text(framework->version, "2026");
    expect_text(framework->licence, "MIT");
    expect_text(framework->source, "Here \"and\" there");
    expect_text(framework->source_name, "file.json");
    expect_text(framework->indicators[0].basis, "EXP");
    expect_text(framework->nodes[2].note, "Of an indicator");
    expect(smri_value_get(smri_value_get(framework->plan, "normalise"), "clamp")->number == 1);
    expect(smri_value_get(framework->nodes[1].aggregate, "p")->number == 1.0 / 3);
    expect_equal_int(framework->indicators[2].direction, SMR_DIRECTION_LOWER);
    expect(!framework->indicators[2].direction_given);
    smr_framework_unref(framework);
}

/* Other forms of the same: a plain name, one tag, null, defaults that are spelt out, a mark at the start. */
TEST(a_file_may_be_written_otherwise) {
    static text written;
    smr_framework *framework;
    smr_error error = unit_error();
    expect_ok(
        read_json("\357\273\277 \n{\"children\": [{\"tags\": {\"field\": \"people\", \"goal\": null}, \"id\": \"a\", "
                  "\"weight\": 1.0, \"kind\": \"number\", \"transform\": \"none\", \"worst\": null, "
                  "\"children\": null, \"plan\": null, \"name\": {\"fr\": null}}], \"name\": \"Index\", "
                  "\"id\": \"x\"}",
                  &framework, &error),
        &error);
    write_framework(framework, &written);
    expect_text(written.bytes, "{\n"
                               "  \"format\": \"smartregion-framework/1\",\n"
                               "  \"id\": \"x\",\n"
                               "  \"name\": {\"en\": \"Index\"},\n"
                               "  \"children\": [\n"
                               "    {\n"
                               "      \"id\": \"a\",\n"
                               "      \"tags\": {\"field\": [\"people\"]}\n"
                               "    }\n"
                               "  ]\n"
                               "}\n");
    smr_framework_unref(framework);
}

TEST(unusual_ids_are_read_back) {
    static text first, second;
    smr_framework_builder *builder;
    smr_framework *framework;
    smr_error error = unit_error();
    expect_ok(smri_framework_builder_new_empty(unit_context(), NULL, &builder, &error), &error);
    smri_framework_builder_allow_any_id(builder);
    expect_ok(smr_framework_builder_add_node(builder, NULL, "Index 1", NULL, &error), &error);
    expect_ok(smr_framework_builder_add_indicator(builder, "Index 1", "GDP \"per\" head, \342\202\254", NULL, &error),
              &error);
    expect_ok(smr_framework_builder_build(builder, &framework, &error), &error);
    smr_framework_builder_free(builder);
    write_framework(framework, &first);
    smr_framework_unref(framework);
    expect(strstr(first.bytes, "  \"ids\": \"any\",\n") != NULL);
    expect_ok(read_json(first.bytes, &framework, &error), &error);
    expect_text(smr_framework_node_id(framework, 1), "GDP \"per\" head, \342\202\254");
    write_framework(framework, &second);
    expect_text(second.bytes, first.bytes);
    smr_framework_unref(framework);
}

TEST(a_failed_write_is_told) {
    static text into;
    smr_framework *framework;
    smr_error error = unit_error();
    expect_ok(read_json(full, &framework, &error), &error);
    into.length = sizeof into.bytes - 10;
    expect_fails(smr_framework_write(framework, collect, &into, &error), &error, SMR_MESSAGE_WRITE_FAILED);
    smr_framework_unref(framework);
}

/* ICF: six criteria with eight indicators each, absolute goalposts at every one (see the header). */
TEST(the_built_in_framework_is_whole) {
    static const char *const criteria[] = {"broadband",      "knowledge_workforce", "innovation",
                                           "sustainability", "digital_inclusion",   "advocacy"};
    static text first, second;
    smr_framework *framework, *alias;
    smr_error error = unit_error();
    expect_text(smr_framework_builtin_name(0), "icf-2026");
    expect_text(smr_framework_builtin_name(1), "icf");
    expect(smr_framework_builtin_name(2) == NULL);
    expect_ok(smr_framework_builtin(unit_context(), "icf-2026", &framework, &error), &error);
    expect_equal_uint(smr_framework_node_count(framework), 1 + 6 + 48);
    expect_equal_uint(smr_framework_indicator_count(framework), 48);
    expect_text(smr_framework_node_id(framework, 0), "icf");
    for (size_t i = 0; i < SMRI_COUNT(criteria); i++) {
        int64_t node = smr_framework_find(framework, criteria[i]);
        expect_equal_int(node, 1 + 9 * i);
        expect_equal_int(framework->nodes[node].child_count, 8);
        expect(smr_framework_node_weight(framework, (size_t)node) == 1);
    }
    for (size_t i = 0; i < 48; i++) {
        smr_indicator_options options;
        smr_indicator_options_init(&options, sizeof options);
        expect_ok(smr_framework_indicator(framework, i, &options, &error), &error);
        expect(options.worst == options.worst && options.best == options.best);
        expect(options.source != NULL && framework->indicators[i].basis != NULL && options.unit != NULL);
        size_t node = (size_t)smr_framework_indicator_node(framework, i);
        const char *english = smr_framework_node_name(framework, node, "en");
        const char *vietnamese = smr_framework_node_name(framework, node, "vi");
        expect(strcmp(english, smr_framework_node_id(framework, node)) != 0 && strcmp(english, vietnamese) != 0);
        const char *expected;
        expect(smri_kind_allows(options.kind, options.worst, &expected));
        expect(smri_kind_allows(options.kind, options.best, &expected));
    }
    expect_ok(smr_framework_builtin(NULL, "icf", &alias, &error), &error);
    write_framework(framework, &first);
    write_framework(alias, &second);
    expect_text(second.bytes, first.bytes);
    smr_framework_unref(alias);
    smr_framework_unref(framework);
    expect_ok(read_json(first.bytes, &framework, &error), &error);
    write_framework(framework, &second);
    expect_text(second.bytes, first.bytes);
    smr_framework_unref(framework);
}

static smr_context *context_of_depth(uint64_t max_depth) {
    smr_context_options options;
    smr_context_options_init(&options, sizeof options);
    options.max_depth = max_depth;
    smr_context *context;
    smr_error error = unit_error();
    expect_ok(smr_context_new(&options, &context, &error), &error);
    return context;
}

TEST(a_framework_may_be_as_deep_as_the_context_allows) {
    smr_context *context = context_of_depth(41);
    char deep[4096] = "";
    for (int i = 0; i < 20; i++) {
        char node[] = "{\"id\": \"n00\", \"children\": [";
        node[9] = (char)('0' + i / 10);
        node[10] = (char)('0' + i % 10);
        strcat(deep, node);
    }
    strcat(deep, "{\"id\": \"leaf\"}");
    for (int i = 0; i < 20; i++) {
        strcat(deep, "]}");
    }
    smr_error error = unit_error();
    smr_framework *framework;
    expect_ok(smr_framework_read(context, deep, strlen(deep), NULL, &framework, &error), &error);
    expect_equal_int(smr_framework_node_depth(framework, 20), 20);
    smr_framework_unref(framework);
    smr_context_unref(context);
    context = context_of_depth(40);
    expect_fails(smr_framework_read(context, deep, strlen(deep), NULL, &framework, &error), &error,
                 SMR_MESSAGE_LIMIT_PASSED);
    expect(framework == NULL);
    smr_context_unref(context);
}

/* ---- out of memory ---- */

static smr_status read_and_write(failure_run *run) {
    static text written;
    written.length = 0;
    smr_framework *framework;
    smr_status status = smr_framework_read(run->context, full, sizeof full - 1, "file", &framework, &run->error);
    failure_require(run, (status == SMR_OK) == (framework != NULL));
    if (status == SMR_OK) {
        status = smr_framework_write(framework, collect, &written, &run->error);
    }
    smr_framework_unref(framework);
    return status;
}

static smr_status read_built_in(failure_run *run) {
    smr_framework *framework;
    smr_status status = smr_framework_builtin(run->context, "icf", &framework, &run->error);
    failure_require(run, (status == SMR_OK) == (framework != NULL));
    smr_framework_unref(framework);
    return status;
}

TEST(every_allocation_may_fail) {
    static const struct {
        const char *name;
        failure_scenario scenario;
    } scenarios[] = {
        {"framework_read_write", read_and_write},
        {"framework_builtin", read_built_in},
    };
    for (size_t i = 0; i < SMRI_COUNT(scenarios); i++) {
        size_t runs = 0;
        expect_equal_uint(failure_sweep(scenarios[i].name, scenarios[i].scenario, &runs), 0);
        expect(runs > 10);
    }
}

static const unit_test tests[] = {
    UNIT(mistakes_in_a_file_are_told_with_their_path),
    UNIT(wrong_calls_of_readers_are_told),
    UNIT(a_file_is_written_as_it_was_read),
    UNIT(a_file_may_be_written_otherwise),
    UNIT(unusual_ids_are_read_back),
    UNIT(a_failed_write_is_told),
    UNIT(the_built_in_framework_is_whole),
    UNIT(a_framework_may_be_as_deep_as_the_context_allows),
    UNIT(every_allocation_may_fail),
};
UNIT_SUITE(framework_json, tests)
