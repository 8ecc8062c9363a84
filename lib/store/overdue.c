/* SPDX-License-Identifier: Apache-2.0
 * Parameters and rows of overdue_due.sql and overdue_climb.sql. */
#include "store/overdue.h"

#include "core/clock.h"
#include "domain/triage_policy.h"
#include "pg/pool.h"

void overdue_due_params(struct pg_params *params, unsigned most, const char *recipient_id)
{
    pg_add_int4(params, (int32_t)most);
    pg_add_text(params, slice_of(recipient_id));
}

void overdue_row_read(const PGresult *result, int row, struct overdue_row *out)
{
    unsigned rung = OVERDUE_FOUND;
    unsigned intent = 0;
    (void)vocabulary_find(&vocabulary_overdue_rung, pg_get_slice(result, row, 2), &rung); /* CHECKed */
    *out = (struct overdue_row){
        .registration_id = pg_get_int(result, row, 0),
        .since_us = pg_get_time(result, row, 1),
        .rung = (enum overdue_rung)rung,
        .round = (unsigned)pg_get_int(result, row, 3),
        .due_us = pg_get_time(result, row, 4),
        .silent = pg_get_bool(result, row, 5),
        .language = pg_get_slice(result, row, 6),
        .crisis = pg_get_slice(result, row, 7),
        .country = pg_get_slice(result, row, 8),
        .place = pg_get_slice(result, row, 9),
        .needs = (uint32_t)pg_get_int(result, row, 10),
        .has_intent = vocabulary_find(&vocabulary_intent, pg_get_slice(result, row, 11), &intent),
        .in_danger_zone = pg_get_bool(result, row, 12),
        .has_warden = pg_get_bool(result, row, 13),
        .has_first = !pg_is_null(result, row, 14),
        .has_second = !pg_is_null(result, row, 15),
        .first = (unsigned)pg_get_int(result, row, 14),
        .second = (unsigned)pg_get_int(result, row, 15),
        .contact = {.sealed = pg_get_slice(result, row, 17), .wrap = pg_get_slice(result, row, 18)},
        .room = pg_get_int(result, row, 19),
        .stale_us = pg_get_time(result, row, 20),
        .stale_every_us = pg_get_int(result, row, 21) * MICROSECONDS_A_SECOND,
        .now_us = pg_get_time(result, row, 25),
        .has_clock = !pg_is_null(result, row, 26),
        .clock_s = pg_get_int(result, row, 26),
    };
    out->intent = (enum intent)intent;
    (void)pg_get_uuid(result, row, 16, &out->contact.epoch_id); /* may be null: then nothing is sealed */
    (void)pg_get_uuid(result, row, 24, &out->ask_id);
    triage_policy_read(pg_get_slice(result, row, 22), pg_get_slice(result, row, 23), &out->policy);
}

static bool is_raised(const struct overdue_climb *climb)
{
    return climb->next.act == OVERDUE_CLIMB && climb->next.rung == OVERDUE_CASE_RAISED;
}

#define COLUMN(type, add)                                                                                              \
    do {                                                                                                               \
        pg_column_begin(params, type);                                                                                 \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const struct overdue_climb *climb = &climbs[i];                                                            \
            add;                                                                                                       \
        }                                                                                                              \
        pg_column_end(params);                                                                                         \
    } while (0)

static void add_int2_or_null(struct pg_params *params, bool given, unsigned value)
{
    if (given) {
        pg_add_int2(params, (int16_t)value);
    } else {
        pg_add_null(params);
    }
}

static void add_epoch(struct pg_params *params, const struct seal_epoch *epoch, int64_t opened_us)
{
    unsigned wraps = epoch != NULL ? seal_epoch_wrap_count(epoch) : 0;
    const char *recipient = NULL;
    if (epoch != NULL) {
        pg_add_uuid(params, seal_epoch_id(epoch));
        pg_add_time(params, opened_us);
    } else {
        pg_add_null(params);
        pg_add_null(params);
    }
    pg_column_begin(params, PG_TEXT);
    for (unsigned i = 0; i < wraps; i++) {
        (void)seal_epoch_wrap(epoch, i, &recipient);
        pg_add_text(params, slice_of(recipient));
    }
    pg_column_end(params);
    pg_column_begin(params, PG_BYTEA);
    for (unsigned i = 0; i < wraps; i++) {
        pg_add_bytea(params, seal_epoch_wrap(epoch, i, &recipient));
    }
    pg_column_end(params);
}

void overdue_climb_params(struct pg_params *params, const struct overdue_climb climbs[], size_t count,
                          const struct seal_epoch *epoch, int64_t opened_us)
{
    COLUMN(PG_INT8, pg_add_int8(params, climb->from->registration_id));
    COLUMN(PG_TIMESTAMPTZ, pg_add_time(params, climb->from->since_us));
    COLUMN(PG_TEXT, pg_add_text(params, vocabulary_name(&vocabulary_overdue_rung, climb->from->rung)));
    COLUMN(PG_INT2, pg_add_int2(params, (int16_t)climb->from->round));
    COLUMN(PG_TEXT, pg_add_text_or_null(params, climb->next.act == OVERDUE_CLIMB
                                                    ? vocabulary_name(&vocabulary_overdue_rung, climb->next.rung)
                                                    : SLICE("")));
    COLUMN(PG_TIMESTAMPTZ, pg_add_time(params, climb->next.due_us));
    /* a text that comes after the next step would ask what is being asked otherwise by then */
    COLUMN(PG_TIMESTAMPTZ,
           pg_add_time(params, climb->next.rung == OVERDUE_ASKED_AGAIN ? climb->from->now_us + MICROSECONDS_A_DAY
                                                                       : climb->next.due_us));
    COLUMN(PG_UUID, pg_add_uuid(params, &climb->from->ask_id));
    COLUMN(PG_INT2, add_int2_or_null(params, climb->has_contact, climb->contact));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, climb->number));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, slice_make(climb->index, climb->number.length > 0 ? BLIND_SIZE : 0)));
    COLUMN(PG_BYTEA, pg_add_bytea_or_null(params, climb->text));
    COLUMN(PG_INT2, add_int2_or_null(params, is_raised(climb), climb->verdict.band));
    COLUMN(PG_INT4, pg_add_int4(params, (int32_t)climb->verdict.reasons));
    COLUMN(PG_TEXT, pg_add_text(params, vocabulary_name(&vocabulary_queue, climb->verdict.queue)));
    COLUMN(PG_TIMESTAMPTZ, pg_add_time(params, climb->verdict.respond_by_us));
    add_epoch(params, epoch, opened_us);
}
