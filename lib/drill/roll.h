/* SPDX-License-Identifier: Apache-2.0
 * The roll of a drill: each submission and each party, in 32 and 8 bytes, so that a million of each stay in memory. What they say is
 * made anew from the seed (drill/submission.h). */
#ifndef DRILL_ROLL_H
#define DRILL_ROLL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "drill/scenario.h"

#define ROLL_RECORDS_MAX UINT32_C(16000000) /* 512 MB */
#define ROLL_NOBODY      UINT32_MAX
#define ROLL_UNKNOWN     INT64_C(-1)
enum { ROLL_NO_STATUS = 255, ROLL_NO_BAND = 0 };

enum roll_state {
    ROLL_SENT,    /* at least once, and not answered for good */
    ROLL_STORED,  /* 201, 202, or a gateway's 200 */
    ROLL_REFUSED, /* an answer that nobody should get */
};

enum roll_flag {
    ROLL_STRANGER = 1,  /* `party` is a number of the strangers */
    ROLL_LATE = 2,      /* hours old when it was sent */
    ROLL_REPEAT = 4,    /* to be sent again once it is answered */
    ROLL_DIFFERENT = 8, /* two answers that are not the same */
    ROLL_SEEN = 16,     /* in the register */
    ROLL_WAITS = 32,    /* in the list of what is sent again later */
};

struct roll_record {
    int64_t registration_id; /* whose party it was joined to, as answered or by the case it named; ROLL_UNKNOWN */
    uint32_t party;
    uint32_t at_s;   /* the sender's clock, seconds since 1970 */
    uint32_t answer; /* STORED: hash of what every answer must say alike; REFUSED: the HTTP status */
    uint32_t next;   /* while it waits */
    uint8_t kind;    /* enum scenario_kind */
    uint8_t item;    /* which household, report or text of the scenario */
    uint8_t status;  /* enum check_in_status, or ROLL_NO_STATUS */
    uint8_t people;
    uint8_t band; /* as answered */
    uint8_t state;
    uint8_t flags;
    uint8_t via_journal; /* it was first answered 202 */
};

struct roll {
    uint32_t drill;
    uint64_t seed;
    struct roll_record *records;
    uint32_t count, capacity;
    int64_t *registered; /* by party: the number behind its case code; ROLL_UNKNOWN until answered 201 or 202 */
    uint8_t *committed;  /* by party, a bit each: it was answered 201, so its telephone number is known from then on */
    uint32_t parties;    /* that began to register */
    uint32_t party_max;
};

/* `party_max`: how many may register. False without memory. */
bool roll_init(struct roll *roll, uint32_t drill, uint64_t seed, uint32_t party_max);
void roll_release(struct roll *roll);
bool roll_is_committed(const struct roll *roll, uint32_t party);
/* The answer to a party's registration. */
void roll_register(struct roll *roll, uint32_t party, int64_t registration_id, bool committed);
/* A new record, zeroed, with its registration_id ROLL_UNKNOWN; NULL when memory or ROLL_RECORDS_MAX is out. Moves the others. */
struct roll_record *roll_add(struct roll *roll);
struct uuid roll_client_id(const struct roll *roll, uint32_t index);
/* The record that an exercise id is of; ROLL_NOBODY when it is another drill's or nobody began it. */
uint32_t roll_find(const struct roll *roll, const struct uuid *id);

#endif
