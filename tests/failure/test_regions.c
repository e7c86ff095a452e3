/* SPDX-License-Identifier: MIT */
/* Every allocation fails once while a register is read and applied. */
#include "worlds.h"

#include <string.h>

static const char register_csv[] = "region,name,aliases,parent,valid_to,successor,share\n"
                                   "x,Ex,X%|x-one,,2020-12-31,y,0.25\nx,,,,,z,0.75\ny,Why,,land,,,\nz,,,land,,,\nland,,,,,,\n";

static failure_nouns nouns;

static smr_status read_and_apply(failure_run *run) {
    smr_regions *regions = NULL;
    smr_dataset *applied = NULL;
    smr_status status = SMR_OK;
    failure_source source = {failure_text(register_csv), 0};
    smr_regions_options options;
    smr_regions_options_init(&options, sizeof options);
    options.as_of = "2021-01-01";
    STEP_MAKING(regions,
                smr_regions_read_csv(run->context, failure_source_read, &source, "register", &regions, &run->error));
    STEP_MAKING(applied, smr_regions_apply(run->context, regions, nouns.framework, nouns.dataset, &options, &applied,
                                           &run->error));
    smr_dataset_unref(applied);
    smr_regions_unref(regions);
    return status;
}

TEST(registers) {
    nouns = failure_nouns_make("{'id': 'i', 'children': [{'id': 'a'}, {'id': 'c', 'kind': 'count'}]}",
                               "region,period,a,c,population,zone\nx-one,2019,8,40,4,n\ny,2019,2,10,1,s\n"
                               "z,2019,4,20,3,s\nz,2020,5,21,3,\n",
                               NULL);
    expect_sweep("registers", read_and_apply, 60);
    failure_nouns_free(&nouns);
}

static const unit_test tests[] = {UNIT(registers)};
UNIT_SUITE(regions, tests)
