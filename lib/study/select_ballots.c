/* SPDX-License-Identifier: MIT */
/* Ballots: entries of jurors, laid out as places by juror and region. */

#include "study/select_impl.h"

smr_ballots *smri_ballots_start(smr_context *context, const char *source_name)
{
    const smr_context *memory = smri_context(context);
    smr_ballots *ballots = smri_calloc(memory, 1, sizeof *ballots);
    if (!ballots)
        return NULL;
    atomic_init(&ballots->references, 1);
    ballots->context = smr_context_ref(context);
    smri_arena_init(&ballots->arena, memory);
    smri_table_init(&ballots->jurors, memory, &ballots->arena);
    smri_table_init(&ballots->regions, memory, &ballots->arena);
    smri_table_init(&ballots->pairs, memory, &ballots->arena);
    if (smri_arena_keep(&ballots->arena, source_name, &ballots->source_name))
        return ballots;
    smr_ballots_unref(ballots);
    return NULL;
}

/* The key as a number, its letters composed; false: out of memory. */
static bool add_key(smr_ballots *ballots, smri_table *table, const char *text, size_t length, uint32_t *index)
{
    char *composed = smri_arena_text(&ballots->arena, text, length);
    if (!composed)
        return false;
    *index = smri_table_add(table, composed, smri_text_compose(composed, length, composed), NULL);
    return *index != SMRI_NOT_FOUND;
}

/* Number of the pair of juror and region, which is that of its entry. */
static uint32_t add_pair(smr_ballots *ballots, const smri_ballot_entry *entry, bool *added)
{
    /* Both numbers in letters, four bits each: a key ends at its first zero byte. */
    char key[16];
    for (unsigned i = 0; i < 8; i++) {
        key[i] = (char)('a' + (entry->juror >> 4 * i & 15));
        key[8 + i] = (char)('a' + (entry->region >> 4 * i & 15));
    }
    return smri_table_add(&ballots->pairs, key, sizeof key, added);
}

bool smri_ballots_add(smr_ballots *ballots, const char *juror, size_t juror_length, const char *region,
                      size_t region_length, double place, uint64_t row, int32_t *code, uint32_t *field, uint64_t *other)
{
    smri_ballot_entry entry = {.row = row, .place = place};
    *code = SMR_MESSAGE_NONE;
    *field = juror_length == 0 ? 0 : region_length == 0 ? 2 : 1;
    if (juror_length == 0 || region_length == 0) {
        *code = SMR_MESSAGE_BALLOTS_EMPTY_CELL;
        return true;
    }
    if (place == place && !(place >= 1 && place <= DBL_MAX)) {
        *code = SMR_MESSAGE_BALLOTS_PLACE;
        return true;
    }
    if (!add_key(ballots, &ballots->jurors, juror, juror_length, &entry.juror) ||
        !add_key(ballots, &ballots->regions, region, region_length, &entry.region) ||
        !smri_grow(smri_context(ballots->context), &ballots->entries, &ballots->entry_capacity,
                   ballots->entry_count + 1, sizeof *ballots->entries))
        return false;
    bool added;
    const uint32_t pair = add_pair(ballots, &entry, &added);
    if (pair == SMRI_NOT_FOUND)
        return false;
    if (!added) {
        *code = SMR_MESSAGE_BALLOTS_DUPLICATE;
        *field = 2;
        *other = ballots->entries[pair].row;
        return true;
    }
    ballots->entries[ballots->entry_count++] = entry;
    return true;
}

smr_status smri_ballots_check_size(const smr_ballots *ballots, size_t regions, smr_error *error)
{
    if ((uint64_t)regions * ballots->jurors.count <= SMRI_BALLOTS_MOST)
        return SMR_OK;
    const smri_place place = {.source = ballots->source_name};
    char jurors[SMRI_INTEGER_SIZE], found[SMRI_INTEGER_SIZE], most[SMRI_INTEGER_SIZE];
    return smri_fail(error, SMR_MESSAGE_BALLOTS_TOO_LARGE, &place, smri_text_integer(jurors, ballots->jurors.count),
                     smri_text_integer(found, regions), smri_text_integer(most, SMRI_BALLOTS_MOST));
}

smr_status smri_ballots_seal(smr_ballots *ballots, smr_error *error)
{
    const smr_status status = smri_ballots_check_size(ballots, ballots->regions.count, error);
    if (status != SMR_OK)
        return status;
    const size_t cells = (size_t)ballots->jurors.count * ballots->regions.count;
    ballots->places = smri_alloc(smri_context(ballots->context), cells, sizeof *ballots->places);
    if (!ballots->places)
        return smri_fail_memory(error);
    for (size_t i = 0; i < cells; i++)
        ballots->places[i] = NAN;
    for (size_t i = 0; i < ballots->entry_count; i++) {
        const smri_ballot_entry *entry = &ballots->entries[i];
        ballots->places[(size_t)entry->juror * ballots->regions.count + entry->region] = entry->place;
    }
    return SMR_OK;
}

uint64_t smri_ballots_row_of(const smr_ballots *ballots, uint32_t region)
{
    for (size_t i = 0; i < ballots->entry_count; i++)
        if (ballots->entries[i].region == region)
            return ballots->entries[i].row;
    return 0;
}

static const char *const field_names[] = {"juror", "rank", "region"};

/* One entry of the arrays. */
static smr_status add_entry(smr_ballots *ballots, const char *juror, const char *region, double place, uint64_t row,
                            smr_error *error)
{
    if (!juror || !region)
        return smri_fail_argument(error, juror ? "regions" : "jurors", "texts, none of them NULL");
    const char *const texts[] = {juror, region};
    for (size_t i = 0; i < SMRI_COUNT(texts); i++) {
        const size_t length = strlen(texts[i]);
        if (smri_utf8_check(texts[i], length) != length) {
            const smri_place place_of = {.row = row, .subject = field_names[2 * i]};
            return smri_fail(error, SMR_MESSAGE_TEXT_NOT_UTF8, &place_of, field_names[2 * i]);
        }
    }
    int32_t code;
    uint32_t field;
    uint64_t other = 0;
    if (!smri_ballots_add(ballots, juror, strlen(juror), region, strlen(region), place, row, &code, &field, &other))
        return smri_fail_memory(error);
    if (code == SMR_MESSAGE_NONE)
        return SMR_OK;
    const smri_place at = {.row = row, .subject = field_names[field]};
    char number[SMRI_NUMBER_SIZE];
    if (code == SMR_MESSAGE_BALLOTS_PLACE) {
        smri_number_write(number, place);
        return smri_fail(error, code, &at, number);
    }
    if (code == SMR_MESSAGE_BALLOTS_EMPTY_CELL)
        return smri_fail(error, code, &at, field_names[field]);
    return smri_fail(error, code, &at, juror, region, smri_text_integer(number, other));
}

smr_status smr_ballots_new(smr_context *context, const char *const *jurors, const char *const *regions,
                           const double *places, size_t count, smr_ballots **ballots, smr_error *error)
{
    if (!ballots)
        return smri_fail_argument(error, "ballots", "a place for the result");
    *ballots = NULL;
    if (!jurors || !regions || !places || count == 0)
        return smri_fail_argument(error, !jurors ? "jurors" : !regions ? "regions" : !places ? "places" : "count",
                                  count == 0 && jurors && regions && places ? "1 or more" : "not NULL");
    smr_ballots *made = smri_ballots_start(context, NULL);
    smr_status status = made ? SMR_OK : smri_fail_memory(error);
    for (size_t i = 0; status == SMR_OK && i < count; i++)
        status = add_entry(made, jurors[i], regions[i], places[i], i + 1, error);
    if (status == SMR_OK)
        status = smri_ballots_seal(made, error);
    if (status != SMR_OK) {
        smr_ballots_unref(made);
        return status;
    }
    *ballots = made;
    return SMR_OK;
}

/* ---- results ---- */

static void tell_kemeny(const smr_ballots *ballots, const smri_jury_told *told)
{
    const smr_context *context = smri_context(ballots->context);
    const smri_place place = {.source = ballots->source_name};
    char orders[SMRI_INTEGER_SIZE];
    const char *const texts[] = {smri_text_integer(orders, told->orders)};
    if (!told->proven)
        smri_report(context, SMR_SEVERITY_WARNING, SMR_MESSAGE_BALLOTS_UNPROVEN, &place, NULL, 0);
    else if (told->orders > 1)
        smri_report(context, SMR_SEVERITY_WARNING, SMR_MESSAGE_BALLOTS_MORE_ORDERS, &place, texts, 1);
}

smr_status smr_ballots_results(const smr_ballots *ballots, int32_t rule, int32_t incomplete, double *results,
                               size_t count, smr_error *error)
{
    if (!ballots || !results)
        return smri_fail_argument(error, ballots ? "results" : "ballots", "not NULL");
    if (!smr_ballot_rule_name(rule))
        return smri_fail_argument(error, "rule", "one of smr_ballot_rule");
    if (incomplete < SMR_INCOMPLETE_SHARE || incomplete > SMR_INCOMPLETE_ABSTAIN)
        return smri_fail_argument(error, "incomplete", "one of smr_ballot_incomplete");
    if (count != ballots->regions.count)
        return smri_fail_argument(error, "count", "smr_ballots_region_count()");
    const smr_context *memory = smri_context(ballots->context);
    const uint32_t jurors = ballots->jurors.count;
    const smri_jury jury = {ballots->places, jurors, count, rule, incomplete};
    uint32_t *members = smri_alloc(memory, count, sizeof *members);
    size_t cells;
    const smri_jury_work work = {
        .ranks = smri_product(jurors, count, &cells) ? smri_alloc(memory, cells, sizeof(double)) : NULL,
        .records = smri_alloc(memory, SMRI_MAX(count, (size_t)jurors), sizeof(smri_record))};
    smri_jury_told told;
    smr_status status = members && work.ranks && work.records ? SMR_OK : smri_fail_memory(error);
    for (uint32_t i = 0; status == SMR_OK && i < count; i++)
        members[i] = i;
    if (status == SMR_OK)
        status = smri_jury_results(memory, &jury, members, (uint32_t)count, &work, results, &told, error);
    if (status == SMR_OK)
        tell_kemeny(ballots, &told);
    smri_free(memory, members);
    smri_free(memory, work.ranks);
    smri_free(memory, work.records);
    return status;
}

/* ---- the handle ---- */

smr_ballots *smr_ballots_ref(smr_ballots *ballots)
{
    if (ballots)
        atomic_fetch_add_explicit(&ballots->references, 1, memory_order_relaxed);
    return ballots;
}

void smr_ballots_unref(smr_ballots *ballots)
{
    if (!ballots || atomic_fetch_sub_explicit(&ballots->references, 1, memory_order_acq_rel) != 1)
        return;
    smr_context *context = ballots->context;
    const smr_context *memory = smri_context(context);
    smri_table_free(&ballots->jurors);
    smri_table_free(&ballots->regions);
    smri_table_free(&ballots->pairs);
    smri_free(memory, ballots->entries);
    smri_free(memory, ballots->places);
    smri_arena_free(&ballots->arena);
    smri_free(memory, ballots);
    smr_context_unref(context);
}

size_t smr_ballots_juror_count(const smr_ballots *ballots)
{
    return ballots ? ballots->jurors.count : 0;
}

const char *smr_ballots_juror(const smr_ballots *ballots, size_t juror)
{
    return ballots && juror < ballots->jurors.count ? ballots->jurors.keys[juror] : NULL;
}

size_t smr_ballots_region_count(const smr_ballots *ballots)
{
    return ballots ? ballots->regions.count : 0;
}

const char *smr_ballots_region(const smr_ballots *ballots, size_t region)
{
    return ballots && region < ballots->regions.count ? ballots->regions.keys[region] : NULL;
}

const double *smr_ballots_places(const smr_ballots *ballots, size_t juror)
{
    return ballots && juror < ballots->jurors.count ? ballots->places + juror * ballots->regions.count : NULL;
}
