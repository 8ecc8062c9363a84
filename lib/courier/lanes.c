/* SPDX-License-Identifier: Apache-2.0
 * Token buckets that hold one second's texts. */
#include "courier/lanes.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/json_read.h"
#include "core/log.h"
#include "core/tree.h"
#include "store/message.h"

enum { ACCOUNTS_ARENA_MAX = 1024 * 1024 };

void lanes_init(struct lanes *lanes)
{
    *lanes = (struct lanes){.count = 0};
    arena_init(&lanes->arena, ACCOUNTS_ARENA_MAX);
}

static void wipe(struct slice secret)
{
    if (secret.length > 0) {
        sodium_memzero((void *)(uintptr_t)secret.data, secret.length);
    }
}

void lanes_release(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++) {
        wipe(lanes->lanes[i].account.password);
    }
    arena_release(&lanes->arena);
    lanes->count = 0;
}

static struct slice member(const struct tree *account, const char *name, struct arena *arena)
{
    const struct tree *value = tree_member(account, slice_of(name));
    return value != NULL && value->kind == TREE_TEXT ? arena_dup(arena, value->text) : SLICE("");
}

static bool open_account(const struct message_gateway_row *row, struct seal_opener *opener, struct arena *arena,
                         struct gateway_account *account)
{
    struct error error = {.code = ERROR_NONE};
    struct slice plain;
    struct seal_place place = {"gateway", "account", row->name};
    if ((!seal_opener_knows(opener, &row->account.epoch_id) &&
         !seal_opener_add(opener, &row->account.epoch_id, row->account.wrap, &error)) ||
        !seal_open(opener, arena, &row->account.epoch_id, &place, row->account.sealed, &plain, &error)) {
        return false;
    }
    const struct tree *said = json_read(arena, plain);
    *account = (struct gateway_account){.base = member(said, "base", arena),
                                        .user = member(said, "user", arena),
                                        .password = member(said, "password", arena),
                                        .from = member(said, "from", arena)};
    wipe(plain);
    return said != NULL && !arena->failed;
}

static void read_lane(const struct message_gateway_row *row, const struct gateway_account *account,
                      const struct gateway_kind *kind, const struct lane *before, struct lane *lane)
{
    *lane = before != NULL ? *before : (struct lane){.tokens = 1, .filled_us = clock_monotonic()};
    (void)snprintf(lane->name, sizeof(lane->name), "%.*s", SLICE_ARGS(row->name));
    (void)snprintf(lane->fallback, sizeof(lane->fallback), "%.*s", SLICE_ARGS(row->fallback));
    lane->kind = kind;
    lane->account = *account;
    lane->texts_a_second = row->texts_a_second;
    lane->away = kind->fetches && !row->asked;
}

bool lanes_read(struct lanes *lanes, const PGresult *rows, struct seal_opener *opener)
{
    struct lanes *fresh = calloc(1, sizeof(*fresh));
    if (fresh == NULL) {
        return false;
    }
    lanes_init(fresh);
    for (int i = 0; i < PQntuples(rows) && fresh->count < LANES_MAX; i++) {
        struct message_gateway_row row;
        struct gateway_account account = {.base = SLICE("")};
        message_gateway_row_read(rows, i, &row);
        const struct gateway_kind *kind = gateway_kind_find(row.kind);
        if (kind == NULL || (!gateway_send_can(kind) && !kind->fetches) ||
            !open_account(&row, opener, &fresh->arena, &account)) {
            log_event(LOG_WARNING, "outbox.account_unreadable", log_integer("row", i));
            continue;
        }
        read_lane(&row, &account, kind, lanes_find(lanes, row.name), &fresh->lanes[fresh->count++]);
    }
    bool whole = !fresh->arena.failed;
    if (whole) {
        fresh->turn = lanes->turn;
        lanes_release(lanes);
        *lanes = *fresh;
    } else {
        lanes_release(fresh);
    }
    free(fresh);
    return whole;
}

struct lane *lanes_find(struct lanes *lanes, struct slice name)
{
    for (size_t i = 0; i < lanes->count; i++) {
        if (slice_equal(slice_of(lanes->lanes[i].name), name)) {
            return &lanes->lanes[i];
        }
    }
    return NULL;
}

static void fill(struct lane *lane, int64_t now_us)
{
    double most = lane->texts_a_second;
    double seconds = (double)(now_us - lane->filled_us) / 1e6;
    lane->tokens += seconds * most;
    lane->tokens = lane->tokens < most ? lane->tokens : most;
    lane->filled_us = now_us;
}

struct lane *lanes_next(struct lanes *lanes, int64_t now_us, unsigned room, unsigned *most)
{
    for (size_t i = 0; i < lanes->count; i++) {
        struct lane *lane = &lanes->lanes[(lanes->turn + i) % lanes->count];
        fill(lane, now_us);
        unsigned free_here = lane->in_flight < LANE_IN_FLIGHT_MAX ? LANE_IN_FLIGHT_MAX - lane->in_flight : 0;
        *most = room < free_here ? room : free_here;
        *most = *most < (unsigned)lane->tokens ? *most : (unsigned)lane->tokens;
        if (*most > 0 && !lane->away && now_us >= lane->rests_until_us) {
            lanes->turn = (lanes->turn + i + 1) % lanes->count;
            return lane;
        }
    }
    return NULL;
}

void lane_use(struct lane *lane, unsigned count)
{
    lane->tokens -= count;
    lane->in_flight += count;
}
