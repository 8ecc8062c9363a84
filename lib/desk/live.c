/* SPDX-License-Identifier: Apache-2.0
 * The rounds. Changes are numbered as they are made and seen as they are committed: a number that was passed over is asked for again until it comes
 * or is given up (its transaction failed, mostly).
 *
 *   RESTING --tick, someone listens--> READING --nothing to tell--> RESTING
 *      ^                                  \--changes, presence, or sessions are due--> ASKING --told--/
 */
#include "desk/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/case_code.h"
#include "core/clock.h"
#include "core/json_text.h"
#include "core/log.h"

enum {
    TICK_MS = 200,
    READ_MAX = 1000,     /* changes in one round */
    GAPS_MAX = 1024,     /* numbers passed over */
    PRESENCES_MAX = 256, /* in one round; more are lost, and said again by those who are there */
    OVERLAP = 256,       /* changes that the first round looks back: some may not have been committed when we came */
    URGENT_BAND = 2,     /* up to this one */
    WORD_MAX = 72,       /* a crisis or a post */
    TEXT_MAX_SIZE = 1 << 20, /* of one round */
};
static const int64_t gap_patience_us = 10 * MICROSECONDS_A_SECOND;
static const int64_t audience_every_us = 2 * MICROSECONDS_A_SECOND; /* a session that is over ends its stream */
static const int64_t heartbeat_us = 15 * MICROSECONDS_A_SECOND;
static const int64_t deadline_us = 5 * MICROSECONDS_A_SECOND;

enum live_state { LIVE_RESTING, LIVE_READING, LIVE_ASKING };

struct told {
    char crisis[WORD_MAX], post[WORD_MAX];
    bool is_change;        /* counts in LIVE_MANY */
    bool is_urgent;        /* of the emergency's bands: told first, and by itself when the rest is too much */
    size_t offset, length; /* in texts */
};

struct gap {
    int64_t id, since_us;
};

struct live {
    struct pg_pool *pool;
    struct event *timer;
    struct pg_call *call;
    enum live_state state;
    struct live_listener *first, *last;
    unsigned listener_count;
    int64_t numbers;
    int64_t position; /* the newest change read */
    int64_t before;   /* the newest when somebody began to listen: the lists have those already */
    struct gap gaps[GAPS_MAX];
    size_t gap_count;
    struct told told[READ_MAX + GAPS_MAX + PRESENCES_MAX];
    size_t told_count, presence_count;
    struct buffer texts, scratch;
    bool lost;   /* changes passed that nobody read */
    bool hungry; /* there was more than one round takes */
    bool again;  /* poked while a round was on */
    bool closed;
    uint64_t connects;    /* of the pool when it was last read: a server that fell has emptied the log */
    int64_t asked_number; /* of the last listener whose places were asked for */
    int64_t asked_us, beat_us;
    uint64_t rounds, sent, dropped;
};

uint64_t live_rounds(const struct live *live)
{
    return live->rounds;
}

/* --- what is told ----------------------------------------------------------------------------------------------------- */
static void add_member(struct buffer *out, const char *name, struct slice text)
{
    buffer_printf(out, ",\"%s\":", name);
    json_text_add(out, text);
}

void live_add_change(struct buffer *out, const struct change_row *change)
{
    char code[CASE_CODE_TEXT_SIZE + 1];
    char respond_by[TIME_TEXT_MAX];
    buffer_printf(out, "event: case\ndata: {\"case\":\"%s\",\"band\":%d,\"version\":%lld",
                  case_code_format(change->registration_id, code).data, (int)change->band, (long long)change->version);
    add_member(out, "respond_by", time_format(change->respond_by_us, respond_by));
    add_member(out, "queue", change->queue);
    add_member(out, "state", change->state);
    add_member(out, "crisis", change->crisis);
    add_member(out, "post", change->post);
    if (change->holder.length > 0) {
        add_member(out, "holder", change->holder);
    }
    if (change->only_holder) {
        buffer_add_text(out, ",\"only_holder\":true");
    }
    buffer_add_text(out, "}\n\n");
}

/* The next to be told, for who works there; NULL when it cannot be kept. Its text goes to live->texts, then told_done. */
static struct told *told_begin(struct live *live, struct slice crisis, struct slice post)
{
    struct told *told = &live->told[live->told_count];
    if (live->told_count == sizeof(live->told) / sizeof(live->told[0]) || crisis.length >= WORD_MAX ||
        post.length >= WORD_MAX) {
        live->lost = true;
        return NULL;
    }
    *told = (struct told){.offset = live->texts.length};
    memcpy(told->crisis, crisis.data, crisis.length);
    memcpy(told->post, post.data, post.length);
    return told;
}

static void told_done(struct live *live, struct told *told)
{
    told->length = live->texts.length - told->offset;
    live->told_count++;
}

void live_hear(struct live *live, struct slice payload)
{
    char code[CASE_CODE_TEXT_SIZE + 1];
    struct slice words[5];
    size_t count = 0;
    uint64_t number = 0;
    while (count < 5 && slice_split(&payload, ' ', &words[count])) {
        count++;
    }
    if (live->first == NULL || live->presence_count == PRESENCES_MAX || count != 5 ||
        !slice_to_u64(words[0], REGISTRATION_ID_MAX, &number)) {
        return;
    }
    struct told *told = told_begin(live, words[1], words[2]);
    if (told != NULL) {
        buffer_printf(&live->texts, "event: presence\ndata: {\"case\":\"%s\"",
                      case_code_format((int64_t)number, code).data);
        add_member(&live->texts, "doing", words[3]);
        add_member(&live->texts, "user", words[4]);
        buffer_add_text(&live->texts, "}\n\n");
        told_done(live, told);
        live->presence_count++;
    }
}

static void forget_told(struct live *live)
{
    live->told_count = 0;
    live->presence_count = 0;
    live->lost = false;
    buffer_clear(&live->texts);
}

int64_t live_safe(int64_t newest)
{
    return newest > OVERLAP ? newest - OVERLAP : 0;
}

/* --- listeners -------------------------------------------------------------------------------------------------------- */
bool live_join(struct live *live, struct live_listener *listener, int64_t newest)
{
    if (live->closed || live->listener_count == LIVE_LISTENERS_MAX) {
        return false;
    }
    if (live->first == NULL) { /* nobody listened: nothing was read */
        live->position = live_safe(newest);
        live->before = newest;
        live->gap_count = 0;
        live->connects = pg_pool_metrics(live->pool)->connects;
        forget_told(live);
    }
    listener->number = ++live->numbers;
    listener->next = NULL;
    listener->previous = live->last;
    *(live->last != NULL ? &live->last->next : &live->first) = listener;
    live->last = listener;
    live->listener_count++;
    return true;
}

void live_leave(struct live *live, struct live_listener *listener)
{
    *(listener->previous != NULL ? &listener->previous->next : &live->first) = listener->next;
    *(listener->next != NULL ? &listener->next->previous : &live->last) = listener->previous;
    live->listener_count--;
}

/* False: the stream is gone, and the listener with it. */
static bool send_to(struct live *live, struct live_listener *listener, struct slice text)
{
    struct live_listener copy = *listener; /* a stream that is dropped takes its arena along */
    if (http_exchange_send(copy.exchange, text)) {
        return true;
    }
    *(copy.previous != NULL ? &copy.previous->next : &live->first) = copy.next;
    *(copy.next != NULL ? &copy.next->previous : &live->last) = copy.previous;
    live->listener_count--;
    live->dropped++;
    return false;
}

void live_say(struct live *live, int64_t number, struct slice text)
{
    if (live->last != NULL && live->last->number == number) {
        (void)send_to(live, live->last, text); /* one that is gone has left */
    }
}

static void end_stream(struct live *live, struct live_listener *listener, struct slice last_words)
{
    struct http_exchange *exchange = listener->exchange;
    if (send_to(live, listener, last_words)) {
        live_leave(live, listener);
        http_exchange_end_stream(exchange);
    }
}

void live_close(struct live *live)
{
    live->closed = true;
    while (live->first != NULL) {
        end_stream(live, live->first, SLICE(": the desk restarts\n\n"));
    }
}

static void beat(struct live *live)
{
    int64_t now = clock_monotonic();
    if (now - live->beat_us < heartbeat_us) {
        return;
    }
    live->beat_us = now;
    for (struct live_listener *at = live->first, *next = NULL; at != NULL; at = next) {
        next = at->next;
        (void)send_to(live, at, SLICE(": \n\n"));
    }
}

/* --- telling ---------------------------------------------------------------------------------------------------------- */
/* From where a console that was told all this goes on after an interruption: nothing before it is still to come. */
static int64_t safe_position(const struct live *live)
{
    int64_t safe = live->position;
    for (size_t i = 0; i < live->gap_count; i++) {
        safe = live->gaps[i].id - 1 < safe ? live->gaps[i].id - 1 : safe;
    }
    return safe;
}

static bool may_hear(const struct told *told, const PGresult *rows, int from, int to)
{
    for (int i = from; i < to; i++) {
        struct change_audience place;
        change_audience_read(rows, i, &place);
        if (slice_equal(place.crisis, slice_of(told->crisis)) &&
            (place.post.length == 0 || slice_equal(place.post, slice_of(told->post)))) {
            return true;
        }
    }
    return false;
}

/* Adds what of the gathered is urgent, or is not, as far as the rows from..to let this listener hear it; how many changes that are new to it. */
static size_t add_told(struct live *live, bool urgent, const PGresult *rows, int from, int to)
{
    size_t changes = 0;
    for (size_t i = 0; i < live->told_count; i++) {
        const struct told *told = &live->told[i];
        if (told->is_urgent == urgent && may_hear(told, rows, from, to)) {
            changes += told->is_change ? 1 : 0;
            buffer_add(&live->scratch, live->texts.data + told->offset, told->length);
        }
    }
    return changes;
}

/* What was gathered: cries of the emergency before all else. */
static void tell(struct live *live, struct live_listener *listener, const PGresult *rows, int from, int to)
{
    struct buffer *out = &live->scratch;
    buffer_clear(out);
    size_t urgent = add_told(live, true, rows, from, to);
    size_t kept = urgent > LIVE_MANY ? 0 : out->length;
    size_t changes = urgent + add_told(live, false, rows, from, to);
    bool anew = live->lost || out->failed;
    if (anew || changes > LIVE_MANY) {
        out->length = anew ? 0 : kept;
        out->failed = false;
        buffer_printf(out, "event: %s\ndata: {}\n\n", anew ? "reset" : "many");
    }
    if (out->length > 0) {
        buffer_printf(out, "id: %lld\n\n", (long long)safe_position(live));
        live->sent += send_to(live, listener, buffer_slice(out)) ? changes : 0;
    }
}

static void tell_all(struct live *live, const PGresult *rows)
{
    int row = 0;
    int count = PQntuples(rows);
    for (struct live_listener *at = live->first, *next = NULL; at != NULL && at->number <= live->asked_number;
         at = next) {
        struct change_audience place = {.number = 0};
        int from = row;
        next = at->next;
        for (; row < count; row++) {
            change_audience_read(rows, row, &place);
            if (place.number > at->number) {
                break;
            }
            from += place.number < at->number ? 1 : 0; /* of one who left meanwhile */
        }
        if (from < row) {
            tell(live, at, rows, from, row);
        } else {
            end_stream(live, at, SLICE("event: ended\ndata: {}\n\n"));
        }
    }
}

/* --- rounds ----------------------------------------------------------------------------------------------------------- */
static void rest(struct live *live);

static bool start_call(struct live *live, enum pg_statement statement, struct pg_params *params, pg_done *done)
{
    live->call = pg_pool_call(live->pool, statement, params, NULL, clock_monotonic() + deadline_us, done, live);
    pg_params_release(params);
    return live->call != NULL;
}

static void on_audience(void *context, const struct pg_answer *answer)
{
    struct live *live = context;
    live->call = NULL;
    if (answer->outcome == PG_COMMITTED) {
        tell_all(live, answer->result);
        forget_told(live);
    }
    rest(live); /* what could not be told waits for the next round */
}

/* PostgreSQL knows which sessions are over, and not which cards are revoked. */
static void end_without_card(struct live *live)
{
    for (struct live_listener *at = live->first, *next = NULL; at != NULL; at = next) {
        next = at->next;
        if (at->by_card && http_exchange_card(at->exchange) != HTTP_CARD_GOOD) {
            end_stream(live, at, SLICE("event: ended\ndata: {}\n\n"));
        }
    }
}

static void ask(struct live *live)
{
    struct pg_params params;
    end_without_card(live);
    live->asked_us = clock_monotonic();
    live->asked_number = live->numbers;
    pg_params_init(&params);
    pg_column_begin(&params, PG_INT8);
    for (const struct live_listener *at = live->first; at != NULL; at = at->next) {
        pg_add_int8(&params, at->number);
    }
    pg_column_end(&params);
    pg_column_begin(&params, PG_BYTEA);
    for (const struct live_listener *at = live->first; at != NULL; at = at->next) {
        pg_add_bytea(&params, slice_make((const char *)at->session_mac, sizeof(at->session_mac)));
    }
    pg_column_end(&params);
    live->state = LIVE_ASKING;
    if (!start_call(live, PG_CHANGE_AUDIENCE, &params, on_audience)) {
        rest(live);
    }
}

/* A number that came is no gap any more; one that is due too long will not come. */
static void close_gaps(struct live *live, int64_t came)
{
    int64_t oldest_us = clock_monotonic() - gap_patience_us;
    size_t kept = 0;
    for (size_t i = 0; i < live->gap_count; i++) {
        if (live->gaps[i].id != came && live->gaps[i].since_us > oldest_us) {
            live->gaps[kept++] = live->gaps[i];
        }
    }
    live->gap_count = kept;
}

static void pass_over(struct live *live, int64_t from, int64_t to)
{
    int64_t now = clock_monotonic();
    for (int64_t id = from; id < to; id++) {
        if (live->gap_count == GAPS_MAX) {
            live->lost = true;
            return;
        }
        live->gaps[live->gap_count++] = (struct gap){id, now};
    }
}

static void take_change(struct live *live, const struct change_row *change)
{
    if (change->id > live->position) {
        pass_over(live, live->position + 1, change->id);
        live->position = change->id;
    } else {
        close_gaps(live, change->id);
    }
    struct told *told = told_begin(live, change->crisis, change->post);
    if (told != NULL) {
        told->is_change = change->id > live->before;
        told->is_urgent = change->band <= URGENT_BAND;
        live_add_change(&live->texts, change);
        told_done(live, told);
    }
}

static void on_changes(void *context, const struct pg_answer *answer)
{
    struct live *live = context;
    live->call = NULL;
    if (answer->outcome != PG_COMMITTED) {
        rest(live);
        return;
    }
    uint64_t connects = pg_pool_metrics(live->pool)->connects;
    int count = PQntuples(answer->result);
    live->rounds++;
    live->lost = live->lost || connects != live->connects;
    live->connects = connects;
    live->hungry = count >= READ_MAX;
    for (int i = 0; i < count; i++) {
        struct change_row change;
        change_read(answer->result, i, &change);
        take_change(live, &change);
    }
    close_gaps(live, -1);
    if (live->told_count > 0 || live->lost || clock_monotonic() - live->asked_us > audience_every_us) {
        ask(live);
    } else {
        rest(live);
    }
}

static void begin_round(struct live *live)
{
    struct pg_params params;
    int64_t missed[GAPS_MAX];
    if (live->state != LIVE_RESTING || live->first == NULL || live->pool == NULL || !pg_pool_is_ready(live->pool)) {
        return;
    }
    for (size_t i = 0; i < live->gap_count; i++) {
        missed[i] = live->gaps[i].id;
    }
    live->again = false;
    live->state = LIVE_READING;
    pg_params_init(&params);
    change_list_params(&params, live->position, missed, live->gap_count, READ_MAX);
    if (!start_call(live, PG_CHANGE_LIST, &params, on_changes)) {
        rest(live);
    }
}

static void rest(struct live *live)
{
    live->state = LIVE_RESTING;
    if (live->again || live->hungry) {
        live->hungry = false;
        event_active(live->timer, EV_TIMEOUT, 0); /* at the next turn of the loop */
    }
}

void live_poke(struct live *live)
{
    if (live->state == LIVE_RESTING) {
        begin_round(live);
    } else {
        live->again = true;
    }
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct live *live = context;
    (void)fd;
    (void)what;
    beat(live);
    begin_round(live);
}

/* --- as a whole ------------------------------------------------------------------------------------------------------- */
struct live *live_new(struct event_base *base, struct error *error)
{
    const struct timeval tick = {0, TICK_MS * 1000};
    struct live *live = calloc(1, sizeof(*live));
    if (live == NULL) {
        (void)error_set(error, ERROR_NOMEM, "live", "out of memory");
        return NULL;
    }
    buffer_init(&live->texts, TEXT_MAX_SIZE);
    buffer_init(&live->scratch, TEXT_MAX_SIZE);
    live->timer = event_new(base, -1, EV_PERSIST, on_tick, live);
    if (live->timer == NULL || event_add(live->timer, &tick) != 0) {
        (void)error_set(error, ERROR_NOMEM, "live", "no memory for the timer");
        live_free(live);
        return NULL;
    }
    return live;
}

void live_start(struct live *live, struct pg_pool *pool)
{
    live->pool = pool;
}

void live_free(struct live *live)
{
    if (live == NULL) {
        return;
    }
    if (live->call != NULL) {
        pg_call_cancel(live->call);
    }
    if (live->timer != NULL) {
        event_free(live->timer);
    }
    buffer_release(&live->texts);
    buffer_release(&live->scratch);
    free(live);
}

void live_report(const struct live *live, struct process_report *report)
{
    process_report_add(report, "muster_live_consoles", "", live->listener_count);
    process_report_add(report, "muster_live_changes_total", "", (double)live->sent);
    process_report_add(report, "muster_live_dropped_total", "", (double)live->dropped);
}
