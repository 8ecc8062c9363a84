/* SPDX-License-Identifier: Apache-2.0
 * Broadcasts as the desk drafts, lists and steps them, and as the courier fills the outbox from them. */
#ifndef STORE_BROADCAST_H
#define STORE_BROADCAST_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "core/slice.h"
#include "domain/broadcast.h"
#include "domain/vocabulary.h"
#include "pg/params.h"
#include "seal/seal.h"
#include "store/sealed_cell.h"

struct broadcast_sealed_text {
    struct uuid id;
    struct slice language, sealed;
    size_t segments;
};

/* A draft on its way to the register. */
struct broadcast_record {
    struct uuid id;
    const struct broadcast_draft *draft;
    const char (*cells)[CELL_SIZE + 1]; /* of its zone; NULL: those that the draft names */
    size_t cell_count;
    struct seal_epoch *epoch; /* the texts are sealed under it */
    int64_t epoch_opened_us;
    const struct broadcast_sealed_text *texts;
    size_t text_count;
    int64_t staff_id;
    struct slice origin; /* the address asked from */
};
void broadcast_add_params(struct pg_params *params, const struct broadcast_record *record);

/* A row of broadcast_list.sql. Slices are borrowed from the result; empty, and times 0, where there is none. */
struct broadcast_row {
    struct uuid id;
    struct slice crisis, state, reason;
    struct slice author, approver, ender;
    int64_t created_us, started_us, ended_us;
    int64_t recipients, filled, approval_above;
};
void broadcast_row_read(const PGresult *result, int row, struct broadcast_row *broadcast);

/* broadcast_get.sql */
struct broadcast_detail {
    struct broadcast_row row;
    int64_t expires_us, counted_us, proposed_us, now_us;
    struct slice posts, cells, languages, bands, intents, statuses; /* words with a space between; empty: any */
    bool has_zone;
    struct broadcast_zone zone;
    uint32_t needs;
    bool overdue;
    int64_t texts_a_second, hours, opted_out, no_number, author_id;
    bool counting; /* it is large, and being counted */
    bool has_price;
    int64_t segment_price; /* in 1/100,000 of the currency */
    struct slice currency, gateway;
};
void broadcast_get_params(struct pg_params *params, const struct uuid *id);
/* False when there is none for this reader. */
bool broadcast_detail_read(const PGresult *result, struct broadcast_detail *detail);

/* A row of broadcast_texts.sql. */
struct broadcast_text_row {
    struct uuid id;
    struct slice language;
    int64_t segments, recipients;
    struct sealed_cell text;
};
void broadcast_texts_params(struct pg_params *params, const struct uuid *id, const char *recipient_id);
void broadcast_text_row_read(const PGresult *result, int row, struct broadcast_text_row *text);

struct broadcast_change {
    struct uuid id;
    int64_t staff_id;
    enum broadcast_state from, to;
    struct slice origin;
    struct slice what; /* for the audit */
};
void broadcast_step_params(struct pg_params *params, const struct broadcast_change *change);

#endif
