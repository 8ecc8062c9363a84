/* SPDX-License-Identifier: Apache-2.0
 * Counting, coding and sending epochs. */
#include "store/sealed_epoch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EPOCHS_A_BATCH = 512 }; /* as many as a batch has records: replay may bring each under its own epoch */

struct sealed_epoch *sealed_epoch_new(const struct seal_epoch *epoch, const char *crisis, int64_t opened_us)
{
    struct sealed_epoch *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return NULL;
    }
    made->id = *seal_epoch_id(epoch);
    made->opened_us = opened_us;
    made->references = 1;
    (void)snprintf(made->crisis, sizeof(made->crisis), "%s", crisis);
    made->wrap_count = seal_epoch_wrap_count(epoch);
    for (unsigned i = 0; i < made->wrap_count; i++) {
        const char *recipient = NULL;
        struct slice wrap = seal_epoch_wrap(epoch, i, &recipient);
        memcpy(made->wraps[i].wrapped, wrap.data, SEAL_WRAP_SIZE);
        memcpy(made->wraps[i].recipient_id, recipient, sizeof(made->wraps[i].recipient_id));
    }
    return made;
}

struct sealed_epoch *sealed_epoch_take(struct sealed_epoch *epoch)
{
    epoch->references++;
    return epoch;
}

void sealed_epoch_drop(struct sealed_epoch *epoch)
{
    if (epoch != NULL && --epoch->references == 0) {
        free(epoch);
    }
}

void sealed_epoch_code(struct codec *codec, struct sealed_epoch **epoch)
{
    bool writing = codec->out != NULL;
    struct sealed_epoch *e = writing ? *epoch : calloc(1, sizeof(*e));
    if (e == NULL) {
        codec->failed = true;
        return;
    }
    size_t wraps = e->wrap_count;
    codec_uuid(codec, &e->id);
    codec_bytes(codec, e->crisis, sizeof(e->crisis));
    codec_i64(codec, &e->opened_us);
    codec_count(codec, &wraps, SEAL_RECIPIENTS_MAX);
    for (size_t i = 0; i < wraps; i++) {
        codec_bytes(codec, e->wraps[i].recipient_id, sizeof(e->wraps[i].recipient_id));
        codec_bytes(codec, e->wraps[i].wrapped, sizeof(e->wraps[i].wrapped));
    }
    if (!writing) {
        e->wrap_count = (unsigned)wraps;
        e->references = 1;
        e->crisis[sizeof(e->crisis) - 1] = '\0';
        *epoch = e;
    }
}

/* The distinct epochs of the records that PostgreSQL may not have yet. */
static size_t collect(const void *const records[], size_t count, struct sealed_epoch *(*epoch_of)(const void *record),
                      struct sealed_epoch *found[EPOCHS_A_BATCH])
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        struct sealed_epoch *epoch = epoch_of(records[i]);
        bool seen = epoch->confirmed;
        for (size_t k = used; k > 0 && !seen; k--) {
            seen = found[k - 1] == epoch || uuid_equal(&found[k - 1]->id, &epoch->id);
        }
        if (!seen && used < EPOCHS_A_BATCH) {
            found[used++] = epoch;
        }
    }
    return used;
}

void sealed_epoch_encode(struct pg_params *params, const void *const records[], size_t count,
                         struct sealed_epoch *(*epoch_of)(const void *record))
{
    struct sealed_epoch *epochs[EPOCHS_A_BATCH];
    size_t used = collect(records, count, epoch_of, epochs);
    pg_column_begin(params, PG_UUID);
    for (size_t i = 0; i < used; i++) {
        pg_add_uuid(params, &epochs[i]->id);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < used; i++) {
        pg_add_text_or_null(params, slice_of(epochs[i]->crisis));
    }
    pg_column_end(params);
    pg_column_begin(params, PG_TIMESTAMPTZ);
    for (size_t i = 0; i < used; i++) {
        pg_add_time(params, epochs[i]->opened_us);
    }
    pg_column_end(params);
    pg_column_begin(params, PG_UUID);
    for (size_t i = 0; i < used; i++) {
        for (unsigned w = 0; w < epochs[i]->wrap_count; w++) {
            pg_add_uuid(params, &epochs[i]->id);
        }
    }
    pg_column_end(params);
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; i < used; i++) {
        for (unsigned w = 0; w < epochs[i]->wrap_count; w++) {
            pg_add_text(params, slice_of(epochs[i]->wraps[w].recipient_id));
        }
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BYTEA);
    for (size_t i = 0; i < used; i++) {
        for (unsigned w = 0; w < epochs[i]->wrap_count; w++) {
            pg_add_bytea(params, slice_make(epochs[i]->wraps[w].wrapped, SEAL_WRAP_SIZE));
        }
    }
    pg_column_end(params);
}
