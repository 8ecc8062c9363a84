/* SPDX-License-Identifier: Apache-2.0
 * One text message on its way to the register: it becomes a check-in of whoever sent it. */
#ifndef EDGE_TEXTING_H
#define EDGE_TEXTING_H

#include "domain/sms.h"
#include "edge/intake.h"
#include "edge/role.h"
#include "edge/sms_reply.h"
#include "gateway/message.h"

enum texting_fate {
    TEXTING_STORED,  /* on stable storage, in PostgreSQL or in the journal */
    TEXTING_AWAY,    /* not stored: the gateway must send it again */
    TEXTING_REFUSED, /* the register will never take it: a fault of ours, logged */
};

struct texting;
typedef void texting_done(void *context, struct texting *texting);

struct texting {
    struct edge *edge;
    struct arena *arena;
    struct sms_reading reading;
    struct slice language;        /* for the reply */
    struct slice crisis, gateway; /* of who brought it; in the arena */
    bool reply_wanted;            /* set before: the answer can carry it, or the outbox */
    bool may_reply;               /* false to short codes, alphanumeric senders and ourselves: they may be machines */
    uint8_t sender[BLIND_SIZE];   /* may_reply: the blind index of its number */
    struct uuid client_id;
    unsigned band;
    int64_t registration_id;
    struct sms_outcome outcome;
    enum texting_fate fate;       /* when `done` runs */
    struct slice reply;           /* STORED: what its sender is told; may be empty */
    struct intake_ticket *ticket; /* while it is being stored */
    struct pg_call *call;         /* then, for a stranger, while we look what it has told */
    texting_done *done;
    void *context;
};

/* Starts storing `message` of the gateway. `done` runs once, on the loop, never before this returns. False when memory is out, or there is no room: the
 * message is AWAY and `done` will not run. Borrows `message` until `done` ran. */
bool texting_start(struct texting *texting, struct edge *edge, const struct gateway_row *gateway,
                   const struct gateway_message *message, int64_t received_us, struct arena *arena);
/* Nobody waits for the answer any more: `done` will not run; the message goes its way. */
void texting_forget(struct texting *texting);

#endif
