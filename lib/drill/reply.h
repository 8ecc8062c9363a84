/* SPDX-License-Identifier: Apache-2.0
 * What a server answered, as far as a drill needs it. */
#ifndef DRILL_REPLY_H
#define DRILL_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

enum { REPLY_MAX = 16 * 1024 };

struct reply {
    unsigned status;
    unsigned retry_after_s; /* 0: not said */
    bool closes;            /* the connection goes with it */
    struct slice body;
};

enum reply_progress { REPLY_PARTIAL, REPLY_WHOLE, REPLY_BROKEN };

/* Reads one answer with a Content-Length (every one of Muster's has it); borrowed from `bytes`. `most`: bytes of an
 * answer; longer is broken. */
enum reply_progress reply_read(struct slice bytes, size_t most, struct reply *reply);
/* The text of a member of a flat JSON object, as it stands; a number or null likewise; empty when there is none. */
struct slice reply_member(struct slice body, struct slice name);
/* The number of the first well-formed case code in words; -1 when there is none. */
int64_t reply_case(struct slice words);
/* FNV-1a, to compare answers without keeping them. */
uint32_t reply_hash(uint32_t hash, struct slice text);

#endif
