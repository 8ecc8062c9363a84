/* SPDX-License-Identifier: Apache-2.0
 * What the rooms of the edge share; private to lib/edge. */
#ifndef EDGE_ROLE_H
#define EDGE_ROLE_H

#include <event2/event.h>

#include "core/clock.h"
#include "edge/epochs.h"
#include "edge/kept.h"
#include "edge/reference.h"
#include "edge/reply_cap.h"
#include "journal/journal.h"
#include "net/server.h"
#include "pg/batch.h"
#include "pg/pool.h"
#include "seal/blind.h"

struct edge_metrics {
    uint64_t stored_database, stored_journal, refused, away; /* what intake did with records */
    uint64_t spilled; /* cries that went to the journal because PostgreSQL had no room for them */
    uint64_t gateway_messages, gateway_refused;
    uint64_t receipts, receipts_unknown; /* of texts that were handed over; of texts that we do not know */
    uint64_t replies_lost;               /* that did not get into the outbox */
    uint64_t replies_capped;             /* texts stored without a reply, for their sender had enough of them */
};

struct edge {
    struct event_base *base;
    const char *public_url; /* without a slash at its end */
    struct clock clock;
    struct http_server *server;
    struct pg_pool *pool;
    struct batch *check_ins;
    struct batch *registrations;
    struct batch *replies_out; /* to the outbox */
    struct journal_writer *journal;
    struct reference *reference;
    struct kept_pages *kept;
    struct epochs *epochs;
    struct blind_keys keys;
    struct arena_shelf records; /* of check-ins */
    struct reply_cap replies;
    struct reply_cap codes;          /* asked for, by number (code_again.h) */
    struct reply_cap code_addresses; /* and by who asks */
    unsigned lookups;                /* of what strangers have told, under way */
    struct edge_metrics metrics;
    struct event *tick;
    uint64_t journal_rotated_at; /* entries appended when the segment was last closed */
};

#endif
