/* SPDX-License-Identifier: Apache-2.0
 * Slowing down those who guess passwords, so that nobody can lock an account's owner out. Three allowances: of account and address together; of an
 * account from everywhere, which slows who guesses from many addresses; and of the devices that the owner signed in from before, which
 * nobody else's guesses touch. An address that the owner signed in from is spared the second. */
#ifndef DESK_SIGN_IN_GUARD_H
#define DESK_SIGN_IN_GUARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "core/slice.h"

enum {
    SIGN_IN_FREE = 5,           /* mistakes that cost nothing; the next ones wait 1, 2, 4, ... seconds */
    SIGN_IN_WAIT_MAX = 900,     /* seconds */
    SIGN_IN_LANE_FREE = 50,     /* mistakes of one account from strange places together; the next ones wait, too */
    SIGN_IN_LANE_WAIT_MAX = 60, /* seconds: a stranger may be the owner with a new phone */
    SIGN_IN_FORGET = 3600,      /* seconds without an attempt, then it is forgotten */
    SIGN_IN_GUARD_SLOTS = 8192, /* pairs remembered; the longest unused of a set gives way */
};

struct sign_in_guard;

/* Whom an attempt names, and from where. */
struct sign_in_try {
    struct slice user;
    const struct sockaddr_storage *address;
    bool known_device; /* it proved that this user signed in from it before */
};

struct sign_in_guard *sign_in_guard_new(void);
void sign_in_guard_free(struct sign_in_guard *guard);

/* Seconds to wait before the next attempt; 0: this one may go on, and counts as failed unless sign_in_guard_pass says otherwise (so
 * attempts sent at once count too). An attempt refused here does not lengthen the wait. */
unsigned sign_in_guard_enter(struct sign_in_guard *guard, const struct sign_in_try *attempt, int64_t now_us);
void sign_in_guard_pass(struct sign_in_guard *guard, const struct sign_in_try *attempt);

#endif
