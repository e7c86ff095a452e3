/* SPDX-License-Identifier: MIT */
/* Files: frameworks, models and scorecards written and read; files that are wrong. */
#include "api.h"

#include "catalogue_plans.h"

#include <stdlib.h>
#include <string.h>

/* ---- frameworks ---- */

TEST(a_framework_written_and_read) {
    static const char json[] =
        "{'format': 'smartregion-framework/1', 'id': 'i', 'version': '1', 'name': {'en': 'Index', 'vi': 'Chỉ số'},"
        " 'plan': {'normalise': {'method': 'goalposts'}}, 'children': ["
        "{'id': 'a', 'weight': 0.1, 'aggregate': {'method': 'power', 'p': -0.3}, 'tags': {'field': ['people', "
        "'business']},"
        " 'children': [{'id': 'x', 'name': {'en': 'Ex'}, 'unit': 'km²', 'direction': 'target', 'worst': 0.1, "
        "'optimum': 0.3,"
        " 'best': 1e300, 'kind': 'share', 'transform': 'log', 'denominator': 'd', 'source': 'S', 'weight': 0}, {'id': "
        "'y',"
        " 'direction': 'lower', 'worst': 1e-300, 'best': -5e-324}]}, {'id': 'z'}]}";
    smr_framework *first = api_framework(json), *second = NULL;
    api_text a = {NULL, 0, 0}, b = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_framework_write(first, api_text_append, &a, &error), &error);
    expect_ok(smr_framework_read(NULL, a.bytes, a.length, NULL, &second, &error), &error);
    expect_ok(smr_framework_write(second, api_text_append, &b, &error), &error);
    expect_text(b.bytes, a.bytes);
    for (size_t i = 0; i < 3; i++) {
        smr_indicator_options p, q;
        smr_indicator_options_init(&p, sizeof p);
        smr_indicator_options_init(&q, sizeof q);
        expect_ok(smr_framework_indicator(first, i, &p, &error), &error);
        expect_ok(smr_framework_indicator(second, i, &q, &error), &error);
        expect_same_bits(q.worst, p.worst);
        expect_same_bits(q.best, p.best);
        expect_same_bits(q.optimum, p.optimum);
        expect_same_bits(q.weight, p.weight);
        expect_equal_int(q.direction, p.direction);
        expect_equal_int(q.kind, p.kind);
        expect_equal_int(q.transform, p.transform);
        expect_text(q.unit, p.unit);
        expect_text(q.denominator, p.denominator);
        expect_text(q.source, p.source);
    }
    expect_text(smr_framework_node_name(second, 0, "vi"), "Chỉ số");
    expect_text(smr_framework_node_tag(second, 1, "field", 1), "business");
    smr_framework_unref(first);
    smr_framework_unref(second);
    api_text_free(&a);
    api_text_free(&b);
}

TEST(built_in_frameworks) {
    size_t count = 0;
    for (const char *name; (name = smr_framework_builtin_name(count)) != NULL; count++) {
        smr_framework *framework = NULL, *again = NULL;
        api_text a = {NULL, 0, 0}, b = {NULL, 0, 0};
        smr_error error = unit_error();
        expect_ok(smr_framework_builtin(unit_context(), name, &framework, &error), &error);
        expect_equal_int(smr_supports("framework", name), 1);
        expect_equal_uint(smr_framework_indicator_count(framework), 48);
        expect_ok(smr_framework_write(framework, api_text_append, &a, &error), &error);
        expect_ok(smr_framework_read(unit_context(), a.bytes, a.length, NULL, &again, &error), &error);
        expect_ok(smr_framework_write(again, api_text_append, &b, &error), &error);
        expect_text(b.bytes, a.bytes);
        api_text_free(&a);
        api_text_free(&b);
        smr_framework_unref(framework);
        smr_framework_unref(again);
    }
    expect_equal_uint(count, 2);
    expect_text(smr_framework_builtin_name(0), "icf-2026");
    expect_text(smr_framework_builtin_name(1), "icf");
}

/* ---- models ---- */

/* A model that has everything a model can have: several sets of bounds, groups, limits. */
static char *written_model(void) {
    char *json;
    api_world world = api_world_make(
        "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y', 'direction': 'lower'}]}",
        "region,period,zone,x,y\nA,2020,a,1,2\nB,2020,b,3,\nA,2021,a,,4\nB,2021,b,0.1,1e300\n",
        "{'normalise': {'per': 'period'}, 'impute': {'method': 'group_mean', 'group': 'zone'}, 'treat': 'winsorise'}");
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_model_write(world.model, api_text_append, &text, &error), &error);
    json = text.bytes;
    api_world_free(&world);
    return json;
}

static smr_status read_model(const char *json, size_t length, smr_error *error) {
    smr_model *model = (smr_model *)(uintptr_t)1;
    smr_status status = smr_model_read(unit_context(), json, length, "model.json", &model, error);
    expect((status == SMR_OK) == (model != NULL));
    if (status != SMR_OK) {
        expect(error->message[0] != '\0' && error->status == status);
    }
    smr_model_unref(model);
    return status;
}

/* Cut short anywhere it is refused. The last byte is the line end. */
TEST(a_model_cut_short) {
    char *json = written_model();
    size_t length = strlen(json);
    smr_error error = unit_error();
    expect_ok(read_model(json, length, &error), &error);
    expect_ok(read_model(json, length - 1, &error), &error);
    for (size_t cut = 0; cut < length - 1; cut++) {
        expect_equal_int(read_model(json, cut, &error), SMR_ERROR_FORMAT);
        expect_text(error.source, "model.json");
    }
    free(json);
}

/* One byte changed anywhere: read or refused, never worse. What is read can be written and read again. */
TEST(a_model_with_one_byte_changed) {
    char *json = written_model();
    size_t length = strlen(json);
    static const char bytes[] = {'0', '9', '"', 'x', '-', ']', '}', ',', '\xff'};
    for (size_t place = 0; place < length; place++) {
        for (size_t b = 0; b < COUNT(bytes); b++) {
            char before = json[place];
            json[place] = bytes[b];
            smr_model *model = NULL;
            smr_error error = unit_error();
            if (smr_model_read(unit_context(), json, length, NULL, &model, &error) == SMR_OK) {
                double scores[3], values[2] = {1, 2};
                expect_equal_uint(smr_model_input_count(model), 2);
                smr_model_score_values(model, values, 2, scores, 3, &error);
            } else {
                expect(error.message[0] != '\0' && model == NULL);
            }
            smr_model_unref(model);
            json[place] = before;
        }
    }
    free(json);
}

/* `from` is replaced by `to` once; the file is refused. */
static void expect_edit_refused(const char *from, const char *to, int32_t code) {
    char *json = written_model(), *wanted = api_json(from), *put = api_json(to);
    char *place = strstr(json, wanted);
    expect(place != NULL);
    api_text text = {NULL, 0, 0};
    api_text_append(json, (size_t)(place - json), &text);
    api_text_append(put, strlen(put), &text);
    api_text_append(place + strlen(wanted), strlen(place + strlen(wanted)), &text);
    smr_error error = unit_error();
    expect_fails(read_model(text.bytes, text.length, &error), &error, code);
    api_text_free(&text);
    free(json);
    free(wanted);
    free(put);
}

TEST(a_model_that_is_wrong) {
    expect_edit_refused("smartregion-model/1", "smartregion-model/2", SMR_MESSAGE_JSON_FORMAT_NEWER);
    expect_edit_refused("smartregion-model/1", "smartregion-plan/1", SMR_MESSAGE_JSON_FORMAT_OTHER);
    expect_edit_refused("'format': 'smartregion-model/1',", "", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'framework'", "'frame'", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'plan'", "'plans'", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'parameters'", "'parameter'", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'periods'", "'period'", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'groups'", "'group'", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'rows': 4", "'rows': -4", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'hash': '", "'hash': 'g", SMR_MESSAGE_MODEL_MEMBER);
    expect_edit_refused("'method': 'minmax'", "'method': 'zscore'", SMR_MESSAGE_PLAN_OPTION_UNKNOWN);
    expect_edit_refused("'method': 'minmax'", "'method': 'maxmin'", SMR_MESSAGE_PLAN_METHOD_UNKNOWN);
    expect_edit_refused("'id': 'y'", "'id': 'x'", SMR_MESSAGE_FRAMEWORK_ID_TWICE);
    /* bounds of a method that has two */
    expect_edit_refused("'normalise': [\n        [", "'normalise': [\n        [7, ", SMR_MESSAGE_MODEL_MEMBER);
    smr_error error = unit_error();
    expect_fails(read_model("[]", 2, &error), &error, SMR_MESSAGE_MODEL_MEMBER);
    expect_fails(read_model("", 0, &error), &error, SMR_MESSAGE_JSON_SYNTAX);
    expect_fails(read_model("{}", 2, &error), &error, SMR_MESSAGE_MODEL_MEMBER);
}

/* The model knows what it was fitted on: other data, another hash; the same data in other columns, the same. */
TEST(the_hash_of_the_data) {
    static const char tree[] = "{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}";
    static const char *const data[] = {"region,x,y\nA,1,2\nB,3,4\n", "region,y,x,w\nA,2,1,0\nB,4,3,9\n",
                                       "region,x,y\nA,1,2\nB,3,4.000000000000001\n", "region,x,y\nA,2,1\nB,4,3\n"};
    char hashes[COUNT(data)][17];
    for (size_t i = 0; i < COUNT(data); i++) {
        api_world world = api_world_make(tree, data[i], NULL);
        api_text text = {NULL, 0, 0};
        smr_error error = unit_error();
        expect_ok(smr_model_write(world.model, api_text_append, &text, &error), &error);
        const char *hash = strstr(text.bytes, "\"hash\": \"");
        expect(hash != NULL);
        memcpy(hashes[i], hash + 9, 16);
        hashes[i][16] = '\0';
        api_text_free(&text);
        api_world_free(&world);
    }
    expect_text(hashes[1], hashes[0]);
    expect(strcmp(hashes[2], hashes[0]) != 0);
    expect(strcmp(hashes[3], hashes[0]) != 0);
}

/* ---- scorecards ---- */

TEST(a_scorecard_as_csv_and_json) {
    api_world world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}, {'id': 'y'}]}",
                                     "region,period,x,y\n\"A, the first\",2020,1,0.1\n\"B \"\"b\"\"\",2021,3,\n",
                                     "{'normalise': 'none'}");
    expect_card(&world, "\"A, the first\",2020,i,0.55,1,1,ok\n\"A, the first\",2020,x,1,1,1,ok\n"
                        "\"A, the first\",2020,y,0.1,1,1,ok\n\"B \"\"b\"\"\",2021,i,3,1,0.5,ok\n"
                        "\"B \"\"b\"\"\",2021,x,3,1,1,ok\n\"B \"\"b\"\"\",2021,y,,,0,missing\n");
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_scorecard_write_csv(world.card, "2021", api_text_append, &text, &error), &error);
    expect_text(text.bytes, "region,period,node,score,rank,coverage,status\n\"B \"\"b\"\"\",2021,i,3,1,0.5,ok\n"
                            "\"B \"\"b\"\"\",2021,x,3,1,1,ok\n\"B \"\"b\"\"\",2021,y,,,0,missing\n");
    api_text_free(&text);
    expect_ok(smr_scorecard_write_json(world.card, "2021", api_text_append, &text, &error), &error);
    static const char rows[] =
        "  \"rows\": [\n"
        "    {\"region\": \"B \\\"b\\\"\", \"period\": \"2021\", \"node\": \"i\", \"score\": 3, \"rank\": 1, "
        "\"coverage\": 0.5,"
        " \"status\": \"ok\"},\n"
        "    {\"region\": \"B \\\"b\\\"\", \"period\": \"2021\", \"node\": \"x\", \"score\": 3, \"rank\": 1, "
        "\"coverage\": 1,"
        " \"status\": \"ok\"},\n"
        "    {\"region\": \"B \\\"b\\\"\", \"period\": \"2021\", \"node\": \"y\", \"score\": null, \"rank\": null,"
        " \"coverage\": 0, \"status\": \"missing\"}\n"
        "  ]\n}\n";
    expect(text.length > sizeof rows);
    expect_text(text.bytes + text.length - (sizeof rows - 1), rows);
    static const char head[] = "{\n  \"format\": \"smartregion-score/1\",\n  \"plan\": {\n";
    expect_bytes(text.bytes, head, sizeof head - 1);
    api_text_free(&text);
    /* without periods the field is null */
    api_world_free(&world);
    world = api_world_make("{'id': 'i', 'children': [{'id': 'x'}]}", "region,x\nA,1\n", "{'normalise': 'none'}");
    expect_ok(smr_scorecard_write_json(world.card, NULL, api_text_append, &text, &error), &error);
    expect(strstr(text.bytes, "{\"region\": \"A\", \"period\": null, \"node\": \"i\"") != NULL);
    api_text_free(&text);
    api_world_free(&world);
}

/* Datasets: columns asked for, one that is not there, texts. */
TEST(a_dataset_as_csv) {
    smr_dataset *dataset = api_dataset("region,period,x,income,y\nA,2020,0.1,\"H,C\",\nB,2020,,LIC,1e-7\n");
    expect_dataset(dataset, "region,period,x,income,y\nA,2020,0.1,\"H,C\",\nB,2020,,LIC,1e-7\n");
    static const char *const ids[] = {"y", "absent", "income"};
    api_text text = {NULL, 0, 0};
    smr_error error = unit_error();
    expect_ok(smr_dataset_write_csv(dataset, ids, COUNT(ids), api_text_append, &text, &error), &error);
    expect_text(text.bytes, "region,period,y,absent,income\nA,2020,,,\"H,C\"\nB,2020,1e-7,,LIC\n");
    api_text_free(&text);
    smr_dataset_unref(dataset);
}

static const unit_test tests[] = {
    UNIT(a_framework_written_and_read),  UNIT(built_in_frameworks),   UNIT(a_model_cut_short),
    UNIT(a_model_with_one_byte_changed), UNIT(a_model_that_is_wrong), UNIT(the_hash_of_the_data),
    UNIT(a_scorecard_as_csv_and_json),   UNIT(a_dataset_as_csv),
};
UNIT_SUITE(files, tests)
