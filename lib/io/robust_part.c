/* SPDX-License-Identifier: MIT */
/* A run as bytes: a mark, the study's hash and seed, ranges of draws, and every count, low byte first. */

#include "io/io_impl.h"

#include "study/robust_impl.h"

static const char mark[8] = {'s', 'm', 'r', 'r', 'b', '0', '0', '1'};

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

smr_status smr_robust_write_part(const smr_robust *robust, smr_write_callback write, void *user, smr_error *error)
{
    if (!robust || !write)
        return smri_fail_argument(error, robust ? "write" : "robust", "not NULL");
    const smri_tally *tally = &robust->tally;
    smri_tally_sizes sizes;
    smri_tally_size(robust->trials, robust->outputs, &sizes);
    smri_writer writer;
    smri_writer_init(&writer, write, user);
    smri_write_bytes(&writer, mark, sizeof mark);
    put(&writer, (uint64_t)robust->nodes);
    put(&writer, robust->outputs);
    put(&writer, robust->hash);
    put(&writer, robust->seed);
    put(&writer, robust->partial);
    const char *period = robust->trials->period ? robust->trials->period : "";
    put(&writer, strlen(period));
    smri_write_text(&writer, period);
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
        put(&writer, strlen(tally->failures[i].message));
        smri_write_text(&writer, tally->failures[i].message);
    }
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

/* A text of at most size - 1 bytes. */
static void get_text(reader *r, char *text, size_t size)
{
    const uint64_t length = get(r);
    text[0] = '\0';
    if (length > r->length - r->at || length >= size) {
        r->short_of = true;
        r->at = r->length;
        return;
    }
    memcpy(text, r->bytes + r->at, (size_t)length);
    text[length] = '\0';
    r->at += (size_t)length;
    r->short_of |= smri_utf8_check(text, (size_t)length) != (size_t)length;
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
    if (length < sizeof mark || memcmp(bytes, mark, sizeof mark) != 0)
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
    if (status == SMR_OK)
        status = smri_robust_confide(made, error);
    if (status != SMR_OK) {
        smr_robust_unref(made);
        return status;
    }
    *robust = made;
    return SMR_OK;
}
