/* SPDX-License-Identifier: Apache-2.0
 * Check-ins to and from the journal, and to check_in_store.sql. */
#include "store/check_in_record.h"

#include <stdlib.h>

#include "domain/triage.h"
#include "store/column.h"

/* What is no piece is written as before there were pieces: an older courier reads it. */
enum { CHECK_IN_FORMAT = 1, CHECK_IN_FORMAT_PIECE = 2, CHECK_IN_ARENA_MAX = 128 * 1024 };

struct check_in_record *check_in_record_new(struct arena_shelf *shelf)
{
    struct arena arena;
    arena_init_on(&arena, CHECK_IN_ARENA_MAX, shelf);
    struct check_in_record *record = arena_alloc(&arena, sizeof(*record));
    if (record != NULL) {
        record->arena = arena;
    }
    return record;
}

void check_in_record_free(void *record)
{
    struct check_in_record *r = record;
    if (r != NULL) {
        struct arena arena = r->arena; /* the record goes with it */
        sealed_epoch_drop(r->epoch);
        arena_release(&arena);
    }
}

static void code_record(struct codec *codec, struct check_in_record *r)
{
    uint8_t format = r->piece.total > 0 ? CHECK_IN_FORMAT_PIECE : CHECK_IN_FORMAT;
    codec_u8(codec, &format);
    codec->failed = codec->failed || (format != CHECK_IN_FORMAT && format != CHECK_IN_FORMAT_PIECE);
    sealed_epoch_code(codec, &r->epoch);
    codec_uuid(codec, &r->client_id);
    codec_bool(codec, &r->has_registration_id);
    codec_i64(codec, &r->registration_id);
    codec_bytes(codec, r->phone_index, sizeof(r->phone_index));
    codec_i64(codec, &r->stranger_id);
    codec_slice(codec, &r->crisis);
    codec_bytes(codec, r->content_mac, sizeof(r->content_mac));
    codec_slice(codec, &r->status);
    codec_u32(codec, &r->needs);
    codec_u32(codec, &r->people);
    codec_u8(codec, &r->band);
    codec_u32(codec, &r->reasons);
    codec_slice(codec, &r->queue);
    codec_i64(codec, &r->respond_by_us);
    codec_slice(codec, &r->language);
    codec_slice(codec, &r->channel);
    codec_slice(codec, &r->cell);
    codec_slice(codec, &r->sealed_message);
    codec_slice(codec, &r->sealed_location);
    codec_slice(codec, &r->sealed_sender);
    codec_bool(codec, &r->has_at);
    codec_i64(codec, &r->at_us);
    codec_i64(codec, &r->received_us);
    if (format == CHECK_IN_FORMAT_PIECE) {
        codec_bytes(codec, r->piece.set, sizeof(r->piece.set));
        codec_u8(codec, &r->piece.number);
        codec_u8(codec, &r->piece.total);
        codec->failed = codec->failed || r->piece.total < 2 || r->piece.number < 1 || r->piece.number > r->piece.total;
    }
}

void check_in_record_write(struct check_in_record *record, struct buffer *out)
{
    struct codec codec = codec_writer(out);
    code_record(&codec, record);
}

struct check_in_record *check_in_record_read(struct slice payload)
{
    struct check_in_record *record = check_in_record_new(NULL);
    if (record == NULL) {
        return NULL;
    }
    struct codec codec = codec_reader(payload, &record->arena);
    code_record(&codec, record);
    if (!codec_is_done(&codec)) {
        check_in_record_free(record);
        return NULL;
    }
    record->via_journal = true;
    return record;
}

static const struct check_in_record *as_record(const void *record)
{
    return record;
}

static struct sealed_epoch *epoch_of(const void *record)
{
    return as_record(record)->epoch;
}

#define COLUMN(type, add) COLUMN_OF(struct check_in_record, type, add)
/* The same, null where `given` is false. */
#define COLUMN_IF(type, given, add)                                                                                    \
    COLUMN(                                                                                                            \
        type, if (given) { add; } else { pg_add_null(params); })

static void encode_who(struct pg_params *params, const void *const records[], size_t count)
{
    COLUMN(PG_UUID, pg_add_uuid(params, &r->client_id));
    COLUMN_IF(PG_INT8, r->has_registration_id, pg_add_int8(params, r->registration_id));
    COLUMN_IF(PG_BYTEA, !r->has_registration_id, pg_add_bytea(params, slice_make(r->phone_index, BLIND_SIZE)));
    COLUMN(PG_INT8, pg_add_int8(params, r->stranger_id));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->crisis));
    COLUMN(PG_BYTEA, pg_add_bytea(params, slice_make(r->content_mac, BLIND_SIZE)));
}

static void encode_what(struct pg_params *params, const void *const records[], size_t count)
{
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->status));
    COLUMN(PG_INT4, pg_add_int4(params, (int32_t)r->needs));
    COLUMN_IF(PG_INT2, r->people > 0, pg_add_int2(params, (int16_t)r->people));
    COLUMN_IF(PG_INT2, r->band > 0, pg_add_int2(params, r->band));
    COLUMN(PG_INT4, pg_add_int4(params, (int32_t)r->reasons));
    COLUMN_IF(PG_TEXT, r->band > 0, pg_add_text(params, r->queue));
    COLUMN_IF(PG_TIMESTAMPTZ, r->band > 0, pg_add_time(params, r->respond_by_us));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->language));
    COLUMN(PG_TEXT, pg_add_text(params, r->channel));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->cell));
    COLUMN(PG_UUID, pg_add_uuid(params, &r->epoch->id));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, r->sealed_message));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, r->sealed_location));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, r->sealed_sender));
    COLUMN_IF(PG_TIMESTAMPTZ, r->has_at, pg_add_time(params, r->at_us));
    COLUMN(PG_TIMESTAMPTZ, pg_add_time(params, r->received_us));
    COLUMN(PG_TEXT, pg_add_text(params, r->via_journal ? SLICE("journal") : SLICE("database")));
}

/* Columns over the pieces alone; nearly always there are none. */
#define PIECES(type, add)                                                                                              \
    COLUMN(                                                                                                            \
        type, if (r->piece.total > 0) { add; })

static void encode_pieces(struct pg_params *params, const void *const records[], size_t count)
{
    PIECES(PG_INT4, pg_add_int4(params, (int32_t)i + 1));
    PIECES(PG_BYTEA, pg_add_bytea(params, slice_make(r->piece.set, BLIND_SIZE)));
    PIECES(PG_INT2, pg_add_int2(params, r->piece.number));
    PIECES(PG_INT2, pg_add_int2(params, r->piece.total));
}

static void encode(struct pg_params *params, const void *const records[], size_t count)
{
    encode_who(params, records, count);
    encode_what(params, records, count);
    pg_add_int4(params, (int32_t)REASON_BIT(REASON_UNKNOWN_SENDER));
    pg_add_int4(params, triage_policy_default.answer_minutes[BAND_NON_URGENT]);
    sealed_epoch_encode(params, records, count, epoch_of);
    encode_pieces(params, records, count);
}

const struct batch_kind check_in_batch_kind = {PG_CHECK_IN_STORE, encode, check_in_record_free};

struct check_in_stored check_in_stored_row(const PGresult *result, int row)
{
    return (struct check_in_stored){
        (enum store_outcome)pg_get_int(result, row, 0),
        (unsigned)pg_get_int(result, row, 1),
        pg_get_int(result, row, 2),
        pg_get_bool(result, row, 3),
        slice_equal(pg_get_slice(result, row, 4), SLICE("journal")),
    };
}
