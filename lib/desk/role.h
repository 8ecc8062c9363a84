/* SPDX-License-Identifier: Apache-2.0
 * What the rooms of the desk share; private to lib/desk. */
#ifndef DESK_ROLE_H
#define DESK_ROLE_H

#include <event2/event.h>

#include "core/clock.h"
#include "desk/live.h"
#include "desk/note_epoch.h"
#include "desk/opening.h"
#include "desk/password_pool.h"
#include "desk/sign_in_guard.h"
#include "net/server.h"
#include "pg/pool.h"
#include "seal/blind.h"

struct kept_assets;

struct desk_metrics {
    uint64_t signed_in, sign_in_failed, sign_in_slowed;
    uint64_t claims, claims_lost; /* lost: another was quicker */
};

struct desk {
    struct event_base *base;
    struct clock clock;
    bool asks_for_cards;
    struct http_server *server;
    struct pg_pool *pool;
    struct live *live;
    struct kept_assets *assets;
    struct opening opening;
    struct note_epoch notes;
    struct password_pool *passwords;
    struct sign_in_guard *guard;
    struct blind_keys keys;
    struct slice tiles_url, tiles_attribution;
    struct desk_metrics metrics;
};

#endif
