/* SPDX-License-Identifier: Apache-2.0
 * Seal, and add to the batch. */
#include "edge/reply.h"

#include "core/clock.h"
#include "store/reply_record.h"
#include "store/sealed_row.h"

static void on_stored(void *context, enum pg_outcome outcome, const PGresult *result, int row, const char *sqlstate,
                      const char *constraint)
{
    struct edge *edge = context;
    (void)result;
    (void)row;
    (void)sqlstate;
    (void)constraint;
    edge->metrics.replies_lost += outcome != PG_COMMITTED ? 1 : 0;
}

static bool seal(struct edge *edge, const struct reply_route *route, const struct texting *texting,
                 struct reply_record *record)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct epoch_in_force epoch = epochs_current(edge->epochs, route->crisis);
    struct seal_place place = {"message", "text", sealed_row_uuid(&texting->client_id, row)};
    if (epoch.keys == NULL) {
        return false;
    }
    record->registration_id = texting->outcome.registration_id;
    record->check_in_id = texting->client_id;
    record->gateway = arena_dup(&record->arena, route->gateway);
    record->epoch = sealed_epoch_take(epoch.travels);
    record->sealed_text = seal_field(epoch.keys, &record->arena, &place, texting->reply);
    record->expires_us = clock_now(&edge->clock) + REPLY_HOURS * 60 * MICROSECONDS_A_MINUTE;
    return record->sealed_text.data != NULL && record->gateway.data != NULL;
}

void reply_later(struct edge *edge, const struct reply_route *route, const struct texting *texting)
{
    if (texting->fate != TEXTING_STORED || texting->reply.length == 0 || texting->outcome.stored_only) {
        return;
    }
    struct reply_record *record = reply_record_new();
    bool added = record != NULL && seal(edge, route, texting, record) &&
                 batch_add(edge->replies_out, 0, record, on_stored, edge) != NULL;
    if (!added) {
        edge->metrics.replies_lost++;
        reply_record_free(record);
    }
}
