/* SPDX-License-Identifier: Apache-2.0
 * The gateways that send: each with the operator's account, opened, and how many texts it may be given now. */
#ifndef COURIER_LANES_H
#define COURIER_LANES_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "gateway/kind.h"
#include "gateway/send.h"
#include "seal/seal.h"

enum { LANES_MAX = 64, LANE_IN_FLIGHT_MAX = 16, LANE_NAME_SIZE = 32 };

struct lane {
    char name[LANE_NAME_SIZE];
    char fallback[LANE_NAME_SIZE]; /* "": none */
    const struct gateway_kind *kind;
    struct gateway_account account; /* in the set's arena */
    unsigned texts_a_second;
    double tokens; /* texts it may be given now: those of one second at most */
    int64_t filled_us;
    int64_t rests_until_us; /* it takes nothing before; monotonic */
    unsigned in_flight;
    bool away; /* it fetches, and nobody asked of late: nothing is opened for it */
};

struct lanes {
    struct arena arena; /* wiped before it is released */
    struct lane lanes[LANES_MAX];
    size_t count;
    size_t turn; /* whose it is */
};

void lanes_init(struct lanes *lanes);
void lanes_release(struct lanes *lanes);
/* Replaces the gateways by the rows of gateway_accounts.sql; those that were there keep what they have in flight, their tokens and their rest. One
 * whose account does not open, or is of no kind that sends, is left out, and logged. False when memory is out: all stays as it was. */
bool lanes_read(struct lanes *lanes, const PGresult *rows, struct seal_opener *opener);
/* NULL when there is none of that name. */
struct lane *lanes_find(struct lanes *lanes, struct slice name);
/* The next, in turn, that may be given texts now, and how many (`*most`, at most `room`); NULL when none may. */
struct lane *lanes_next(struct lanes *lanes, int64_t now_us, unsigned room, unsigned *most);
/* It was given `count` texts. */
void lane_use(struct lane *lane, unsigned count);

#endif
