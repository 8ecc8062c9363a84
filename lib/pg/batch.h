/* SPDX-License-Identifier: Apache-2.0
 * Group commit: records gather while the connections are busy; when one is free, all that gathered (to BATCH_MAX) go as one
 * statement over arrays, one round trip, one commit. One that comes alone goes at once; while several come in the time of a statement, the next
 * one leaves a few milliseconds after the last, or when BATCH_FULL wait (decisions/0029). */
#ifndef PG_BATCH_H
#define PG_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pg/pool.h"

enum { BATCH_MAX = 512, BATCH_FULL = 48, BATCH_REST_US = 8000, BATCH_CLASSES = 4 };

struct batch;
struct batch_item;

/* What became of one record. `row` is its row in `result` (one row a record, in order), COMMITTED only. */
typedef void batch_done(void *context, enum pg_outcome outcome, const PGresult *result, int row, const char *sqlstate,
                        const char *constraint);

struct batch_kind {
    enum pg_statement statement;
    /* Adds the statement's parameters for `count` records (each as given to batch_add), as columns. */
    void (*encode)(struct pg_params *params, const void *const records[], size_t count);
    void (*free_record)(void *record);
};

/* What a class is allowed. */
struct batch_limit {
    unsigned queue_max; /* records waiting */
    unsigned
        wait_ms; /* batch_has_room says no when a record would wait longer to be sent, as the last seconds tell; 0: as long as it takes */
    unsigned unsent_ms; /* one that waited so long is told PG_UNSENT; 0: the deadline's time */
};

/* Several batches may share a pool; call batch_poke for each, most urgent first, from the pool's on_free. When the pool has no on_free a
 * batch pokes itself. `deadline_s`: from batch_add to PG_UNKNOWN/PG_UNSENT. */
struct batch *batch_new(struct pg_pool *pool, const struct batch_kind *kind,
                        const struct batch_limit limits[BATCH_CLASSES], unsigned deadline_s);
void batch_free(struct batch *batch);

/* Takes ownership of `record` (freed with kind->free_record after its outcome was told). `done` runs once, on the loop, never before
 * this returns. Returns NULL, and frees nothing, when the class's queue is full. Classes: 0 is the most urgent and leaves first. */
struct batch_item *batch_add(struct batch *batch, unsigned class, void *record, batch_done *done, void *context);
/* A record of the class added now would find room and, as far as can be told, leave in its class's time. Refuses nothing by itself. */
bool batch_has_room(const struct batch *batch, unsigned class);
/* The submitter is gone: `done` will not run, the record is still stored. */
void batch_forget(struct batch_item *item);
/* Sends what gathered, to BATCH_MAX, if a connection is free and it is time. batch_add has it called at the end of the loop's turn. */
void batch_poke(struct batch *batch);

struct batch_metrics {
    uint64_t records, flushes, splits, retries;
    uint64_t size_bucket[10]; /* cumulative: 1 2 4 8 16 32 64 128 256 512 */
    size_t waiting;
    size_t waiting_by_class[BATCH_CLASSES];
};
const struct batch_metrics *batch_metrics(const struct batch *batch);

#endif
