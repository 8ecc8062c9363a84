/* SPDX-License-Identifier: Apache-2.0
 * The one short answer to a text: what we understood, what happens next, and to a stranger one question. */
#ifndef EDGE_SMS_REPLY_H
#define EDGE_SMS_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/sms.h"
#include "domain/sms_question.h"
#include "store/crisis.h"

struct sms_outcome {
    bool stored_only; /* in the journal: who the sender is was not looked up, and the rest of this is not known */
    bool code_kept;   /* stored_only: the wish for the case code is in the journal too */
    bool known;       /* the sender's party is registered */
    unsigned band;    /* of the message; 0: nobody needs to act */
    int64_t registration_id;
    bool in_conversation;  /* a stranger whose cry is open */
    unsigned messages;     /* in_conversation: this one's number */
    enum sms_question ask; /* in_conversation */
};

/* In `language`, in the arena, GSM 7-bit characters, at most two segments. */
struct slice sms_reply(struct arena *arena, const struct sms_reading *reading, const struct sms_outcome *outcome,
                       struct slice language);
/* The sender's likely language among those we can answer in, else the crisis's first that we can. */
struct slice sms_reply_language(const struct sms_reading *reading, const struct crisis_row *crisis);

#endif
