/* SPDX-License-Identifier: Apache-2.0
 * Group commit: records gather while the connections are busy; when one is free, all that gathered (to BATCH_MAX) go as one
 * statement over arrays, one round trip, one commit. No timer. */
#ifndef PG_BATCH_H
#define PG_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pg/pool.h"

enum { BATCH_MAX = 512, BATCH_CLASSES = 4 };

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

/* Several batches may share a pool; call batch_poke for each, most urgent first, from the pool's on_free. When the pool has no on_free a
 * batch pokes itself.
 * `queue_max`: records waiting, by class. `deadline_s`: from batch_add to PG_UNKNOWN/PG_UNSENT. */
struct batch *batch_new(struct pg_pool *pool, const struct batch_kind *kind, const unsigned queue_max[BATCH_CLASSES],
                        unsigned deadline_s);
void batch_free(struct batch *batch);

/* Takes ownership of `record` (freed with kind->free_record after its outcome was told). `done` runs once, on the loop, never before
 * this returns. Returns NULL, and frees nothing, when the class's queue is full. Classes: 0 is the most urgent and leaves first. */
struct batch_item *batch_add(struct batch *batch, unsigned class, void *record, batch_done *done, void *context);
/* The submitter is gone: `done` will not run, the record is still stored. */
void batch_forget(struct batch_item *item);
/* Sends what gathered, to BATCH_MAX, if a connection is free. batch_add has it called at the end of the loop's turn. */
void batch_poke(struct batch *batch);

struct batch_metrics {
    uint64_t records, flushes, splits, retries;
    uint64_t size_bucket[10]; /* cumulative: 1 2 4 8 16 32 64 128 256 512 */
    size_t waiting;
};
const struct batch_metrics *batch_metrics(const struct batch *batch);

#endif
