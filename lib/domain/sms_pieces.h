/* SPDX-License-Identifier: Apache-2.0
 * Long text messages that a gateway passes on in pieces: which pieces make one message, when to join them, and what the whole may say.
 *
 * Sender, recipient and a reference of eight bits name a message. The reference comes again, by chance or because a phone knows no other, so
 * two messages can have pieces under one name. Whatever could be a mixture never says that all is well. */
#ifndef DOMAIN_SMS_PIECES_H
#define DOMAIN_SMS_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/sms.h"

enum {
    SMS_PIECES_TOTAL_MAX = 255,
    SMS_PIECES_MAX = 512,            /* looked at together, copies with them */
    SMS_PIECES_TEXT_MAX = 48 * 1024, /* octets of a joined text; a network's longest has 39,015 septets */
    SMS_PIECES_NEAR_S = 5 * 60,      /* a network brings the pieces of one message within that */
    SMS_PIECES_SETTLE_S = 10, /* a whole is joined after so much quiet: what contradicts it comes at once, if at all */
    SMS_PIECES_MISSING_S = 15 * 60,   /* after that what is there is joined */
    SMS_PIECES_APART_S = 24 * 60 * 60 /* further apart they are different messages, whatever their reference */
};

/* Stands in the text for one or more pieces that are not there. */
#define SMS_PIECES_GAP "[...]"

/* All of one sender, recipient, gateway, reference and total. */
struct sms_piece {
    unsigned number; /* from 1 */
    int64_t received_us;
    struct slice text;
    bool joined; /* it is part of a message that was joined before */
};

enum sms_pieces_fate {
    SMS_PIECES_WAIT,  /* for others, or for quiet: look again at again_us */
    SMS_PIECES_JOIN,  /* those taken are one message */
    SMS_PIECES_LEAVE, /* they contradict each other: each stays by itself */
};

struct sms_pieces_plan {
    enum sms_pieces_fate fate;
    int64_t again_us;           /* WAIT */
    bool taken[SMS_PIECES_MAX]; /* whom it concerns; copies are taken with what they are copies of */
    bool whole;                 /* no piece is missing */
    bool sure;                  /* whole, and of one message as far as anybody can tell: it may say that all is well */
};

/* What to do about piece `due`, one of `count` (1 to SMS_PIECES_MAX) in any order, each numbered 1 to `total`. Pure. */
void sms_pieces_plan(const struct sms_piece *pieces, size_t count, unsigned total, size_t due, int64_t now_us,
                     struct sms_pieces_plan *plan);

/* The text of those taken, in the order of their numbers, each number once, gaps marked; in the arena. data NULL when it is over
 * SMS_PIECES_TEXT_MAX, or memory is out. */
struct slice sms_pieces_text(const struct sms_piece *pieces, size_t count, unsigned total,
                             const struct sms_pieces_plan *plan, struct arena *arena);

/* A reading of what is not surely whole never says that all is well, nor stops anything: "we are not" and "safe" may come apart. A cry in it counts. */
void sms_pieces_hold_back(struct sms_reading *reading);

#endif
