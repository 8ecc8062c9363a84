/* SPDX-License-Identifier: Apache-2.0
 * One set of pieces at a time.
 *
 *   IDLE --poked--> LOOKING --to be joined--> STORING --the message is in the register--> SETTLING --settled--> LOOKING
 *     ^               |  \--to wait, or to be left----------------------------------------^
 *     \--none is due--/   (no answer, at any of them: IDLE; the next poke looks again)
 *
 * Nothing is kept between two looks. Who joins the same pieces again makes the same check-in, which has no second effect: a courier may end
 * between storing and settling, and two may join at once. */
#include "courier/joiner.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "courier/joining.h"
#include "pg/batch.h"

enum { CALL_SECONDS = 10, OPENED_EPOCHS = 256 };

enum joiner_state { JOINER_IDLE, JOINER_LOOKING, JOINER_STORING, JOINER_SETTLING };
enum joiner_event {
    JOINER_POKED,
    JOINER_NONE_DUE,
    JOINER_WHOLE,
    JOINER_NOT_WHOLE,
    JOINER_STORED,
    JOINER_SETTLED,
    JOINER_LOST
};

struct joiner {
    struct pg_pool *pool;
    struct batch *check_ins;
    struct blind_keys keys;
    struct joining_means means;
    enum joiner_state state;
    bool may;
    struct pg_call *call;    /* LOOKING, SETTLING */
    struct batch_item *item; /* STORING */
    struct joining joining;  /* STORING, SETTLING */
    bool joined;             /* SETTLING: into `whole` */
    struct piece_key whole;
    uint64_t joined_count, left_count;
};

static void step(struct joiner *j, enum joiner_event event);

static struct pg_call *call(struct joiner *j, enum pg_statement statement, struct pg_params *params, pg_done *done)
{
    struct pg_call *started = pg_pool_call(j->pool, statement, params, NULL,
                                           clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND, done, j);
    pg_params_release(params);
    return started;
}

static void on_looked(void *context, const struct pg_answer *answer)
{
    struct joiner *j = context;
    j->call = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "joiner.look_refused", log_text("sqlstate", answer->sqlstate));
    }
    if (answer->outcome != PG_COMMITTED) {
        step(j, JOINER_LOST);
    } else if (PQntuples(answer->result) == 0) {
        step(j, JOINER_NONE_DUE);
    } else if (!joining_make(&j->means, answer->result, &j->joining)) {
        log_note(LOG_ERROR, "joiner.no_memory");
        step(j, JOINER_LOST);
    } else {
        step(j, j->joining.record != NULL ? JOINER_WHOLE : JOINER_NOT_WHOLE);
    }
}

static bool look(struct joiner *j)
{
    struct pg_params params;
    pg_params_init(&params);
    piece_due_params(&params, seal_opener_recipient_id(j->means.opener), SMS_PIECES_MAX + 1);
    j->call = call(j, PG_PIECE_DUE, &params, on_looked);
    return j->call != NULL;
}

/* What the register will never take stays in its pieces. */
static bool is_never_taken(enum pg_outcome outcome, const char *sqlstate)
{
    return outcome == PG_REFUSED && (strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0);
}

static void on_stored(void *context, enum pg_outcome outcome, const PGresult *result, int row, const char *sqlstate,
                      const char *constraint)
{
    struct joiner *j = context;
    (void)constraint;
    j->item = NULL;
    if (outcome != PG_COMMITTED && !is_never_taken(outcome, sqlstate)) {
        step(j, JOINER_LOST);
        return;
    }
    if (outcome == PG_COMMITTED) {
        struct check_in_stored stored = check_in_stored_row(result, row);
        j->joined = stored.outcome == STORE_NEW || stored.outcome == STORE_SAME;
        j->whole.registration_id = stored.registration_id;
        j->means.travels->confirmed = true;
    }
    if (!j->joined) {
        log_event(LOG_ERROR, "joiner.not_taken", log_text("sqlstate", sqlstate != NULL ? sqlstate : ""));
    }
    step(j, JOINER_STORED);
}

static bool store(struct joiner *j)
{
    struct check_in_record *record = j->joining.record;
    j->joining.record = NULL;
    j->whole.client_id = record->client_id;
    j->item = batch_add(j->check_ins, 0, record, on_stored, j);
    if (j->item == NULL) {
        check_in_record_free(record);
    }
    return j->item != NULL;
}

static void on_settled(void *context, const struct pg_answer *answer)
{
    struct joiner *j = context;
    j->call = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "joiner.settle_refused", log_text("sqlstate", answer->sqlstate));
    }
    if (answer->outcome == PG_COMMITTED) {
        j->joined_count += j->joined ? 1U : 0U;
        j->left_count += !j->joined && j->joining.again_us == 0 ? 1U : 0U;
    }
    step(j, answer->outcome == PG_COMMITTED ? JOINER_SETTLED : JOINER_LOST);
}

static bool settle(struct joiner *j)
{
    struct pg_params params;
    const struct piece_settlement settlement = {
        .pieces = j->joining.pieces,
        .count = j->joining.count,
        .again_us = j->joining.again_us,
        .joined = j->joined,
        .whole = j->whole,
        .unsure = j->joining.unsure,
    };
    pg_params_init(&params);
    piece_settle_params(&params, &settlement);
    j->call = call(j, PG_PIECE_SETTLE, &params, on_settled);
    return j->call != NULL;
}

static enum joiner_state next_state(const struct joiner *j, enum joiner_event event)
{
    switch (event) {
    case JOINER_POKED:
    case JOINER_SETTLED:
        return j->may && pg_pool_is_ready(j->pool) ? JOINER_LOOKING : JOINER_IDLE;
    case JOINER_WHOLE:
        return JOINER_STORING;
    case JOINER_NOT_WHOLE:
    case JOINER_STORED:
        return JOINER_SETTLING;
    case JOINER_NONE_DUE:
    case JOINER_LOST:
        break;
    }
    return JOINER_IDLE;
}

static void step(struct joiner *j, enum joiner_event event)
{
    bool begun = true;
    j->state = next_state(j, event);
    switch (j->state) {
    case JOINER_LOOKING:
        j->joined = false;
        begun = look(j);
        break;
    case JOINER_STORING:
        begun = store(j);
        break;
    case JOINER_SETTLING:
        begun = settle(j);
        break;
    case JOINER_IDLE:
        break;
    }
    j->state = begun ? j->state : JOINER_IDLE; /* no memory: another time */
}

void joiner_poke(struct joiner *joiner, bool may)
{
    joiner->may = may;
    if (joiner->state == JOINER_IDLE) {
        step(joiner, JOINER_POKED);
    }
}

bool joiner_is_idle(const struct joiner *joiner)
{
    return joiner->state == JOINER_IDLE;
}

struct joiner *joiner_new(const struct joiner_config *config, struct error *error)
{
    static const struct batch_limit limits[BATCH_CLASSES] = {{.queue_max = 1}};
    struct joiner *j = calloc(1, sizeof(*j));
    if (j == NULL) {
        (void)error_set(error, ERROR_NOMEM, "joiner", "out of memory");
        return NULL;
    }
    j->pool = config->pool;
    blind_keys_derive(config->index_key, &j->keys);
    j->means.keys = &j->keys;
    j->means.recipient_count = config->recipient_count;
    memcpy(j->means.recipients, config->recipients, config->recipient_count * sizeof(config->recipients[0]));
    j->means.opener = seal_opener_new(config->secret_key, OPENED_EPOCHS);
    j->check_ins = batch_new(j->pool, &check_in_batch_kind, limits, CALL_SECONDS);
    if (j->means.opener == NULL || j->check_ins == NULL) {
        (void)error_set(error, ERROR_NOMEM, "joiner", "out of memory");
        joiner_free(j);
        return NULL;
    }
    return j;
}

void joiner_free(struct joiner *joiner)
{
    if (joiner == NULL) {
        return;
    }
    if (joiner->call != NULL) {
        pg_call_cancel(joiner->call);
    }
    if (joiner->item != NULL) {
        batch_forget(joiner->item);
    }
    batch_free(joiner->check_ins);
    joining_means_release(&joiner->means);
    seal_opener_free(joiner->means.opener);
    sodium_memzero(&joiner->keys, sizeof(joiner->keys));
    free(joiner);
}

/* Told by the courier that leads alone, which is the one that joins. */
void joiner_report(const struct joiner *joiner, struct process_report *report)
{
    process_report_add(report, "muster_pieces_joined_total", "", (double)joiner->joined_count);
    process_report_add(report, "muster_pieces_left_total", "", (double)joiner->left_count);
}
