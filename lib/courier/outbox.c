/* SPDX-License-Identifier: Apache-2.0
 * A text is marked in the register before its request leaves, and settled until the register has taken what became of it.
 *
 *   the outbox:  READY --due texts asked for--> TAKING --rows--> READY
 *                  ^                              \--no answer--> PUTTING_BACK --put back--\
 *                  \--------------------------------------------------------------------------/
 *   a text:      FREE --taken--> SENDING --answer, or none--> SETTLING --register has it--> FREE
 *                         \--nothing to send----------------^   ^--no--/ (tried at the next poke)
 *                         \--its gateway fetches--> PARKING --it waits there, or nothing is known--> FREE
 */
#include "courier/outbox.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/utf8.h"
#include "courier/hand_over.h"

enum {
    TEXTS_MAX = 64, /* in hand */
    CALL_ARENA_MAX = 256 * 1024,
    CALL_SECONDS = 10,
    QUIET_MS = 400, /* a gateway for which nothing was due is not asked about before */
    SHUT_S = 60,    /* one that takes nothing, likewise */
    GATEWAY_ID_MAX = 128,
    OPENED_EPOCHS = 256,
};

enum outbox_state { OUTBOX_READY, OUTBOX_TAKING, OUTBOX_PUTTING_BACK };
enum text_state { TEXT_FREE, TEXT_SENDING, TEXT_SETTLING, TEXT_PARKING };

struct text {
    struct outbox *outbox;
    enum text_state state;
    char lane[LANE_NAME_SIZE];
    int64_t registration_id;
    struct uuid message_id;
    struct delivery_past past;
    struct web_call *request;     /* SENDING */
    struct pg_call *settling;     /* PARKING; SETTLING, NULL there: to be tried at the next poke */
    struct delivery_next next;    /* SETTLING, as are those below */
    char gateway[LANE_NAME_SIZE]; /* from now on */
    char gateway_id[GATEWAY_ID_MAX + 1];
    const char *reason;
    bool unanswered;
};

enum outbox_chore { CHORE_ACCOUNTS, CHORE_RECOVER, CHORE_EXPIRE, CHORE_WAITING, CHORE_COUNT };

struct outbox_metrics {
    uint64_t taken, sent, put_off, failed, unsure;
    int64_t waiting, oldest_s;
};

struct outbox {
    struct pg_pool *pool;
    struct web_client *web;
    struct seal_opener *opener;
    struct blind_keys keys;
    struct hand_over hand_over;
    struct lanes lanes;
    enum outbox_state state;
    bool may_take;
    struct pg_call *take_call; /* TAKING, PUTTING_BACK; NULL there: to be tried at the next poke */
    struct uuid take_id;
    char taking_for[LANE_NAME_SIZE];
    unsigned asked; /* TAKING: how many texts */
    struct text texts[TEXTS_MAX];
    struct pg_call *chore_calls[CHORE_COUNT];
    struct pg_call *move_call;
    struct outbox_metrics metrics;
};

static void take(struct outbox *o);

/* PostgreSQL ends a statement by itself before we stop waiting for it: a take that was given up must not commit later. */
static struct pg_call *call(struct outbox *o, enum pg_statement statement, struct pg_params *params, pg_done *done,
                            void *context)
{
    static const char *const settings[] = {"statement_timeout", "5000", NULL};
    struct pg_call *started = pg_pool_call(o->pool, statement, params, settings,
                                           clock_monotonic() + CALL_SECONDS * MICROSECONDS_A_SECOND, done, context);
    pg_params_release(params);
    return started;
}

static unsigned free_texts(const struct outbox *o)
{
    unsigned count = 0;
    for (size_t i = 0; i < TEXTS_MAX; i++) {
        count += o->texts[i].state == TEXT_FREE ? 1 : 0;
    }
    return count;
}

/* --- a text ----------------------------------------------------------------------------------------------------------- */

static void count_settled(struct outbox_metrics *metrics, enum delivery_state state)
{
    metrics->sent += state == DELIVERY_SENT ? 1 : 0;
    metrics->put_off += state == DELIVERY_QUEUED ? 1 : 0;
    metrics->failed += state == DELIVERY_FAILED ? 1 : 0;
    metrics->unsure += state == DELIVERY_UNSURE ? 1 : 0;
}

static void release_text(struct text *text)
{
    struct lane *lane = lanes_find(&text->outbox->lanes, slice_of(text->lane));
    if (lane != NULL && lane->in_flight > 0) {
        lane->in_flight--;
    }
    text->state = TEXT_FREE;
}

/* Nothing in its settlement comes from a gateway or an operator. */
static bool is_plain(const struct text *text)
{
    return text->gateway_id[0] == '\0' && slice_equal(slice_of(text->gateway), slice_of(text->lane));
}

static void make_plain(struct text *text)
{
    text->gateway_id[0] = '\0';
    (void)snprintf(text->gateway, sizeof(text->gateway), "%s", text->lane);
}

static void on_settled(void *context, const struct pg_answer *answer)
{
    struct text *text = context;
    struct outbox *o = text->outbox;
    text->settling = NULL;
    if (answer->outcome == PG_REFUSED) {
        bool by_content = strncmp(answer->sqlstate, "22", 2) == 0 || strncmp(answer->sqlstate, "23", 2) == 0;
        log_event(LOG_ERROR, "outbox.settle_refused", log_text("sqlstate", answer->sqlstate));
        if (by_content && is_plain(text)) {
            release_text(text); /* after two minutes it is told as not known */
            return;
        }
        if (by_content) {
            make_plain(text);
        }
    }
    if (answer->outcome != PG_COMMITTED) {
        return; /* the next poke tries again */
    }
    count_settled(&o->metrics, text->next.state);
    release_text(text);
    take(o);
}

static void settle(struct text *text)
{
    struct outbox *o = text->outbox;
    struct pg_params params;
    const struct message_settlement settlement = {
        .registration_id = text->registration_id,
        .message_id = text->message_id,
        .attempt = text->past.attempts,
        .state = delivery_state_name(text->next.state),
        .delay_s = text->next.delay_s,
        .gateway = slice_of(text->gateway),
        .gateway_id = slice_of(text->gateway_id),
        .reason = slice_of(text->reason != NULL ? text->reason : ""),
        .unanswered = text->unanswered,
    };
    pg_params_init(&params);
    message_settle_params(&params, &settlement);
    text->settling = call(o, PG_MESSAGE_SETTLE, &params, on_settled, text);
}

static void on_moved(void *context, const struct pg_answer *answer)
{
    struct outbox *o = context;
    (void)answer;
    o->move_call = NULL;
}

/* It takes nothing: it rests, and what waits for it goes to its fallback. */
static void shut(struct outbox *o, struct lane *lane)
{
    struct pg_params params;
    lane->rests_until_us = clock_monotonic() + SHUT_S * MICROSECONDS_A_SECOND;
    log_event(LOG_WARNING, "outbox.gateway_shut", log_text("gateway", lane->name));
    if (o->move_call != NULL || lanes_find(&o->lanes, slice_of(lane->fallback)) == NULL) {
        return;
    }
    pg_params_init(&params);
    pg_add_text(&params, slice_of(lane->name));
    pg_add_text(&params, slice_of(lane->fallback));
    o->move_call = call(o, PG_MESSAGE_MOVE, &params, on_moved, o);
}

static void decide(struct text *text, enum delivery_event event)
{
    static const char *const reasons[] = {
        [DELIVERY_NOT_NOW] = "gateway_away", [DELIVERY_REFUSED] = "refused", [DELIVERY_SHUT] = "gateway_shut",
        [DELIVERY_UNANSWERED] = "no_answer", [DELIVERY_UNUSABLE] = NULL,     [DELIVERY_TAKEN] = NULL,
    };
    struct lane *lane = lanes_find(&text->outbox->lanes, slice_of(text->lane));
    text->past.has_fallback = lane != NULL && lanes_find(&text->outbox->lanes, slice_of(lane->fallback)) != NULL;
    text->past.repeats = lane != NULL && lane->kind->send.repeats;
    text->next = delivery_next(event, &text->past, randombytes_random());
    text->reason = reasons[event] != NULL ? reasons[event] : text->reason;
    text->unanswered = event == DELIVERY_UNANSWERED;
    (void)snprintf(text->gateway, sizeof(text->gateway), "%s", text->next.elsewhere ? lane->fallback : text->lane);
    if (event == DELIVERY_SHUT && lane != NULL) {
        shut(text->outbox, lane);
    }
    text->state = TEXT_SETTLING;
    settle(text);
}

static void on_answer(void *context, const struct web_answer *answer)
{
    struct text *text = context;
    struct arena arena;
    struct slice id = SLICE("");
    const struct lane *lane = lanes_find(&text->outbox->lanes, slice_of(text->lane));
    enum delivery_event event = answer->outcome == WEB_NOT_SENT ? DELIVERY_NOT_NOW : DELIVERY_UNANSWERED;
    arena_init(&arena, CALL_ARENA_MAX);
    text->request = NULL;
    if (lane != NULL) {
        event = hand_over_read(lane->kind, answer, &arena, &id);
    }
    if (id.length <= GATEWAY_ID_MAX && utf8_is_text(id)) {
        (void)snprintf(text->gateway_id, sizeof(text->gateway_id), "%.*s", SLICE_ARGS(id));
    }
    arena_release(&arena);
    decide(text, event);
}

/* If it did not get there the register puts it back by itself: no phone was told of it. */
static void on_parked(void *context, const struct pg_answer *answer)
{
    struct text *text = context;
    text->settling = NULL;
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "outbox.park_refused", log_text("sqlstate", answer->sqlstate));
    }
    release_text(text);
}

static void park(struct text *text, const struct lane *lane, const struct message_taken_row *row, struct arena *arena)
{
    char id_text[UUID_TEXT_SIZE + 1];
    struct uuid id = uuid_random(); /* whoever names it was given it */
    struct slice name = uuid_format(&id, id_text);
    struct slice parcel;
    struct pg_params params;
    if (!hand_over_pack(&text->outbox->hand_over, lane, row, name, arena, &parcel, &text->reason)) {
        decide(text, DELIVERY_UNUSABLE);
        return;
    }
    pg_params_init(&params);
    message_park_params(&params, row, name, parcel);
    text->state = TEXT_PARKING;
    text->settling = call(text->outbox, PG_MESSAGE_PARK, &params, on_parked, text);
    if (text->settling == NULL) {
        release_text(text);
    }
}

static void start(struct text *text, const struct lane *lane, const struct message_taken_row *row)
{
    struct outbox *o = text->outbox;
    struct arena arena;
    struct gateway_call request;
    arena_init(&arena, CALL_ARENA_MAX);
    text->registration_id = row->registration_id;
    text->message_id = row->message_id;
    text->past = (struct delivery_past){.attempts = row->attempt, .moved = row->moved, .stays = row->stays};
    text->gateway_id[0] = '\0';
    text->reason = NULL;
    (void)snprintf(text->lane, sizeof(text->lane), "%s", lane->name);
    if (lane->kind->fetches) {
        park(text, lane, row, &arena);
        arena_release(&arena);
        return;
    }
    if (!hand_over_make(&o->hand_over, lane, row, &arena, &request, &text->reason)) {
        arena_release(&arena);
        decide(text, DELIVERY_UNUSABLE);
        return;
    }
    text->state = TEXT_SENDING;
    text->reason = NULL;
    text->request = web_client_post(o->web, &request, lane->kind->send.repeats, on_answer, text);
    arena_release(&arena);
    if (text->request == NULL) {
        decide(text, DELIVERY_NOT_NOW);
    }
}

/* --- the outbox --------------------------------------------------------------------------------------------------------- */

static void put_back(struct outbox *o);

static void on_put_back(void *context, const struct pg_answer *answer)
{
    struct outbox *o = context;
    o->take_call = NULL;
    o->state = answer->outcome == PG_COMMITTED ? OUTBOX_READY : OUTBOX_PUTTING_BACK;
}

static void put_back(struct outbox *o)
{
    struct pg_params params;
    pg_params_init(&params);
    pg_add_uuid(&params, &o->take_id);
    o->take_call = call(o, PG_MESSAGE_UNTAKE, &params, on_put_back, o);
}

static void hand_out(struct outbox *o, struct lane *lane, const PGresult *rows)
{
    struct text *text = o->texts;
    for (int i = 0; i < PQntuples(rows); i++) {
        struct message_taken_row row;
        message_taken_row_read(rows, i, &row);
        while (text->state != TEXT_FREE) { /* as many are free as were asked for */
            text++;
        }
        o->metrics.taken++;
        start(text, lane, &row);
    }
}

static void on_taken(void *context, const struct pg_answer *answer)
{
    struct outbox *o = context;
    struct lane *lane = lanes_find(&o->lanes, slice_of(o->taking_for));
    unsigned got = answer->outcome == PG_COMMITTED ? (unsigned)PQntuples(answer->result) : 0;
    o->take_call = NULL;
    o->state = answer->outcome == PG_UNKNOWN ? OUTBOX_PUTTING_BACK : OUTBOX_READY;
    if (lane != NULL) {
        lane->in_flight -= lane->in_flight >= o->asked - got ? o->asked - got : lane->in_flight;
        lane->tokens += o->asked - got;
        int64_t quiet_until_us = clock_monotonic() + (int64_t)QUIET_MS * 1000;
        if (got == 0 && lane->rests_until_us < quiet_until_us) {
            lane->rests_until_us = quiet_until_us;
        }
    }
    if (answer->outcome == PG_REFUSED) {
        log_event(LOG_ERROR, "outbox.take_refused", log_text("sqlstate", answer->sqlstate));
        return;
    }
    if (got > 0 && lane != NULL) {
        hand_out(o, lane, answer->result);
    } else if (got > 0) {
        o->state = OUTBOX_PUTTING_BACK; /* the gateway's account was taken away meanwhile */
    }
    take(o);
}

static void take(struct outbox *o)
{
    struct pg_params params;
    unsigned most = 0;
    if (o->state != OUTBOX_READY || !o->may_take || !pg_pool_is_ready(o->pool)) {
        return;
    }
    struct lane *lane = lanes_next(&o->lanes, clock_monotonic(), free_texts(o), &most);
    if (lane == NULL) {
        return;
    }
    o->take_id = uuid_random();
    o->asked = most;
    (void)snprintf(o->taking_for, sizeof(o->taking_for), "%s", lane->name);
    pg_params_init(&params);
    message_take_params(&params, slice_of(lane->name), most, seal_opener_recipient_id(o->opener), &o->take_id);
    o->take_call = call(o, PG_MESSAGE_TAKE, &params, on_taken, o);
    if (o->take_call != NULL) {
        o->state = OUTBOX_TAKING;
        lane_use(lane, most);
    }
}

void outbox_poke(struct outbox *outbox, bool may)
{
    outbox->may_take = may;
    for (size_t i = 0; i < TEXTS_MAX; i++) {
        struct text *text = &outbox->texts[i];
        if (text->state == TEXT_SETTLING && text->settling == NULL) {
            settle(text);
        }
    }
    if (outbox->state == OUTBOX_PUTTING_BACK && outbox->take_call == NULL) {
        put_back(outbox);
    }
    take(outbox);
}

/* --- now and then ------------------------------------------------------------------------------------------------------- */

static void on_accounts(void *context, const struct pg_answer *answer)
{
    struct outbox *o = context;
    o->chore_calls[CHORE_ACCOUNTS] = NULL;
    if (answer->outcome == PG_COMMITTED && !lanes_read(&o->lanes, answer->result, o->opener)) {
        log_note(LOG_ERROR, "outbox.no_memory");
    }
}

static void on_recovered(void *context, const struct pg_answer *answer)
{
    struct outbox *o = context;
    (void)answer;
    o->chore_calls[CHORE_RECOVER] = NULL;
}

static void on_expired(void *context, const struct pg_answer *answer)
{
    struct outbox *o = context;
    (void)answer;
    o->chore_calls[CHORE_EXPIRE] = NULL;
}

static void on_waiting(void *context, const struct pg_answer *answer)
{
    struct outbox *o = context;
    o->chore_calls[CHORE_WAITING] = NULL;
    if (answer->outcome == PG_COMMITTED) {
        o->metrics.waiting = pg_get_int(answer->result, 0, 0);
        o->metrics.oldest_s = pg_get_int(answer->result, 0, 1);
    }
}

/* The kinds that know a reference again, or those that fetch. */
static void add_kinds(struct pg_params *params, bool fetching)
{
    const struct gateway_kind *kind = NULL;
    pg_column_begin(params, PG_TEXT);
    for (size_t i = 0; (kind = gateway_kind_at(i)) != NULL; i++) {
        if (fetching ? kind->fetches : kind->send.repeats) {
            pg_add_text(params, slice_of(kind->name));
        }
    }
    pg_column_end(params);
}

void outbox_sweep(struct outbox *outbox)
{
    static const struct {
        enum pg_statement statement;
        pg_done *done;
    } chores[CHORE_COUNT] = {
        [CHORE_ACCOUNTS] = {PG_GATEWAY_ACCOUNTS, on_accounts},
        [CHORE_RECOVER] = {PG_MESSAGE_RECOVER, on_recovered},
        [CHORE_EXPIRE] = {PG_MESSAGE_EXPIRE, on_expired},
        [CHORE_WAITING] = {PG_MESSAGE_WAITING, on_waiting},
    };
    for (int i = 0; i < CHORE_COUNT; i++) {
        struct pg_params params;
        if (outbox->chore_calls[i] != NULL || !pg_pool_is_ready(outbox->pool)) {
            continue;
        }
        pg_params_init(&params);
        if (i == CHORE_ACCOUNTS) {
            message_gateways_params(&params, seal_opener_recipient_id(outbox->opener));
        } else if (i == CHORE_RECOVER) {
            add_kinds(&params, false);
            add_kinds(&params, true);
        }
        outbox->chore_calls[i] = call(outbox, chores[i].statement, &params, chores[i].done, outbox);
    }
}

bool outbox_is_idle(const struct outbox *outbox)
{
    return outbox->state == OUTBOX_READY && free_texts(outbox) == TEXTS_MAX;
}

/* --- life ----------------------------------------------------------------------------------------------------------------- */

struct outbox *outbox_new(const struct outbox_config *config, struct error *error)
{
    struct outbox *o = calloc(1, sizeof(*o));
    if (o == NULL) {
        (void)error_set(error, ERROR_NOMEM, "outbox", "out of memory");
        return NULL;
    }
    o->pool = config->pool;
    lanes_init(&o->lanes);
    for (size_t i = 0; i < TEXTS_MAX; i++) {
        o->texts[i].outbox = o;
    }
    blind_keys_derive(config->index_key, &o->keys);
    o->opener = seal_opener_new(config->secret_key, OPENED_EPOCHS);
    o->web = o->opener != NULL ? web_client_new(config->base, error) : NULL;
    if (o->web == NULL) {
        (void)(o->opener != NULL || error_set(error, ERROR_NOMEM, "outbox", "out of memory"));
        outbox_free(o);
        return NULL;
    }
    o->hand_over = (struct hand_over){o->opener, &o->keys, config->public_url};
    return o;
}

void outbox_free(struct outbox *outbox)
{
    if (outbox == NULL) {
        return;
    }
    for (size_t i = 0; i < TEXTS_MAX; i++) {
        if (outbox->texts[i].settling != NULL) {
            pg_call_cancel(outbox->texts[i].settling);
        }
    }
    for (size_t i = 0; i < CHORE_COUNT; i++) {
        if (outbox->chore_calls[i] != NULL) {
            pg_call_cancel(outbox->chore_calls[i]);
        }
    }
    if (outbox->take_call != NULL) {
        pg_call_cancel(outbox->take_call);
    }
    if (outbox->move_call != NULL) {
        pg_call_cancel(outbox->move_call);
    }
    web_client_free(outbox->web);
    lanes_release(&outbox->lanes);
    seal_opener_free(outbox->opener);
    sodium_memzero(&outbox->keys, sizeof(outbox->keys));
    free(outbox);
}

void outbox_report(const struct outbox *outbox, struct process_report *report)
{
    const struct outbox_metrics *metrics = &outbox->metrics;
    if (outbox->may_take) { /* it leads: these are the deployment's */
        process_report_add(report, "muster_outbox_waiting", "", (double)metrics->waiting);
        process_report_add(report, "muster_outbox_oldest_seconds", "", (double)metrics->oldest_s);
    }
    process_report_add(report, "muster_outbox_attempts_total", "", (double)metrics->taken);
    process_report_add(report, "muster_outbox_settled_total", "state=\"sent\"", (double)metrics->sent);
    process_report_add(report, "muster_outbox_settled_total", "state=\"queued\"", (double)metrics->put_off);
    process_report_add(report, "muster_outbox_settled_total", "state=\"unsure\"", (double)metrics->unsure);
    process_report_add(report, "muster_outbox_settled_total", "state=\"failed\"", (double)metrics->failed);
}
