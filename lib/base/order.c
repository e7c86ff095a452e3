/* SPDX-License-Identifier: MIT */
/* Sorting by buckets on the scale of the values. A range is cut into cells of equal width, so that two cuts put a
 * million uniform or normal values nearly in order and insertion does the rest. A sample tells whether a large range
 * is better cut by the bits of its values, whose scale is logarithmic, or with its outliers left aside; a small range
 * is cut by the bits when it is most of the range before. What five cuts leave unsorted, as no ordinary data do, is
 * merged, so that the time is O(n log n) at worst. */
#include "base/base_impl.h"

#define INSERTION 24 /* up to here insertion is fastest */
#define FINE 4096    /* up to here a range is cut into at least as many cells as it has values, */
#define COARSE 1024  /* above into cells of about so many */
#define MOST_CELLS 4096
#define MOST_DEPTH 5
#define ON_STACK 256
#define PARALLEL_FROM 32768

/* Where results go. */
typedef struct sorter {
    smri_run_visitor visit;
    void *user;
} sorter;

/* Room for sorting a range: as many records and cells as it has, and the ends of its cells at every depth. */
typedef struct room {
    smri_record *spare;
    uint16_t *cells;
    uint32_t *ends;
} room;

/* Twice as many fine cells as values leave little to insertion. A power of two. */
static uint32_t cell_count(size_t n) {
    const size_t wanted = n <= FINE ? 2 * n : n / COARSE;
    uint32_t count = 32;
    while (count < wanted && count < MOST_CELLS) {
        count *= 2;
    }
    return count;
}

/* How values become cells 0..count-1, greater values first. */
typedef struct cut {
    uint32_t count;
    bool linear;
    double greatest, scale;
    uint64_t first; /* key of the greatest value */
    unsigned shift;
} cut;

/* Rises as the value falls. */
static inline uint64_t descending_key(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? bits : ~bits & ~(UINT64_C(1) << 63);
}

static cut linear_cut(double least, double greatest, uint32_t count) {
    const cut c = {.count = count, .linear = true, .greatest = greatest, .scale = count / (greatest - least)};
    return c;
}

static cut key_cut(double least, double greatest, uint32_t count) {
    cut c = {.count = count, .first = descending_key(greatest)};
    const uint64_t span = descending_key(least) - c.first;
    while (span >> c.shift >= count) {
        c.shift++;
    }
    return c;
}

/* The width is a number, and cells of it are. */
static bool can_be_linear(double least, double greatest) {
    return greatest - least > 0x1p-1000 && greatest - least <= DBL_MAX;
}

/* Values beyond the range of a linear cut go to its outermost cells. */
static inline uint32_t linear_cell(const cut *c, double value) {
    const double place = (c->greatest - value) * c->scale;
    const double most = c->count - 1;
    const double inside = place > 0.0 ? place : 0.0;
    return (uint32_t)(int32_t)(inside < most ? inside : most);
}

static inline uint32_t key_cell(const cut *c, double value) {
    return (uint32_t)((descending_key(value) - c->first) >> c->shift);
}

static inline uint32_t cell_of(const cut *c, double value) {
    return c->linear ? linear_cell(c, value) : key_cell(c, value);
}

static void insertion_sort(smri_record *records, size_t n) {
    for (size_t i = 1; i < n; i++) {
        const smri_record record = records[i];
        size_t j = i;
        for (; j > 0 && records[j - 1].value < record.value; j--) {
            records[j] = records[j - 1];
        }
        records[j] = record;
    }
}

/* ---- which cut ---- */

#define SAMPLE 64
#define CLIPPED 2 /* sampled values left out at either end */

/* The longest run of a downward sample in one cell. */
static size_t longest_run(const cut *c, const double *sample) {
    size_t longest = 0, start = 0;
    for (size_t i = 0; i <= SAMPLE; i++) {
        if (i == SAMPLE || cell_of(c, sample[i]) != cell_of(c, sample[start])) {
            longest = SMRI_MAX(longest, i - start);
            start = i;
        }
    }
    return longest;
}

/* The cut that separates a sample best: the plain one when it does well, else one by keys or one that leaves outliers
 * to the outermost cells. The choice moves time, never results. */
static cut sampled_cut(double *sample, double least, double greatest, uint32_t count) {
    for (size_t i = 1; i < SAMPLE; i++) {
        const double value = sample[i];
        size_t j = i;
        for (; j > 0 && sample[j - 1] < value; j--) {
            sample[j] = sample[j - 1];
        }
        sample[j] = value;
    }
    cut best = can_be_linear(least, greatest) ? linear_cut(least, greatest, count) : key_cut(least, greatest, count);
    size_t run = longest_run(&best, sample);
    if (run > SAMPLE / 8 && best.linear) {
        const cut keys = key_cut(least, greatest, count);
        const size_t run_of_keys = longest_run(&keys, sample);
        if (run_of_keys < run) {
            best = keys;
            run = run_of_keys;
        }
    }
    const double high = sample[CLIPPED], low = sample[SAMPLE - 1 - CLIPPED];
    if (run > SAMPLE / 8 && can_be_linear(low, high)) {
        const cut clipped = linear_cut(low, high, count);
        if (longest_run(&clipped, sample) < run) {
            best = clipped;
        }
    }
    return best;
}

/* ---- sorting a range of records ---- */

/* Returns which of the two arrays holds the result. */
static smri_record *merge_sort(smri_record *from, smri_record *to, size_t n) {
    for (size_t i = 0; i < n; i += INSERTION) {
        insertion_sort(from + i, SMRI_MIN(n - i, INSERTION));
    }
    for (size_t run = INSERTION; run < n; run *= 2) {
        for (size_t start = 0; start < n; start += 2 * run) {
            const size_t middle = start + SMRI_MIN(n - start, run), end = start + SMRI_MIN(n - start, 2 * run);
            size_t a = start, b = middle;
            for (size_t i = start; i < end; i++) {
                const bool right = a == middle || (b < end && from[a].value < from[b].value);
                to[i] = from[right ? b++ : a++];
            }
        }
        smri_record *const swapped = from;
        from = to;
        to = swapped;
    }
    return from;
}

/* Sorts and visits the `n` records from[], the one at `first` in the whole order and those after it. */
static void sort_range(const sorter *s, smri_record *from, room r, size_t first, size_t n, int depth, bool by_keys) {
    if (n <= INSERTION) {
        insertion_sort(from, n);
        s->visit(s->user, from, first, n);
        return;
    }
    double least = from[0].value, greatest = least;
    for (size_t i = 1; i < n; i++) {
        least = from[i].value < least ? from[i].value : least;
        greatest = from[i].value > greatest ? from[i].value : greatest;
    }
    if (least == greatest || depth == MOST_DEPTH) {
        s->visit(s->user, least == greatest ? from : merge_sort(from, r.spare, n), first, n);
        return;
    }

    const uint32_t count = cell_count(n);
    cut c;
    if (n > FINE) {
        double sample[SAMPLE];
        for (size_t i = 0; i < SAMPLE; i++) {
            sample[i] = from[(size_t)((uint64_t)n * i / SAMPLE)].value;
        }
        c = sampled_cut(sample, least, greatest, count);
    } else {
        c = by_keys || !can_be_linear(least, greatest) ? key_cut(least, greatest, count)
                                                       : linear_cut(least, greatest, count);
    }
    smri_record *const to = r.spare;
    uint16_t *const cells = r.cells;
    uint32_t *const ends = r.ends;
    memset(ends, 0, count * sizeof *ends);
    for (size_t i = 0; i < n; i++) {
        const uint32_t cell = cell_of(&c, from[i].value);
        cells[i] = (uint16_t)cell;
        ends[cell]++;
    }
    uint32_t place = 0, fullest = 0;
    for (uint32_t cell = 0; cell < count; cell++) {
        const uint32_t size = ends[cell];
        fullest = SMRI_MAX(fullest, size);
        ends[cell] = place;
        place += size;
    }
    for (size_t i = 0; i < n; i++) {
        to[ends[cells[i]]++] = from[i];
    }
    if (fullest <= INSERTION) {
        insertion_sort(to, n);
        s->visit(s->user, to, first, n);
        return;
    }
    uint32_t start = 0, done = 0; /* cells before `start` are seen, those from `done` to there wait for insertion */
    for (uint32_t cell = 0; cell < count; cell++) {
        const uint32_t size = ends[cell] - start;
        if (size > INSERTION) {
            if (done < start) {
                insertion_sort(to + done, start - done);
                s->visit(s->user, to + done, first + done, start - done);
            }
            const room inner = {from + start, cells + start, ends + count};
            sort_range(s, to + start, inner, first + start, size, depth + 1, size > n / 2);
            done = ends[cell];
        }
        start = ends[cell];
    }
    if (done < start) {
        insertion_sort(to + done, start - done);
        s->visit(s->user, to + done, first + done, start - done);
    }
}

/* ---- the first cut, from the values themselves, on several threads ---- */

typedef struct part_extent {
    double least, greatest;
    size_t count; /* not NaN */
} part_extent;

typedef struct first_cut {
    const smr_context *context;
    const double *values;
    size_t n, parts, groups;
    sorter sorter;
    smri_record *records; /* n */
    uint16_t *cells;      /* n */
    part_extent *extents; /* parts */
    cut cut;
    uint32_t *ends;   /* parts x (cut.count + 1): where the part's next record of the cell goes; NaN is the last cell */
    uint32_t *starts; /* cut.count + 2 */
    atomic_bool failed;
} first_cut;

static size_t part_start(const first_cut *f, size_t part) {
    return (size_t)((uint64_t)f->n * part / f->parts);
}

static void measure_part(void *user, size_t part) {
    first_cut *const f = user;
    const size_t start = part_start(f, part);
    part_extent *const e = &f->extents[part];
    smri_context_kernels(f->context)
        ->extent(f->values + start, part_start(f, part + 1) - start, &e->least, &e->greatest, &e->count);
}

static void count_part(void *user, size_t part) {
    first_cut *const f = user;
    const cut c = f->cut;
    const double *const values = f->values;
    uint16_t *const cells = f->cells;
    uint32_t *const counts = f->ends + part * (c.count + 1);
    const size_t start = part_start(f, part), end = part_start(f, part + 1);
    if (c.linear) {
        const double beyond = c.count, most = beyond - 1;
        for (size_t i = start; i < end; i++) {
            const double place = (c.greatest - values[i]) * c.scale;
            const double above = place > 0.0 ? place : 0.0;
            const double inside = above < most ? above : most;
            cells[i] = (uint16_t)(int32_t)(values[i] == values[i] ? inside : beyond);
        }
    } else {
        for (size_t i = start; i < end; i++) {
            cells[i] = (uint16_t)(values[i] == values[i] ? key_cell(&c, values[i] + 0.0) : c.count);
        }
    }
    for (size_t i = start; i < end; i++) {
        counts[cells[i]]++;
    }
}

static void scatter_part(void *user, size_t part) {
    first_cut *const f = user;
    const uint16_t *const cells = f->cells;
    uint32_t *const ends = f->ends + part * (f->cut.count + 1);
    const size_t end = part_start(f, part + 1);
    for (size_t i = part_start(f, part); i < end; i++) {
        const smri_record record = {f->values[i] + 0.0, (uint32_t)i};
        f->records[ends[cells[i]]++] = record;
    }
}

/* A group is the cells that start in its share of the records. */
static void sort_group(void *user, size_t group) {
    first_cut *const f = user;
    const uint64_t from = (uint64_t)f->n * group / f->groups, to = (uint64_t)f->n * (group + 1) / f->groups;
    uint32_t low = 0, high = f->cut.count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (f->starts[middle] < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t most = 0;
    for (uint32_t cell = low; cell < f->cut.count && f->starts[cell] < to; cell++) {
        most = SMRI_MAX(most, f->starts[cell + 1] - f->starts[cell]);
    }
    const room r = {smri_alloc(f->context, most, sizeof *r.spare), smri_alloc(f->context, most, sizeof *r.cells),
                    smri_alloc(f->context, MOST_DEPTH * MOST_CELLS, sizeof *r.ends)};
    if (r.spare != NULL && r.cells != NULL && r.ends != NULL) {
        for (uint32_t cell = low; cell < f->cut.count && f->starts[cell] < to; cell++) {
            const uint32_t start = f->starts[cell], size = f->starts[cell + 1] - start;
            if (size > 0) {
                sort_range(&f->sorter, f->records + start, r, start, size, 1, size > f->n / 2);
            }
        }
    } else {
        atomic_store(&f->failed, true);
    }
    smri_free(f->context, r.spare);
    smri_free(f->context, r.cells);
    smri_free(f->context, r.ends);
}

static void sort_parts(first_cut *f) {
    const uint32_t count = cell_count(f->n);
    smri_parallel(f->context, f->parts, measure_part, f);
    double least = 0.0, greatest = 0.0;
    size_t present = 0;
    for (size_t part = 0; part < f->parts; part++) {
        if (f->extents[part].count > 0) {
            least = present > 0 ? SMRI_MIN(least, f->extents[part].least) : f->extents[part].least;
            greatest = present > 0 ? SMRI_MAX(greatest, f->extents[part].greatest) : f->extents[part].greatest;
            present += f->extents[part].count;
        }
    }
    /* A missing value in the sample is as good as the next number: the last one. */
    double sample[SAMPLE], last = greatest;
    for (size_t i = 0; i < SAMPLE; i++) {
        const double value = f->values[(size_t)((uint64_t)f->n * i / SAMPLE)] + 0.0;
        last = value == value ? value : last;
        sample[i] = last;
    }
    f->cut = sampled_cut(sample, least, greatest, count);
    smri_parallel(f->context, f->parts, count_part, f);
    uint32_t place = 0;
    for (uint32_t cell = 0; cell <= count; cell++) {
        f->starts[cell] = place;
        for (size_t part = 0; part < f->parts; part++) {
            uint32_t *const end = &f->ends[part * (count + 1) + cell];
            const uint32_t size = *end;
            *end = place;
            place += size;
        }
    }
    f->starts[count + 1] = place;
    smri_parallel(f->context, f->parts, scatter_part, f);
    smri_parallel(f->context, f->groups, sort_group, f);
    if (present < f->n) {
        f->sorter.visit(f->sorter.user, f->records + present, present, f->n - present);
    }
}

static bool sort_large(const smr_context *context, const double *values, size_t n, sorter s) {
    const bool parallel = context->threads > 1 && n >= PARALLEL_FROM;
    first_cut f = {.context = context, .values = values, .n = n, .sorter = s};
    f.parts = parallel ? SMRI_MIN(context->threads, 64) : 1;
    f.groups = parallel ? SMRI_MIN(16 * (size_t)context->threads, 1024) : 1;
    atomic_init(&f.failed, false);
    const uint32_t count = cell_count(n);
    f.records = smri_alloc(context, n, sizeof *f.records);
    f.cells = smri_alloc(context, n, sizeof *f.cells);
    f.extents = smri_calloc(context, f.parts, sizeof *f.extents);
    f.ends = smri_calloc(context, f.parts, (count + 1) * sizeof *f.ends);
    f.starts = smri_calloc(context, count + 2, sizeof *f.starts);
    const bool ready = f.records != NULL && f.cells != NULL && f.extents != NULL && f.ends != NULL && f.starts != NULL;
    if (ready) {
        sort_parts(&f);
    }
    smri_free(context, f.records);
    smri_free(context, f.cells);
    smri_free(context, f.extents);
    smri_free(context, f.ends);
    smri_free(context, f.starts);
    return ready && !atomic_load(&f.failed);
}

/* Few values: no cut before the records. */
static void sort_small(const double *values, size_t n, sorter s, smri_record *records, room r) {
    size_t present = 0, missing = 0;
    for (size_t i = 0; i < n; i++) {
        const smri_record record = {values[i] + 0.0, (uint32_t)i};
        if (values[i] == values[i]) {
            records[present++] = record;
        } else {
            r.spare[missing++] = record;
        }
    }
    memcpy(records + present, r.spare, missing * sizeof *r.spare);
    if (present > 0) {
        sort_range(&s, records, r, 0, present, 0, false);
    }
    if (missing > 0) {
        s.visit(s.user, records + present, present, missing);
    }
}

bool smri_sort_runs(const smr_context *context, const double *values, size_t n, smri_run_visitor visit, void *user) {
    const sorter s = {visit, user};
    if (n > FINE) {
        return sort_large(context, values, n, s);
    }
    if (n <= ON_STACK) {
        smri_record records[ON_STACK], spare[ON_STACK];
        uint16_t cells[ON_STACK];
        uint32_t ends[MOST_DEPTH * 2 * ON_STACK];
        const room r = {spare, cells, ends};
        sort_small(values, n, s, records, r);
        return true;
    }
    smri_record *const records = smri_alloc(context, n, sizeof *records);
    const room r = {smri_alloc(context, n, sizeof *r.spare), smri_alloc(context, n, sizeof *r.cells),
                    smri_alloc(context, MOST_DEPTH * MOST_CELLS, sizeof *r.ends)};
    const bool ready = records != NULL && r.spare != NULL && r.cells != NULL && r.ends != NULL;
    if (ready) {
        sort_small(values, n, s, records, r);
    }
    smri_free(context, records);
    smri_free(context, r.spare);
    smri_free(context, r.cells);
    smri_free(context, r.ends);
    return ready;
}

static void write_order(void *user, const smri_record *records, size_t first, size_t count) {
    uint32_t *const order = (uint32_t *)user + first;
    for (size_t i = 0; i < count; i++) {
        order[i] = records[i].index;
    }
}

bool smri_order_descending(const smr_context *context, const double *values, size_t n, uint32_t *order) {
    return smri_sort_runs(context, values, n, write_order, order);
}

/* Where the array ends: the records come downward. */
static void write_upward(void *user, const smri_record *records, size_t first, size_t count) {
    double *const end = (double *)user - first;
    for (size_t i = 0; i < count; i++) {
        *(end - 1 - i) = records[i].value;
    }
}

bool smri_sort_ascending(const smr_context *context, double *values, size_t n) {
    return smri_sort_runs(context, values, n, write_upward, values + n);
}
