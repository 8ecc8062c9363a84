/* SPDX-License-Identifier: Apache-2.0
 * GET /api/v1/events: server-sent events (HTML Standard, section 9.2), from now on or from Last-Event-ID.
 *
 *   BEGIN --> ENDS --it was here before--> MISSED --told, and nothing read meanwhile--> open
 *               \--new, or too long away--> open  \--read meanwhile--> MISSED again
 */
#include "desk/desk_call.h"
#include "desk/handlers.h"
#include "desk/live.h"

enum { MISSED_MAX = 1000, MISSED_ROUNDS_MAX = 4, TEXT_MAX_SIZE = 192 * 1024 };

enum events_step { EVENTS_BEGIN, EVENTS_ENDS, EVENTS_MISSED, EVENTS_OPEN };

struct events {
    struct desk_call call;
    enum events_step step;
    struct live_listener listener;
    bool resumes;
    uint64_t last; /* what the console heard of before */
    int64_t newest;
    uint64_t rounds; /* when we last looked into the log by ourselves */
    unsigned tries;
};

/* "hello" says whether what was missed follows; otherwise the console looks at everything anew. */
static void open_stream(struct events *events, bool resumed, const PGresult *missed)
{
    static const struct http_header headers[] = {
        {SLICE_INIT("Content-Type"), SLICE_INIT("text/event-stream")},
        {SLICE_INIT("Cache-Control"), SLICE_INIT("no-store")},
        {SLICE_INIT("X-Accel-Buffering"), SLICE_INIT("no")},
    };
    struct desk_call *call = &events->call;
    struct live *live = call->desk->live;
    struct buffer text;
    session_mac(&call->desk->keys, call->credential.token, events->listener.session_mac);
    events->listener.exchange = call->exchange;
    events->listener.by_card = call->request->card.proof == HTTP_CARD_GOOD;
    if (!live_join(live, &events->listener, events->newest)) {
        desk_refuse_for(call, 503, NULL, 5);
        return;
    }
    events->step = EVENTS_OPEN;
    int64_t number = events->listener.number;
    buffer_init(&text, TEXT_MAX_SIZE);
    buffer_printf(&text, "retry: 2000\nid: %lld\nevent: hello\ndata: {\"resumed\":%s}\n\n",
                  (long long)(resumed ? (int64_t)events->last : live_safe(events->newest)), resumed ? "true" : "false");
    for (int i = 0; missed != NULL && i < PQntuples(missed); i++) {
        struct change_row change;
        change_read(missed, i, &change);
        live_add_change(&text, &change);
    }
    http_exchange_start_stream(call->exchange, 200, headers, sizeof(headers) / sizeof(headers[0]));
    live_say(live, number, text.failed ? SLICE("event: reset\ndata: {}\n\n") : buffer_slice(&text));
    buffer_release(&text);
}

static void look_back(struct events *events)
{
    struct pg_params params;
    events->step = EVENTS_MISSED;
    events->rounds = live_rounds(events->call.desk->live);
    pg_params_init(&params);
    change_missed_params(&params, (int64_t)events->last, MISSED_MAX);
    desk_call_query(&events->call, PG_CHANGE_MISSED, &params);
}

static void on_ends(struct events *events, const PGresult *rows)
{
    int64_t oldest = 0;
    change_ends_read(rows, &events->newest, &oldest);
    int64_t last = (int64_t)events->last;
    bool all_kept =
        last + 1 >= oldest; /* after a crash of the server there are no older ones, and numbers are skipped */
    if (events->resumes && all_kept && last <= events->newest && events->newest - last < MISSED_MAX) {
        look_back(events);
    } else {
        open_stream(events, false, NULL);
    }
}

static void on_missed(struct events *events, const PGresult *rows)
{
    if (events->rounds == live_rounds(events->call.desk->live)) {
        open_stream(events, true, rows);
    } else if (++events->tries < MISSED_ROUNDS_MAX) {
        look_back(events);
    } else {
        open_stream(events, false, NULL);
    }
}

static void begin(struct events *events)
{
    struct desk_call *call = &events->call;
    struct pg_params params;
    struct slice last = http_request_header(call->request, SLICE("Last-Event-ID"));
    events->resumes = last.length > 0 && slice_to_u64(last, INT64_MAX, &events->last);
    events->step = EVENTS_ENDS;
    pg_params_init(&params);
    desk_call_query(call, PG_CHANGE_ENDS, &params);
}

static void step(struct desk_call *call, const PGresult *rows)
{
    struct events *events = (struct events *)call;
    switch (events->step) {
    case EVENTS_BEGIN:
        begin(events);
        break;
    case EVENTS_ENDS:
        on_ends(events, rows);
        break;
    case EVENTS_MISSED:
        on_missed(events, rows);
        break;
    case EVENTS_OPEN:
        break; /* asks nothing any more */
    }
}

static void drop(struct desk_call *call)
{
    struct events *events = (struct events *)call;
    if (events->step == EVENTS_OPEN) {
        live_leave(call->desk->live, &events->listener);
    }
}

void desk_events(struct http_exchange *exchange, void *role)
{
    static const struct desk_capability capability = {
        .right = RIGHT_LOOK, .size = sizeof(struct events), .step = step, .drop = drop};
    desk_call_start(exchange, role, &capability);
}
