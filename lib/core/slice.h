/* SPDX-License-Identifier: Apache-2.0
 * A borrowed run of bytes with its length; never NUL-terminated by promise, never owned. */
#ifndef CORE_SLICE_H
#define CORE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *data; /* may be NULL only when length is 0 */
    size_t length;    /* bytes */
};

#define SLICE_INIT(literal)                                                                                            \
    {                                                                                                                  \
        "" literal, sizeof(literal) - 1                                                                                \
    }
#define SLICE(literal) ((struct slice)SLICE_INIT(literal))
/* For printf: "%.*s", SLICE_ARGS(s). */
#define SLICE_ARGS(s) (int)(s).length, ((s).data != NULL ? (s).data : "")

/* What stands in every inner loop is inline. */
static inline struct slice slice_make(const void *data, size_t length)
{
    return (struct slice){(const char *)data, length}; /* one file of the project is C++ */
}

/* The slice of a NUL-terminated string; NULL gives the empty slice. */
struct slice slice_of(const char *text);

/* Bytes [from, to), both clamped to the slice. */
static inline struct slice slice_sub(struct slice s, size_t from, size_t to)
{
    if (to > s.length) {
        to = s.length;
    }
    if (from > to) {
        from = to;
    }
    return (struct slice){from > 0 ? s.data + from : s.data, to - from}; /* NULL has no offset */
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

/* By bytes, then by length: below, at or above 0 as memcmp. */
int slice_compare(struct slice a, struct slice b);
/* As slice_equal, with ASCII letters compared without regard to case. */
bool slice_equal_nocase(struct slice a, struct slice b);
bool slice_starts_with(struct slice s, struct slice prefix);
/* Without ASCII space, tab, CR and LF at both ends. */
struct slice slice_trim(struct slice s);
/* Index of the first `c`, or s.length. */
size_t slice_index(struct slice s, char c);
/* Index of the first `needle`, or haystack.length. An empty needle is found at 0. */
size_t slice_find(struct slice haystack, struct slice needle);
/* Takes the part before the next `separator` off the front of *rest (and the separator with it).
 * Returns false when *rest is exhausted: "a,,b" gives "a", "", "b". An empty *rest gives nothing. */
bool slice_split(struct slice *rest, char separator, struct slice *part);
/* Decimal digits only, no sign, no space; false when empty, odd or above `max`. */
bool slice_to_u64(struct slice s, uint64_t max, uint64_t *value);
/* The number's decimal digits, written to the end of `text` and borrowed from it; without printf, for what is written with each request. */
enum { SLICE_U64_MAX = 20 };
struct slice slice_of_u64(uint64_t value, char text[SLICE_U64_MAX]);
/* A finite decimal number ("-12.5", "1e3"), the whole slice, in the C locale. */
bool slice_to_double(struct slice s, double *value);

#endif
