/* SPDX-License-Identifier: Apache-2.0
 * Replies to reply_store.sql. */
#include "store/reply_record.h"

#include "store/column.h"

enum { REPLY_ARENA_MAX = 16 * 1024 };

struct reply_record *reply_record_new(void)
{
    struct arena arena;
    arena_init(&arena, REPLY_ARENA_MAX);
    struct reply_record *record = arena_alloc(&arena, sizeof(*record));
    if (record != NULL) {
        record->arena = arena;
    }
    return record;
}

void reply_record_free(void *record)
{
    struct reply_record *reply = record;
    if (reply != NULL) {
        struct arena arena = reply->arena; /* the record goes with it */
        sealed_epoch_drop(reply->epoch);
        arena_release(&arena);
    }
}

static const struct reply_record *as_reply(const void *record)
{
    return record;
}

static struct sealed_epoch *epoch_of(const void *record)
{
    return as_reply(record)->epoch;
}

#define COLUMN(type, add) COLUMN_OF(struct reply_record, type, add)

static void encode(struct pg_params *params, const void *const records[], size_t count)
{
    COLUMN(PG_INT8, pg_add_int8(params, r->registration_id));
    COLUMN(PG_UUID, pg_add_uuid(params, &r->check_in_id));
    COLUMN(PG_TEXT, pg_add_text(params, r->gateway));
    COLUMN(PG_UUID, pg_add_uuid(params, &r->epoch->id));
    COLUMN(PG_BYTEA, pg_add_bytea(params, r->sealed_text));
    COLUMN(PG_TIMESTAMPTZ, pg_add_time(params, r->expires_us));
    sealed_epoch_encode(params, records, count, epoch_of);
}

const struct batch_kind reply_batch_kind = {PG_REPLY_STORE, encode, reply_record_free};
