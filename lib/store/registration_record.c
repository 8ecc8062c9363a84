/* SPDX-License-Identifier: Apache-2.0
 * Registrations to and from the journal, and to registration_store.sql. */
#include "store/registration_record.h"

#include <stdlib.h>

#include "store/column.h"

/* Format 1 had no name keys: such a record gets them from the courier, once it is in the register. */
enum { REGISTRATION_FORMAT_NAMELESS = 1, REGISTRATION_FORMAT = 2 };

struct registration_record *registration_record_new(void)
{
    struct registration_record *record = calloc(1, sizeof(*record));
    if (record != NULL) {
        arena_init(&record->arena, RECORD_ARENA_MAX);
        record->format = REGISTRATION_FORMAT;
    }
    return record;
}

void registration_record_free(void *record)
{
    struct registration_record *r = record;
    if (r != NULL) {
        sealed_epoch_drop(r->epoch);
        arena_release(&r->arena);
        free(r);
    }
}

static void code_member(struct codec *codec, uint8_t format, struct member_row *member)
{
    codec_slice(codec, &member->category);
    codec_u32(codec, &member->needs);
    codec_slice(codec, &member->sealed_person);
    codec_slice(codec, &member->document_index);
    if (format != REGISTRATION_FORMAT_NAMELESS) {
        codec_slice(codec, &member->name_keys);
    }
}

static void code_contact(struct codec *codec, struct contact_row *contact)
{
    codec_slice(codec, &contact->kind);
    codec_bool(codec, &contact->primary);
    codec_slice(codec, &contact->sealed_value);
    codec_slice(codec, &contact->value_index);
}

static void code_rows(struct codec *codec, struct registration_record *r)
{
    codec_count(codec, &r->member_count, RECORD_MEMBERS_MAX);
    codec_count(codec, &r->contact_count, RECORD_CONTACTS_MAX);
    if (codec->out == NULL) {
        r->members = arena_array(&r->arena, r->member_count, sizeof(*r->members));
        r->contacts = arena_array(&r->arena, r->contact_count, sizeof(*r->contacts));
        if (r->members == NULL || r->contacts == NULL) {
            codec->failed = true;
            return;
        }
    }
    for (size_t i = 0; i < r->member_count; i++) {
        code_member(codec, r->format, &r->members[i]);
    }
    for (size_t i = 0; i < r->contact_count; i++) {
        code_contact(codec, &r->contacts[i]);
    }
}

static void code_record(struct codec *codec, struct registration_record *r)
{
    codec_u8(codec, &r->format);
    codec->failed = codec->failed || (r->format != REGISTRATION_FORMAT && r->format != REGISTRATION_FORMAT_NAMELESS);
    sealed_epoch_code(codec, &r->epoch);
    codec_i64(codec, &r->registration_id);
    codec_uuid(codec, &r->client_id);
    codec_slice(codec, &r->crisis);
    codec_bytes(codec, r->content_mac, sizeof(r->content_mac));
    codec_bytes(codec, r->secret_mac, sizeof(r->secret_mac));
    codec_slice(codec, &r->language);
    codec_slice(codec, &r->intent);
    codec_slice(codec, &r->cell);
    codec_u32(codec, &r->party_size);
    codec_u32(codec, &r->needs);
    codec_bool(codec, &r->has_consent);
    codec_bool(codec, &r->consent_family);
    codec_bool(codec, &r->consent_partners);
    codec_slice(codec, &r->sealed_location);
    codec_slice(codec, &r->sealed_emergency_contact);
    codec_slice(codec, &r->channel);
    codec_i64(codec, &r->received_us);
    codec_u8(codec, &r->band);
    codec_u32(codec, &r->reasons);
    codec_slice(codec, &r->queue);
    codec_i64(codec, &r->respond_by_us);
    code_rows(codec, r);
}

void registration_record_write(struct registration_record *record, struct buffer *out)
{
    struct codec codec = codec_writer(out);
    code_record(&codec, record);
}

struct registration_record *registration_record_read(struct slice payload)
{
    struct registration_record *record = registration_record_new();
    if (record == NULL) {
        return NULL;
    }
    struct codec codec = codec_reader(payload, &record->arena);
    code_record(&codec, record);
    if (!codec_is_done(&codec)) {
        registration_record_free(record);
        return NULL;
    }
    record->via_journal = true;
    return record;
}

static const struct registration_record *as_record(const void *record)
{
    return record;
}

static struct sealed_epoch *epoch_of(const void *record)
{
    return as_record(record)->epoch;
}

#define COLUMN(type, add) COLUMN_OF(struct registration_record, type, add)

static void add_bool_or_null(struct pg_params *params, bool given, bool value)
{
    if (given) {
        pg_add_bool(params, value);
    } else {
        pg_add_null(params);
    }
}

static void encode_party(struct pg_params *params, const void *const records[], size_t count)
{
    COLUMN(PG_INT8, pg_add_int8(params, r->registration_id));
    COLUMN(PG_UUID, pg_add_uuid(params, &r->client_id));
    COLUMN(PG_TEXT, pg_add_text(params, r->crisis));
    COLUMN(PG_BYTEA, pg_add_bytea(params, slice_make(r->content_mac, BLIND_SIZE)));
    COLUMN(PG_BYTEA, pg_add_bytea(params, slice_make(r->secret_mac, BLIND_SIZE)));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->language));
    COLUMN(PG_INT2, pg_add_int2(params, (int16_t)r->party_size));
    COLUMN(PG_INT4, pg_add_int4(params, (int32_t)r->needs));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->intent));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, r->cell));
    COLUMN(PG_BOOL, add_bool_or_null(params, r->has_consent, r->consent_family));
    COLUMN(PG_BOOL, add_bool_or_null(params, r->has_consent, r->consent_partners));
    COLUMN(PG_UUID, pg_add_uuid(params, &r->epoch->id));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, r->sealed_location));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, r->sealed_emergency_contact));
    COLUMN(PG_TEXT, pg_add_text(params, r->channel));
    COLUMN(PG_TIMESTAMPTZ, pg_add_time(params, r->received_us));
    COLUMN(PG_TEXT, pg_add_text(params, r->via_journal ? SLICE("journal") : SLICE("database")));
}

static void add_when_raised(struct pg_params *params, const struct registration_record *r, enum pg_type type)
{
    if (r->band == 0) {
        pg_add_null(params);
    } else if (type == PG_INT2) {
        pg_add_int2(params, r->band);
    } else if (type == PG_TEXT) {
        pg_add_text(params, r->queue);
    } else {
        pg_add_time(params, r->respond_by_us);
    }
}

static void encode_cry(struct pg_params *params, const void *const records[], size_t count)
{
    COLUMN(PG_INT2, add_when_raised(params, r, PG_INT2));
    COLUMN(PG_INT4, pg_add_int4(params, (int32_t)r->reasons));
    COLUMN(PG_TEXT, add_when_raised(params, r, PG_TEXT));
    COLUMN(PG_TIMESTAMPTZ, add_when_raised(params, r, PG_TIMESTAMPTZ));
}

#define MEMBER_COLUMN(type, add)                                                                                       \
    COLUMN(                                                                                                            \
        type, for (size_t k = 0; k < r->member_count; k++) {                                                           \
            const struct member_row *m = &r->members[k];                                                               \
            add;                                                                                                       \
            (void)m;                                                                                                   \
        })
#define CONTACT_COLUMN(type, add)                                                                                      \
    COLUMN(                                                                                                            \
        type, for (size_t k = 0; k < r->contact_count; k++) {                                                          \
            const struct contact_row *c = &r->contacts[k];                                                             \
            add;                                                                                                       \
            (void)c;                                                                                                   \
        })

/* Members and contacts name their registration by its place in the batch, from 1. */
static void encode_rows(struct pg_params *params, const void *const records[], size_t count)
{
    MEMBER_COLUMN(PG_INT4, pg_add_int4(params, (int32_t)i + 1));
    MEMBER_COLUMN(PG_INT2, pg_add_int2(params, (int16_t)k));
    MEMBER_COLUMN(PG_TEXT, pg_add_text(params, m->category));
    MEMBER_COLUMN(PG_INT4, pg_add_int4(params, (int32_t)m->needs));
    MEMBER_COLUMN(PG_BYTEA, pg_add_bytea(params, m->sealed_person));
    MEMBER_COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, m->document_index));
    CONTACT_COLUMN(PG_INT4, pg_add_int4(params, (int32_t)i + 1));
    CONTACT_COLUMN(PG_INT2, pg_add_int2(params, (int16_t)k));
    CONTACT_COLUMN(PG_TEXT, pg_add_text(params, c->kind));
    CONTACT_COLUMN(PG_BOOL, pg_add_bool(params, c->primary));
    CONTACT_COLUMN(PG_BYTEA, pg_add_bytea(params, c->sealed_value));
    CONTACT_COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, c->value_index));
}

static void encode(struct pg_params *params, const void *const records[], size_t count)
{
    encode_party(params, records, count);
    encode_cry(params, records, count);
    encode_rows(params, records, count);
    sealed_epoch_encode(params, records, count, epoch_of);
    MEMBER_COLUMN(PG_TEXT, pg_add_text_or_null(params, m->name_keys));
}

const struct batch_kind registration_batch_kind = {PG_REGISTRATION_STORE, encode, registration_record_free};

struct registration_stored registration_stored_row(const PGresult *result, int row)
{
    return (struct registration_stored){
        (enum store_outcome)pg_get_int(result, row, 0),
        pg_is_null(result, row, 1) ? 0 : pg_get_time(result, row, 1),
        slice_equal(pg_get_slice(result, row, 2), SLICE("journal")),
    };
}
