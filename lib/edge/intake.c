/* SPDX-License-Identifier: Apache-2.0
 * One record's way to stable storage.
 *
 *            intake_*()
 *               |
 *     database up?  --no-->  JOURNALLING --fsynced--> told INTAKE_JOURNAL
 *               | yes            ^      \--failed---> told INTAKE_AWAY
 *     room for a cry?  --no------+
 *               | yes, or no cry |
 *               v                |
 *           BATCHED --unsent, unknown, server trouble
 *               |--committed--> told INTAKE_DATABASE
 *               \--data refused--> told INTAKE_REFUSED
 */
#include "edge/intake.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"

struct intake_kind {
    enum journal_kind journal;
    void (*write)(void *record, struct buffer *out);
    void (*free)(void *record);
    struct sealed_epoch *(*epoch)(void *record);
};

enum ticket_state { TICKET_BATCHED, TICKET_JOURNALLING, TICKET_TOLD };

struct intake_ticket {
    struct edge *edge;
    const struct intake_kind *kind;
    enum ticket_state state;
    void *record;      /* BATCHED: owned by the batch; JOURNALLING straight away: ours, until written */
    intake_done *done; /* NULL once the sender is gone */
    void *context;
};

static void write_registration(void *record, struct buffer *out)
{
    registration_record_write(record, out);
}

static void write_check_in(void *record, struct buffer *out)
{
    check_in_record_write(record, out);
}

static struct sealed_epoch *registration_epoch(void *record)
{
    return ((struct registration_record *)record)->epoch;
}

static struct sealed_epoch *check_in_epoch(void *record)
{
    return ((struct check_in_record *)record)->epoch;
}

static void write_code(void *record, struct buffer *out)
{
    code_request_write(record, out);
}

static struct sealed_epoch *code_epoch(void *record)
{
    return ((struct code_request *)record)->epoch;
}

static const struct intake_kind kind_code = {JOURNAL_CODE, write_code, code_request_free, code_epoch};
static const struct intake_kind kind_registration = {JOURNAL_REGISTRATION, write_registration, registration_record_free,
                                                     registration_epoch};
static const struct intake_kind kind_check_in = {JOURNAL_CHECK_IN, write_check_in, check_in_record_free,
                                                 check_in_epoch};

static void tell(struct intake_ticket *ticket, enum intake_fate fate, const PGresult *result, int row)
{
    struct intake_answer answer = {fate, result, row};
    struct edge_metrics *metrics = &ticket->edge->metrics;
    uint64_t *const counters[] = {
        [INTAKE_DATABASE] = &metrics->stored_database,
        [INTAKE_JOURNAL] = &metrics->stored_journal,
        [INTAKE_REFUSED] = &metrics->refused,
        [INTAKE_AWAY] = &metrics->away,
    };
    ++*counters[fate];
    ticket->state = TICKET_TOLD;
    if (ticket->done != NULL) {
        ticket->done(ticket->context, &answer);
    }
    free(ticket);
}

static void on_journalled(void *context, bool durable)
{
    tell(context, durable ? INTAKE_JOURNAL : INTAKE_AWAY, NULL, 0);
}

/* Only copies the record: it stays whose it was. */
static bool start_journal(struct intake_ticket *ticket, void *record)
{
    struct buffer payload;
    buffer_init(&payload, JOURNAL_PAYLOAD_MAX);
    ticket->kind->write(record, &payload);
    ticket->state = TICKET_JOURNALLING;
    bool started = !payload.failed && journal_append(ticket->edge->journal, (uint8_t)ticket->kind->journal,
                                                     buffer_slice(&payload), on_journalled, ticket);
    buffer_release(&payload);
    return started;
}

/* Only an error that the data itself causes is final; anything else may pass, so the record is kept.
 * Source: PostgreSQL 15, Appendix A: classes 22 data exception, 23 integrity constraint violation. */
static bool is_fault_of_record(const char *sqlstate)
{
    return strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0;
}

static void on_batched(void *context, enum pg_outcome outcome, const PGresult *result, int row, const char *sqlstate,
                       const char *constraint)
{
    struct intake_ticket *ticket = context;
    if (outcome == PG_COMMITTED) {
        ticket->kind->epoch(ticket->record)->confirmed = true;
        tell(ticket, INTAKE_DATABASE, result, row);
        return;
    }
    if (outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "intake.refused", log_text("sqlstate", sqlstate), log_text("constraint", constraint));
        if (is_fault_of_record(sqlstate)) {
            tell(ticket, INTAKE_REFUSED, NULL, 0);
            return;
        }
    }
    if (!start_journal(ticket, ticket->record)) {
        tell(ticket, INTAKE_AWAY, NULL, 0);
    }
}

bool intake_has_room(const struct edge *edge, const struct batch *batch, enum admission_class class)
{
    return !pg_pool_is_ready(edge->pool) || batch_has_room(batch, class);
}

static bool to_batch(struct intake_ticket *ticket, struct batch *batch, unsigned class)
{
    ticket->state = TICKET_BATCHED;
    return batch_add(batch, class, ticket->record, on_batched, ticket) != NULL;
}

/* Where it goes first, and where it may go when it is not taken there. What the batch took is the batch's; else it stays ours. */
static bool start(struct intake_ticket *ticket, struct batch *batch, unsigned class, bool *is_ours)
{
    *is_ours = true;
    if (!pg_pool_is_ready(ticket->edge->pool)) {
        return start_journal(ticket, ticket->record);
    }
    if (class == ADMIT_HELP && !batch_has_room(batch, class) && start_journal(ticket, ticket->record)) {
        ticket->edge->metrics.spilled++;
        return true;
    }
    *is_ours = !to_batch(ticket, batch, class);
    return !*is_ours;
}

static struct intake_ticket *submit(struct edge *edge, const struct intake_kind *kind, struct batch *batch,
                                    unsigned class, void *record, intake_done *done, void *context)
{
    struct intake_ticket *ticket = calloc(1, sizeof(*ticket));
    if (ticket == NULL) {
        kind->free(record);
        return NULL;
    }
    *ticket = (struct intake_ticket){edge, kind, TICKET_BATCHED, record, done, context};
    bool is_ours = true;
    bool started = start(ticket, batch, class, &is_ours);
    if (is_ours) {
        kind->free(record);
    }
    if (!started) {
        free(ticket);
        return NULL;
    }
    return ticket;
}

struct intake_ticket *intake_registration(struct edge *edge, struct registration_record *record,
                                          enum admission_class class, intake_done *done, void *context)
{
    return submit(edge, &kind_registration, edge->registrations, class, record, done, context);
}

struct intake_ticket *intake_check_in(struct edge *edge, struct check_in_record *record, enum admission_class class,
                                      intake_done *done, void *context)
{
    return submit(edge, &kind_check_in, edge->check_ins, class, record, done, context);
}

struct intake_ticket *intake_code(struct edge *edge, struct code_request *request, intake_done *done, void *context)
{
    struct intake_ticket *ticket = calloc(1, sizeof(*ticket));
    bool started = false;
    if (ticket != NULL) {
        *ticket = (struct intake_ticket){edge, &kind_code, TICKET_JOURNALLING, request, done, context};
        started = start_journal(ticket, request);
    }
    code_request_free(request);
    if (!started) {
        free(ticket);
        return NULL;
    }
    return ticket;
}

void intake_forget(struct intake_ticket *ticket)
{
    ticket->done = NULL;
}
