/* SPDX-License-Identifier: Apache-2.0
 * What is told to every console that is open: changes of cases, read from the register's log by one statement five times a second, and presence,
 * which comes by NOTIFY. Who may hear of what is asked of the register each time before anything is told, for all listeners at once. */
#ifndef DESK_LIVE_H
#define DESK_LIVE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/scoreboard.h"
#include "net/http.h"
#include "pg/pool.h"
#include "seal/blind.h"
#include "store/change.h"

enum {
    LIVE_LISTENERS_MAX = 2000,
    LIVE_MANY = 200 /* changes told at once; past it those of the first bands, as many, and that there are more */
};

struct live;

/* One console. Lives in its request's arena: whoever made it takes it out (live_leave) before that ends. */
struct live_listener {
    struct live_listener *next, *previous;
    int64_t number; /* in order of coming */
    struct http_exchange *exchange;
    bool by_card; /* it ends when the card holds no more */
    uint8_t session_mac[BLIND_SIZE];
};

struct live *live_new(struct event_base *base, struct error *error);
/* The pool that its statements go through; its on_notify calls live_hear. */
void live_start(struct live *live, struct pg_pool *pool);
void live_free(struct live *live);

/* From here on the stream is sent what its session may hear; `newest` is the newest change of which the caller has told it, or may have. False
 * when there are too many listeners. A stream that fails or is ended leaves by itself. */
bool live_join(struct live *live, struct live_listener *listener, int64_t newest);
void live_leave(struct live *live, struct live_listener *listener);
/* From where to go on for who has heard of nothing yet: some changes before `newest` may not have been committed. */
int64_t live_safe(int64_t newest);
/* How often changes were read: one who looked into the log by itself asks whether it was meanwhile. */
uint64_t live_rounds(const struct live *live);
/* Presence, as presence_tell.sql puts it. */
void live_hear(struct live *live, struct slice payload);
/* Something was changed here: do not wait for the next turn. */
void live_poke(struct live *live);
/* Ends every stream; no more join. */
void live_close(struct live *live);

/* A piece of text to the one that joined last, unless it is gone: starting a stream may find that its client has left. */
void live_say(struct live *live, int64_t number, struct slice text);
/* Adds "event: case" for one change. */
void live_add_change(struct buffer *out, const struct change_row *change);

void live_report(const struct live *live, struct process_report *report);

#endif
