/* SPDX-License-Identifier: Apache-2.0
 * A text to many: what may be sent to whom, and who may let it go.
 *
 *   DRAFT --send, small--> RUNNING --nobody is left to text--> FINISHED
 *     |  \--send, large--> PROPOSED --approved by another--> RUNNING
 *     \--------stop-----------/-------------stop---------------/---> STOPPED
 */
#ifndef DOMAIN_BROADCAST_H
#define DOMAIN_BROADCAST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "core/tree.h"
#include "domain/field_error.h"
#include "domain/place.h"
#include "domain/sms_segment.h"

enum {
    BROADCAST_TEXTS_MAX = 8,
    BROADCAST_LIST_MAX = 64,
    BROADCAST_ZONE_KM_MAX = 200,
    BROADCAST_RATE_MAX = 100,
    BROADCAST_RATE_USUAL = 10,
    BROADCAST_HOURS_MAX = 72,
    BROADCAST_HOURS_USUAL = 6,
    BROADCAST_COUNT_MINUTES = 10, /* a count is good for that long */
};

/* What asks for an answer in a language that we do not speak: everybody reads it. */
#define BROADCAST_ASK_EVERYBODY "OK = 1. SOS = 2."

struct broadcast_words {
    struct slice language, text;
};

/* A set of words that somebody chose: count 0 is whoever. */
struct broadcast_list {
    struct slice items[BROADCAST_LIST_MAX];
    size_t count;
};

struct broadcast_zone {
    bool given;
    double lat, lon, km;
};

/* All that is given must hold of a party. */
struct broadcast_audience {
    struct broadcast_list posts, cells, languages;
    struct broadcast_zone zone; /* instead of cells */
    uint32_t bands;             /* bits 1 to 5; 0: any, or no case at all */
    uint32_t needs;             /* any of these NEED_BITs */
    uint32_t intents;           /* bits by enum intent */
    uint32_t statuses;          /* bits by enum check_in_status */
    bool unheard;               /* among the statuses: who never checked in */
    bool overdue;
};

struct broadcast_draft {
    struct slice crisis;
    struct broadcast_audience audience;
    struct broadcast_words texts[BROADCAST_TEXTS_MAX]; /* the first is for who reads none of the others */
    size_t text_count;
    bool asks; /* each text ends in "reply 1 if safe, 2 if you need help" */
    unsigned texts_a_second, hours;
};

/* Reads what an officer sent (an OBJECT), naming every member at fault. Texts are borrowed from the tree. */
void broadcast_decode(struct arena *arena, const struct tree *tree, struct broadcast_draft *draft,
                      struct field_errors *errors);

/* `text` with each "{case}" replaced by the party's case code; in the arena, or `text` itself when there is none. data NULL: no memory. */
struct slice broadcast_fill_in(struct arena *arena, struct slice text, struct slice case_code);
/* What it takes to send it to one party. */
struct sms_size broadcast_size(struct arena *arena, struct slice text);

enum broadcast_state {
    BROADCAST_DRAFT,
    BROADCAST_PROPOSED, /* it waits for a second officer */
    BROADCAST_RUNNING,
    BROADCAST_STOPPED,
    BROADCAST_FINISHED,
    BROADCAST_STATE_COUNT,
};
enum broadcast_event { BROADCAST_SEND, BROADCAST_APPROVE, BROADCAST_STOP };
enum broadcast_refusal {
    BROADCAST_OK,
    BROADCAST_NOT_NOW,     /* its state has no such step */
    BROADCAST_NOT_YOURS,   /* only its author sends it */
    BROADCAST_NOT_BY_SELF, /* its author may not approve it */
    BROADCAST_COUNT_OLD,   /* the audience was not counted of late */
    BROADCAST_NOBODY,      /* nobody of the audience can be texted */
    BROADCAST_NO_GATEWAY,  /* nothing that sends is there */
};

struct broadcast_facts {
    enum broadcast_state state;
    bool by_author;
    bool has_gateway;
    int64_t counted_us, now_us; /* counted 0: never */
    int64_t recipients;
    int64_t approval_above; /* more recipients than that need a second officer */
};

struct broadcast_next {
    enum broadcast_refusal refusal;
    enum broadcast_state state; /* OK: the state it comes to */
};

struct broadcast_next broadcast_step(enum broadcast_event event, const struct broadcast_facts *facts);

/* "draft", ... as the register names it; false when there is none of that name. */
struct slice broadcast_state_name(enum broadcast_state state);
bool broadcast_state_find(struct slice name, enum broadcast_state *state);

#endif
