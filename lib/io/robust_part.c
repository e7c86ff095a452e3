/* SPDX-License-Identifier: MIT */
/* A run as bytes: a mark, the study's hash and seed, ranges of draws, and every count, low byte first. The mark says
 * whether the stages of a funnel follow; a run without is the same bytes as before there were any. */

#include "io/io_impl.h"

#include "study/robust_impl.h"

static const char mark[8] = {'s', 'm', 'r', 'r', 'b', '0', '0', '1'};
static const char mark_stages[8] = {'s', 'm', 'r', 'r', 'b', '0', '0', '2'};

/* ---- writing ---- */

static void put(smri_writer *writer, uint64_t number)
{
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(number >> (8 * i) & 0xff);
    smri_write_bytes(writer, bytes, sizeof bytes);
}

static void put_all(smri_writer *writer, const uint64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count && !writer->failed; i++)
        put(writer, numbers[i]);
}

static void put_text(smri_writer *writer, const char *text)
{
    put(writer, strlen(text));
    smri_write_text(writer, text);
}

static void put_stages(smri_writer *writer, const smr_robust *robust)
{
    const smri_tally *tally = &robust->tally;
    put(writer, robust->funnel_hash);
    put(writer, tally->stage_count);
    for (uint32_t i = 0; i < tally->stage_count; i++)
        put_text(writer, robust->stage_ids[i]);
    put_all(writer, tally->stages, (size_t)tally->stage_count * robust->trials->region_count);
}

smr_status smr_robust_write_part(const smr_robust *robust, smr_write_callback write, void *user, smr_error *error)
{
    if (!robust || !write)
        return smri_fail_argument(error, robust ? "write" : "robust", "not NULL");
    const smri_tally *tally = &robust->tally;
    smri_tally_sizes sizes;
    smri_tally_size(robust->trials, robust->outputs, &sizes);
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_bytes(&writer, tally->stages ? mark_stages : mark, sizeof mark);
    put(&writer, (uint64_t)robust->nodes);
    put(&writer, robust->outputs);
    put(&writer, robust->hash);
    put(&writer, robust->seed);
    put(&writer, robust->partial);
    put_text(&writer, robust->trials->period ? robust->trials->period : "");
    put(&writer, robust->range_count);
    for (size_t i = 0; i < robust->range_count; i++) {
        put(&writer, robust->ranges[i].first);
        put(&writer, robust->ranges[i].count);
    }
    put(&writer, tally->draws);
    put(&writer, tally->failed);
    put_all(&writer, tally->ranks, sizes.ranks);
    for (size_t i = 0; i < sizes.sums && !writer.failed; i++) {
        put(&writer, tally->sums[i].low);
        put(&writer, (uint64_t)tally->sums[i].high);
    }
    put_all(&writer, tally->cells, sizes.cells);
    put_all(&writer, tally->wins, sizes.wins);
    put_all(&writer, tally->weights, sizes.weights);
    put_all(&writer, tally->alternatives, sizes.alternatives);
    put(&writer, tally->failure_count);
    for (uint32_t i = 0; i < tally->failure_count; i++) {
        put(&writer, (uint64_t)tally->failures[i].code);
        put(&writer, tally->failures[i].count);
        put(&writer, tally->failures[i].first_draw);
        put_text(&writer, tally->failures[i].message);
    }
    if (tally->stages)
        put_stages(&writer, robust);
    return smri_writer_finish(&writer, error);
}

/* ---- reading ---- */

typedef struct reader {
    const unsigned char *bytes;
    size_t length, at;
    bool short_of;
} reader;

static uint64_t get(reader *r)
{
    uint64_t number = 0;
    if (r->length - r->at < 8) {
        r->short_of = true;
        r->at = r->length;
        return 0;
    }
    for (int i = 0; i < 8; i++)
        number |= (uint64_t)r->bytes[r->at++] << (8 * i);
    return number;
}

static void get_all(reader *r, uint64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = get(r);
}

/* A text of less than `size` bytes; *length is 0 where there is none. */
static const char *get_span(reader *r, size_t size, size_t *length)
{
    const uint64_t given = get(r);
    const char *text = (const char *)r->bytes + r->at;
    *length = 0;
    if (given > r->length - r->at || given >= size || smri_utf8_check(text, (size_t)given) != (size_t)given) {
        r->short_of = true;
        r->at = r->length;
        return text;
    }
    *length = (size_t)given;
    r->at += *length;
    return text;
}

/* A text of at most size - 1 bytes. */
static void get_text(reader *r, char *text, size_t size)
{
    size_t length;
    const char *from = get_span(r, size, &length);
    memcpy(text, from, length);
    text[length] = '\0';
}

static smr_status fail_bytes(smr_error *error, const char *what)
{
    return smri_fail(error, SMR_MESSAGE_ROBUST_BYTES, NULL, what);
}

static smr_status read_counts(reader *r, smr_robust *made, smr_error *error)
{
    smri_tally *tally = &made->tally;
    const smr_context *memory = smri_context(made->context);
    smri_tally_sizes sizes;
    smri_tally_size(made->trials, made->outputs, &sizes);
    const uint64_t ranges = get(r);
    if (ranges > r->length / 16)
        return fail_bytes(error, "more ranges than bytes");
    made->ranges = smri_calloc(memory, ranges ? (size_t)ranges : 1, sizeof *made->ranges);
    if (!made->ranges)
        return smri_fail_memory(error);
    uint64_t draws = 0, end = 0;
    for (size_t i = 0; i < ranges; i++) {
        smri_range range;
        range.first = get(r);
        range.count = get(r);
        if (range.first < end || range.first > UINT64_C(1) << 62 || range.count > UINT64_C(1) << 62)
            return fail_bytes(error, "ranges of draws out of order");
        made->ranges[i] = range;
        draws += range.count;
        end = range.first + range.count;
    }
    made->range_count = (size_t)ranges;
    tally->draws = get(r);
    tally->failed = get(r);
    get_all(r, tally->ranks, sizes.ranks);
    for (size_t i = 0; i < sizes.sums; i++) {
        tally->sums[i].low = get(r);
        tally->sums[i].high = (int64_t)get(r);
    }
    get_all(r, tally->cells, sizes.cells);
    get_all(r, tally->wins, sizes.wins);
    get_all(r, tally->weights, sizes.weights);
    get_all(r, tally->alternatives, sizes.alternatives);
    const uint64_t failures = get(r);
    for (uint64_t i = 0; i < failures && !r->short_of; i++) {
        char message[SMR_ERROR_MESSAGE_SIZE];
        const int32_t code = (int32_t)get(r);
        const uint64_t count = get(r), first = get(r);
        get_text(r, message, sizeof message);
        smri_tally_fail(tally, code, count, first, message);
    }
    if (r->short_of || tally->draws != draws || tally->failed > draws)
        return fail_bytes(error, r->short_of ? "it ends early" : "its draws do not add up");
    return SMR_OK;
}

/* The stages, of which none can be passed more often than the one before. */
static smr_status read_stages(reader *r, smr_robust *made, smr_error *error)
{
    const smri_tally *tally = &made->tally;
    const size_t regions = made->trials->region_count;
    made->funnel_hash = get(r);
    const uint64_t count = get(r);
    if (count == 0 || count > (r->length - r->at) / sizeof(uint64_t) / (regions + 1) || count > UINT32_MAX)
        return fail_bytes(error, count == 0 && !r->short_of ? "a funnel without stages" : "it ends early");
    if (!smri_robust_add_stages(made, (uint32_t)count))
        return smri_fail_memory(error);
    for (uint64_t i = 0; i < count && !r->short_of; i++) {
        size_t id_length;
        const char *id = get_span(r, SIZE_MAX, &id_length);
        made->stage_ids[i] = smri_arena_text(&made->arena, id, id_length);
        if (!made->stage_ids[i])
            return smri_fail_memory(error);
    }
    get_all(r, tally->stages, (size_t)count * regions);
    if (r->short_of)
        return fail_bytes(error, "it ends early");
    for (size_t i = 0; i < (size_t)count * regions; i++)
        if (tally->stages[i] > (i < regions ? tally->draws - tally->failed : tally->stages[i - regions]))
            return fail_bytes(error, "its stages do not add up");
    return SMR_OK;
}

smr_status smr_robust_read_part(smr_context *context, const smr_framework *framework, const smr_dataset *dataset,
                                const smr_plan *plan, const smr_uncertainty *uncertainty, const void *bytes,
                                size_t length, smr_robust **robust, smr_error *error)
{
    if (!robust)
        return smri_fail_argument(error, "robust", "a place for the result");
    *robust = NULL;
    if (!framework || !dataset || !bytes)
        return smri_fail_argument(error, !framework ? "framework" : !dataset ? "dataset" : "bytes", "not NULL");
    reader r = {.bytes = bytes, .length = length};
    const bool staged = length >= sizeof mark && memcmp(bytes, mark_stages, sizeof mark) == 0;
    if (length < sizeof mark || (!staged && memcmp(bytes, mark, sizeof mark) != 0))
        return fail_bytes(error, "it does not begin as one");
    r.at = sizeof mark;
    smr_robust_options options;
    smr_robust_options_init(&options, sizeof options);
    const uint64_t nodes = get(&r), outputs = get(&r), hash = get(&r), seed = get(&r), partial = get(&r);
    if (nodes > SMR_ROBUST_ALL || outputs > UINT32_MAX)
        return fail_bytes(error, "options that do not exist");
    options.nodes = (int32_t)nodes;
    options.outputs = (uint32_t)outputs;
    options.seed = seed;
    options.own_seed = 1;
    char period[256];
    get_text(&r, period, sizeof period);
    if (r.short_of)
        return fail_bytes(error, "it ends early");
    options.period = *period ? period : NULL;
    smr_robust_options known;
    smr_robust *made = NULL;
    smr_status status = smri_robust_options_read(&options, &known, error);
    if (status == SMR_OK)
        status = smri_robust_new(context, framework, dataset, plan, uncertainty, &known, &made, error);
    if (status == SMR_OK && made->hash != hash)
        status = smri_fail(error, SMR_MESSAGE_ROBUST_PART_DIFFERS, NULL, "1", "spec, data, plan or options");
    if (status == SMR_OK) {
        made->partial = partial != 0;
        status = read_counts(&r, made, error);
    }
    if (status == SMR_OK && staged)
        status = read_stages(&r, made, error);
    if (status == SMR_OK)
        status = smri_robust_confide(made, error);
    if (status != SMR_OK) {
        smr_robust_unref(made);
        return status;
    }
    *robust = made;
    return SMR_OK;
}
