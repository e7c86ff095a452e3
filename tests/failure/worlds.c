/* SPDX-License-Identifier: MIT */
#include "worlds.h"

#include <stdio.h>
#include <stdlib.h>

const char *failure_padding = "";

void expect_sweep(const char *name, failure_scenario scenario, size_t least) {
    /* Sizes that share no divisor with those of what arenas hold. */
    enum { STEP_BYTES = 137, STEPS = 30 };
    static char padding[STEP_BYTES * STEPS + 1];
    size_t problems = 0, all = 0;
    for (size_t i = 0; i <= STEPS; i++) {
        size_t runs;
        memset(padding, 'p', i * STEP_BYTES);
        padding[i * STEP_BYTES] = '\0';
        failure_padding = padding;
        problems += failure_sweep(name, scenario, &runs);
        all += runs;
    }
    failure_padding = "";
    printf("%s: %zu runs\n", name, all);
    expect_equal_uint(problems, 0);
    expect(all >= least);
}

int32_t failure_discard(const void *bytes, size_t length, void *user) {
    (void)bytes;
    (void)length;
    (void)user;
    return 0;
}

int64_t failure_source_read(void *buffer, size_t size, void *user) {
    enum { PIECE = 100 };
    failure_source *source = user;
    size_t left = strlen(source->text + source->used);
    size_t count = left < size ? left : size;
    count = count < PIECE ? count : PIECE;
    memcpy(buffer, source->text + source->used, count);
    source->used += count;
    return (int64_t)count;
}

void failure_ignore(const smr_error *record, void *user) {
    (void)record;
    (void)user;
}

const char failure_framework_json[] =
    "{'format': 'smartregion-framework/1', 'id': 'i', 'source': 'a%', 'name': {'en': 'Index%', 'vi': 'Chỉ số'},"
    " 'plan': {'normalise': {'method': 'goalposts', 'clamp': true}, 'weights': {'nodes': {'b': 'equal'}}}, 'children': "
    "["
    "{'id': 'a', 'weight': 2, 'aggregate': {'method': 'power', 'p': 1}, 'tags': {'field': ['people', 'business'],"
    " 'task': ['x']}, 'children': [{'id': 'x', 'name': {'en': 'Ex'}, 'unit': 'km', 'worst': 0, 'best': 10, 'source': "
    "'S'},"
    " {'id': 'y', 'direction': 'target', 'worst': 0, 'optimum': 5, 'best': 20, 'transform': 'sqrt'}]},"
    " {'id': 'b', 'children': [{'id': 'z', 'worst': 3, 'best': 1, 'denominator': 'population'}, {'id': 'w', 'kind':"
    " 'count', 'worst': 0, 'best': 10}]}]}";

const char failure_imeta[] = "iCode,iName,Parent,Level,Weight,Direction,Unit,Target,Type,Denominator\n"
                             "x,\"Ex, %\",a,1,1,1,km,4,Indicator,NA\ny,Ypsilon,a,1,0.5,-1,,,Indicator,Pop\n"
                             "a,Criterion,Index,2,1,1,NA,NA,Aggregate,NA\nIndex,Index,NA,3,1,1,NA,NA,Aggregate,NA\n"
                             "Pop,People,NA,NA,NA,NA,NA,NA,Denominator,NA\nzone,Zone,NA,NA,NA,NA,NA,NA,Group,NA\n";

const char failure_wide[] = "region,period,name,parent,zone,population,x,y,z,w\n"
                            "A,2020,\"Al\"\"pha, %\",,north,10,1,2,3,4\nB,2020,,,south,20,5,,7,8\n"
                            "C,2020,,A,north,30,9,10,,12\nA,2021,,,north,11,1.5,2.5,3.5,5\n"
                            "B,2021,,,,21,5.25,6.5,7,\n";

const char failure_long[] = "region,indicator,value,period,unit,status,qualifier,error,source,note\n"
                            "A,x,1,2020,ha,A,>,0.5,office %,first\nA,y,2,2020,,,,,,\nB,x,3,2020,ha,E,~,,other,\n"
                            "B,y,,2020,,M,,,,\n";

const char failure_sdmx[] = "DATAFLOW,REF_AREA,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,OBS_STATUS\n"
                            "X:Y(1),A,x,T,2020,1,km%,A\nX:Y(1),B,x,T,2020,2,km%,A\nX:Y(1),A,y,T,2020,3,,E\n";

const char failure_idata[] = "uCode,uName,Time,zone,Pop,x,y\nA,Al%pha,2020,n,10,1,2\nB,Beta,2020,s,20,3,NA\n";

const char failure_districts[] = "region,parent,population,zone,x,y,z,w\nA1,A,10,north,1,2,3,4\nA2,A,20,south,5,6,7,8\n"
                                 "B1,B,5,north,9,1,2,3\nA,,,north,,,,\nB2,B,7,,2,3,4,5\n";

const char *failure_text(const char *text) {
    enum { ROOM = 32768 };
    static char buffers[2][ROOM];
    static int which;
    char *out = buffers[which = !which];
    size_t used = 0, padding = strlen(failure_padding);
    for (; *text != '\0'; text++) {
        if (used + padding + 2 > ROOM) {
            abort();
        }
        if (*text == '%') {
            memcpy(out + used, failure_padding, padding);
            used += padding;
        } else {
            out[used++] = *text == '\'' ? '"' : *text;
        }
    }
    out[used] = '\0';
    return out;
}

failure_nouns failure_nouns_make(const char *framework, const char *csv, const char *plan) {
    failure_nouns nouns = {NULL, NULL, NULL};
    smr_error error = unit_error();
    const char *json = failure_text(framework);
    expect_ok(smr_framework_read(NULL, json, strlen(json), NULL, &nouns.framework, &error), &error);
    failure_source source = {failure_text(csv), 0};
    expect_ok(smr_dataset_read_csv(NULL, failure_source_read, &source, NULL, &nouns.dataset, &error), &error);
    if (plan != NULL) {
        json = failure_text(plan);
        expect_ok(smr_plan_read(NULL, json, strlen(json), NULL, &nouns.plan, &error), &error);
    }
    return nouns;
}

void failure_nouns_free(failure_nouns *nouns) {
    smr_plan_unref(nouns->plan);
    smr_dataset_unref(nouns->dataset);
    smr_framework_unref(nouns->framework);
}
