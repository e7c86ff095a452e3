/* SPDX-License-Identifier: MIT */
/* Several errors of one text: the first is what the call returns, all are reported. */
#include "io/io_impl.h"

void smri_faults_init(smri_faults *faults, const smr_context *context, smr_error *error) {
    *faults = (smri_faults){.context = context, .error = error, .status = SMR_OK};
}

static void give(const smri_faults *faults, const smr_error *record) {
    if (faults->error != NULL && faults->error->size >= sizeof *record) {
        uint32_t size = faults->error->size;
        memcpy(faults->error, record, sizeof *record);
        faults->error->size = size;
    }
}

static void add(smri_faults *faults, const smr_error *record) {
    if (faults->count == SMRI_FAULTS_MAX) {
        return;
    }
    if (faults->count++ == 0) {
        faults->status = record->status;
        give(faults, record);
    }
    if (faults->context->report != NULL) {
        faults->context->report(record, faults->context->report_user);
    }
}

bool smri_faults_add(smri_faults *faults, int32_t code, const smri_place *place, const char *const *texts,
                     size_t count) {
    smr_error record;
    smr_error_init(&record, sizeof record);
    smri_fail_texts(&record, code, place, texts, count);
    add(faults, &record);
    return faults->count < SMRI_FAULTS_MAX;
}

bool smri_faults_keep(smri_faults *faults, const smr_error *record) {
    add(faults, record);
    return faults->count < SMRI_FAULTS_MAX;
}

smr_status smri_faults_end(smri_faults *faults, const smr_error *last) {
    if (last->status == SMR_ERROR_MEMORY || last->status == SMR_ERROR_CANCELLED) {
        give(faults, last); /* nothing wrong with the text */
        return last->status;
    }
    add(faults, last);
    return faults->status;
}
