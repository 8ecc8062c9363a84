/* SPDX-License-Identifier: Apache-2.0
 * Slowing down those who guess passwords: by account and address together, so that someone elsewhere cannot lock its owner out. */
#ifndef DESK_SIGN_IN_GUARD_H
#define DESK_SIGN_IN_GUARD_H

#include <stdint.h>
#include <sys/socket.h>

#include "core/slice.h"

enum {
    SIGN_IN_FREE = 5,           /* mistakes that cost nothing; the next ones wait 1, 2, 4, ... seconds */
    SIGN_IN_WAIT_MAX = 900,     /* seconds */
    SIGN_IN_FORGET = 3600,      /* seconds without an attempt, then it is forgotten */
    SIGN_IN_GUARD_SLOTS = 8192, /* pairs remembered; the longest unused of a set gives way */
};

struct sign_in_guard;

struct sign_in_guard *sign_in_guard_new(void);
void sign_in_guard_free(struct sign_in_guard *guard);

/* Seconds to wait before the next attempt; 0: this one may go on, and counts as failed unless sign_in_guard_pass says otherwise (so
 * attempts sent at once count too). An attempt refused here does not lengthen the wait. */
unsigned sign_in_guard_enter(struct sign_in_guard *guard, struct slice user, const struct sockaddr_storage *address,
                             int64_t now_us);
void sign_in_guard_pass(struct sign_in_guard *guard, struct slice user, const struct sockaddr_storage *address);

#endif
