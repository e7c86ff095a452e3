/* SPDX-License-Identifier: MIT */
/* The public builder: cells come one by one, in any order. */
#include "model/model_impl.h"

struct smr_dataset_builder {
    smri_draft draft;
    smr_context *context; /* owned reference, NULL: default */
    char *scratch[3];     /* composed texts of the call at work */
    size_t scratch_size[3];
};

enum scratch { SCRATCH_REGION, SCRATCH_PERIOD, SCRATCH_COLUMN };

/* An id of the caller, composed. */
typedef struct name {
    const char *text; /* NULL: not given */
    size_t length;
} name;

smr_status smr_dataset_builder_new(smr_context *context, smr_dataset_builder **builder, smr_error *error) {
    if (builder == NULL) {
        return smri_fail_argument(error, "builder", "must not be NULL");
    }
    *builder = NULL;
    smr_dataset_builder *made = smri_calloc(smri_context(context), 1, sizeof *made);
    if (made == NULL) {
        return smri_fail_memory(error);
    }
    smr_status status = smri_draft_init(&made->draft, context, error);
    if (status != SMR_OK) {
        smri_free(smri_context(context), made);
        return status;
    }
    made->draft.sparse = true;
    made->context = smr_context_ref(context);
    *builder = made;
    return SMR_OK;
}

void smr_dataset_builder_free(smr_dataset_builder *builder) {
    if (builder == NULL) {
        return;
    }
    smr_context *owned = builder->context;
    const smr_context *context = smri_context(owned);
    for (size_t i = 0; i < SMRI_COUNT(builder->scratch); i++) {
        smri_free(context, builder->scratch[i]);
    }
    smri_draft_free(&builder->draft);
    smri_free(context, builder);
    smr_context_unref(owned);
}

/* Checks and composes an id. The result lives until the next call for the same place. */
static smr_status read_name(smr_dataset_builder *builder, enum scratch at, const char *text, const char *what,
                            name *read, smr_error *error) {
    const smr_context *context = smri_context(builder->context);
    smri_place place = {.subject = what};
    size_t length = strlen(text);
    if (length > context->max_field_bytes) {
        char digits[SMRI_INTEGER_SIZE];
        return smri_fail(error, SMR_MESSAGE_LIMIT_PASSED, &place, "the length of a text in bytes",
                         smri_text_integer(digits, context->max_field_bytes));
    }
    place.byte = smri_utf8_check(text, length);
    if (place.byte < length) {
        return smri_fail(error, SMR_MESSAGE_TEXT_NOT_UTF8, &place, text);
    }
    if (!smri_grow(context, &builder->scratch[at], &builder->scratch_size[at], length + 1, 1)) {
        return smri_fail_memory(error);
    }
    read->text = builder->scratch[at];
    read->length = smri_text_compose(text, length, builder->scratch[at]);
    builder->scratch[at][read->length] = '\0';
    return SMR_OK;
}

static smr_status read_names(smr_dataset_builder *builder, const char *region, const char *period, const char *column,
                             name names[3], smr_error *error) {
    if (builder == NULL || region == NULL || column == NULL) {
        return smri_fail_argument(error,
                                  builder == NULL  ? "builder"
                                  : region == NULL ? "region"
                                                   : "column",
                                  "must not be NULL");
    }
    names[SCRATCH_PERIOD] = (name){NULL, 0};
    smr_status status = read_name(builder, SCRATCH_REGION, region, "region", &names[SCRATCH_REGION], error);
    if (status == SMR_OK && period != NULL) {
        status = read_name(builder, SCRATCH_PERIOD, period, "period", &names[SCRATCH_PERIOD], error);
    }
    if (status == SMR_OK) {
        status = read_name(builder, SCRATCH_COLUMN, column, "column", &names[SCRATCH_COLUMN], error);
    }
    return status;
}

/* The row of the names; an id that is empty or a period where others have none is refused. */
static smr_status add_row(smr_dataset_builder *builder, const name names[3], uint32_t *row, smr_error *error) {
    bool added;
    smri_place place = {.subject = names[SCRATCH_REGION].text};
    return smri_draft_add_row(&builder->draft, names[SCRATCH_REGION].text, names[SCRATCH_REGION].length,
                              names[SCRATCH_PERIOD].text, names[SCRATCH_PERIOD].length, &place, row, &added, error);
}

/* The cell of the names, which must not have been set; the column is added when new. */
static smr_status add_cell(smr_dataset_builder *builder, const name names[3], bool text, uint32_t *column,
                           uint32_t *row, smr_error *error) {
    smri_draft *draft = &builder->draft;
    const name *id = &names[SCRATCH_COLUMN];
    smri_place place = {.subject = id->text};
    *column = smri_table_find(&draft->dataset->column_ids, id->text, id->length);
    if (*column != SMRI_NOT_FOUND && (draft->dataset->columns[*column].codes != NULL) != text) {
        return smri_fail(error, SMR_MESSAGE_COLUMN_TYPE, &place, id->text, text ? "numbers" : "texts",
                         text ? "a text" : "a number");
    }
    bool added = false;
    smr_status status = *column != SMRI_NOT_FOUND ? SMR_OK : smri_draft_check_column(draft, id->length, &place, error);
    if (status == SMR_OK) { /* after all that may be wrong with the column: no row is added in vain */
        status = add_row(builder, names, row, error);
    }
    if (status == SMR_OK) {
        status = smri_draft_add_column(draft, id->text, id->length, text, &place, column, &added, error);
    }
    if (status == SMR_OK && smri_draft_given(draft, *column, *row)) {
        const char *period = names[SCRATCH_PERIOD].text;
        return smri_fail(error, SMR_MESSAGE_VALUE_DUPLICATE, &place, id->text, names[SCRATCH_REGION].text,
                         period != NULL ? " in " : "", period != NULL ? period : "", "");
    }
    return status;
}

smr_status smr_dataset_builder_set_value(smr_dataset_builder *builder, const char *region, const char *period,
                                         const char *indicator, double value, smr_error *error) {
    smr_observation observation;
    smr_observation_init(&observation, sizeof observation);
    observation.value = value;
    return smr_dataset_builder_set_observation(builder, region, period, indicator, &observation, error);
}

static smr_status check_observation(const smr_observation *observation, const name names[3], smr_error *error) {
    smri_place place = {.subject = names[SCRATCH_COLUMN].text};
    if (fabs(observation->value) > DBL_MAX) {
        return smri_fail(error, SMR_MESSAGE_VALUE_INFINITE, &place, names[SCRATCH_REGION].text);
    }
    if (observation->error < 0 || observation->error > DBL_MAX) {
        char digits[SMRI_NUMBER_SIZE];
        smri_number_write(digits, observation->error);
        return smri_fail(error, SMR_MESSAGE_ERROR_NEGATIVE, &place, digits);
    }
    if (observation->qualifier != NULL && !smri_qualifier_known(observation->qualifier)) {
        return smri_fail(error, SMR_MESSAGE_QUALIFIER_UNKNOWN, &place, observation->qualifier);
    }
    const char *const texts[] = {observation->status, observation->source, observation->note, observation->unit};
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        size_t length = texts[i] != NULL ? strlen(texts[i]) : 0;
        if (length > 0 && smri_utf8_check(texts[i], length) < length) {
            return smri_fail(error, SMR_MESSAGE_TEXT_NOT_UTF8, &place, texts[i]);
        }
    }
    return SMR_OK;
}

smr_status smr_dataset_builder_set_observation(smr_dataset_builder *builder, const char *region, const char *period,
                                               const char *indicator, const smr_observation *observation,
                                               smr_error *error) {
    name names[3];
    smr_observation known;
    smr_observation_init(&known, sizeof known);
    smr_status status = observation == NULL
                            ? smri_fail_argument(error, "observation", "must not be NULL")
                            : smri_options_read(&known, sizeof known, observation, "observation", error);
    if (status == SMR_OK) {
        status = read_names(builder, region, period, indicator, names, error);
    }
    if (status == SMR_OK) {
        status = check_observation(&known, names, error);
    }
    smri_provenance given = {.error = known.error,
                             .status = known.status,
                             .qualifier = known.qualifier,
                             .source = known.source,
                             .note = known.note,
                             .unit = known.unit};
    if (status == SMR_OK) {
        status = add_cell(builder, names, false, &given.column, &given.row, error);
    }
    if (status != SMR_OK) {
        return status;
    }
    bool any = known.error == known.error || known.status != NULL || known.qualifier != NULL || known.source != NULL
               || known.note != NULL || known.unit != NULL;
    if (any && !smri_draft_set_provenance(&builder->draft, &given)) {
        return smri_fail_memory(error);
    }
    smri_draft_set_number(&builder->draft, given.column, given.row, known.value, 0);
    return SMR_OK;
}

smr_status smr_dataset_builder_set_text(smr_dataset_builder *builder, const char *region, const char *period,
                                        const char *column, const char *text, smr_error *error) {
    if (text == NULL) {
        return smri_fail_argument(error, "text", "must not be NULL");
    }
    name names[3];
    smr_status status = read_names(builder, region, period, column, names, error);
    if (status != SMR_OK) {
        return status;
    }
    bool is_name = strcmp(names[SCRATCH_COLUMN].text, "name") == 0;
    bool is_parent = strcmp(names[SCRATCH_COLUMN].text, "parent") == 0;
    uint32_t column_index, row;
    status = is_name || is_parent ? add_row(builder, names, &row, error)
                                  : add_cell(builder, names, true, &column_index, &row, error);
    name read = {"", 0};
    if (status == SMR_OK) { /* the column's name is not needed any more */
        status = read_name(builder, SCRATCH_COLUMN, text, "text", &read, error);
    }
    if (status != SMR_OK || read.length == 0) {
        return status;
    }
    if (is_parent) {
        smri_place place = {.subject = "parent"};
        return smri_draft_set_parent(&builder->draft, row, read.text, read.length, &place, error);
    }
    bool done = is_name ? smri_draft_set_name(&builder->draft, row, read.text, read.length)
                        : smri_draft_set_text(&builder->draft, column_index, row, read.text, read.length);
    return done ? SMR_OK : smri_fail_memory(error);
}

smr_status smr_dataset_builder_build(const smr_dataset_builder *builder, smr_dataset **dataset, smr_error *error) {
    if (dataset == NULL) {
        return smri_fail_argument(error, "dataset", "must not be NULL");
    }
    *dataset = NULL;
    if (builder == NULL) {
        return smri_fail_argument(error, "builder", "must not be NULL");
    }
    /* Only periods and labels are laid out for reading in it; a builder is not for two threads at a time. */
    smri_draft *draft = &((smr_dataset_builder *)(uintptr_t)builder)->draft;
    return smri_draft_copy(draft, dataset, error);
}
