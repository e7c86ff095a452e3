/* SPDX-License-Identifier: MIT */
/* Sorting of anything by comparison: a heap, since the C library's qsort may allocate where no context knows of it. */
#include "base/base_impl.h"

static void swap(unsigned char *a, unsigned char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* Lets the item at `top` sink to its place in the heap of the first `count`. */
static void sink(unsigned char *items, size_t top, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t child = 2 * top + 1; child < count; child = 2 * top + 1) {
        if (child + 1 < count && compare(items + child * size, items + (child + 1) * size) < 0)
            child++;
        if (compare(items + top * size, items + child * size) >= 0)
            return;
        swap(items + top * size, items + child * size, size);
        top = child;
    }
}

void smri_sort(void *items, size_t count, size_t size, int (*compare)(const void *a, const void *b))
{
    unsigned char *bytes = items;
    for (size_t top = count / 2; top-- > 0;)
        sink(bytes, top, count, size, compare);
    for (size_t last = count; last-- > 1;) {
        swap(bytes, bytes + last * size, size);
        sink(bytes, 0, last, size, compare);
    }
}
