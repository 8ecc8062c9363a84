/* SPDX-License-Identifier: Apache-2.0
 * Wishes for a case code to and from the journal, and to codes_send_kept.sql. */
#include "store/code_request.h"

#include "store/column.h"

enum { CODE_FORMAT = 1, CODE_ARENA_MAX = 64 * 1024 };

struct code_request *code_request_new(void)
{
    struct arena arena;
    arena_init(&arena, CODE_ARENA_MAX);
    struct code_request *request = arena_alloc(&arena, sizeof(*request));
    if (request != NULL) {
        request->arena = arena;
    }
    return request;
}

void code_request_free(void *record)
{
    struct code_request *request = record;
    if (request != NULL) {
        struct arena arena = request->arena; /* the record goes with it */
        sealed_epoch_drop(request->epoch);
        arena_release(&arena);
    }
}

static void code(struct codec *codec, struct code_request *r)
{
    uint8_t format = CODE_FORMAT;
    codec_u8(codec, &format);
    codec->failed = codec->failed || format != CODE_FORMAT;
    sealed_epoch_code(codec, &r->epoch);
    codec_bytes(codec, r->phone_index, sizeof(r->phone_index));
    codec_slice(codec, &r->crisis);
    codec_slice(codec, &r->gateway);
    codec_i64(codec, &r->asked_us);
    for (size_t i = 0; i < CODE_TEXTS; i++) {
        codec_uuid(codec, &r->texts[i].id);
        codec_slice(codec, &r->texts[i].sealed);
    }
}

void code_request_write(struct code_request *request, struct buffer *out)
{
    struct codec codec = codec_writer(out);
    code(&codec, request);
}

struct code_request *code_request_read(struct slice payload)
{
    struct code_request *request = code_request_new();
    if (request == NULL) {
        return NULL;
    }
    struct codec codec = codec_reader(payload, &request->arena);
    code(&codec, request);
    if (!codec_is_done(&codec)) {
        code_request_free(request);
        return NULL;
    }
    return request;
}

static const struct code_request *as_request(const void *record)
{
    return record;
}

static struct sealed_epoch *epoch_of(const void *record)
{
    return as_request(record)->epoch;
}

#define COLUMN(type, add) COLUMN_OF(struct code_request, type, add)
/* A value for each text of each request. */
#define TEXTS(type, add)                                                                                               \
    COLUMN(                                                                                                            \
        type, for (size_t k = 0; k < CODE_TEXTS; k++) { add; })

static void add_texts(struct pg_params *params, const void *const records[], size_t count)
{
    TEXTS(PG_UUID, pg_add_uuid(params, &r->texts[k].id));
    TEXTS(PG_UUID, pg_add_uuid(params, &r->epoch->id));
    TEXTS(PG_BYTEA, pg_add_bytea(params, r->texts[k].sealed));
    sealed_epoch_encode(params, records, count, epoch_of);
}

void code_request_add_texts(struct pg_params *params, const struct code_request *request)
{
    const void *const records[1] = {request};
    add_texts(params, records, 1);
}

static void encode(struct pg_params *params, const void *const records[], size_t count)
{
    COLUMN(PG_BYTEA, pg_add_bytea(params, slice_make(r->phone_index, BLIND_SIZE)));
    COLUMN(PG_TEXT, pg_add_text(params, r->crisis));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->gateway));
    COLUMN(PG_TIMESTAMPTZ, pg_add_time(params, r->asked_us));
    add_texts(params, records, count);
}

const struct batch_kind code_request_batch_kind = {PG_CODES_SEND_KEPT, encode, code_request_free};
