/* SPDX-License-Identifier: Apache-2.0
 * What changed of which case, for the consoles that are open: statements change_*.sql. */
#ifndef STORE_CHANGE_H
#define STORE_CHANGE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "pg/params.h"

/* Slices are borrowed from the result. */
struct change_row {
    int64_t id; /* in the order in which they were made, not in that in which they were committed */
    int64_t registration_id;
    struct slice crisis;
    struct slice post;
    struct slice queue;
    int64_t band;
    struct slice state;
    int64_t version; /* of the case after it */
    int64_t respond_by_us;
    struct slice holder; /* an officer's name; empty: nobody's */
    bool only_holder;    /* nothing else changed than who holds it */
};

/* What comes after `after`, at most `most`, and of the `count` numbers `missed` what is there by now. */
void change_list_params(struct pg_params *params, int64_t after, const int64_t missed[], size_t count, int most);
/* What comes after `after`; of `most` that are looked at, what the caller may hear of. */
void change_missed_params(struct pg_params *params, int64_t after, int most);
void change_read(const PGresult *result, int row, struct change_row *change);

/* The newest that is kept and the oldest; 0: none. */
void change_ends_read(const PGresult *result, int64_t *newest, int64_t *oldest);

/* One place that a listener may hear of. */
struct change_audience {
    int64_t number;      /* of the listener */
    struct slice crisis; /* empty: none */
    struct slice post;   /* empty: every post */
};
void change_audience_read(const PGresult *result, int row, struct change_audience *audience);

/* `doing` is told to every desk of who sees the case. */
void change_presence_params(struct pg_params *params, int64_t registration_id, struct slice name, struct slice doing);

#endif
