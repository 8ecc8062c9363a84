/* SPDX-License-Identifier: Apache-2.0
 * A drill under way; private to drill/player*.c. */
#ifndef DRILL_PLAYER_STATE_H
#define DRILL_PLAYER_STATE_H

#include "drill/player.h"
#include "drill/wire.h"

enum { REPEATS_MAX = 4096, WHEEL_SECONDS = 64 };

/* What a connection is busy with, or will be when it is open again. */
struct job {
    uint32_t index; /* ROLL_NOBODY: nothing */
    bool again;     /* it was sent before on this connection, which was lost */
    int64_t started_us;
};

struct slot {
    struct wire wire;
    struct job job;
    int64_t rest_until_us; /* while RESTING */
    bool asked;            /* the job was sent on this connection */
    unsigned failures;     /* handshakes in a row that did not end well */
    bool idle;             /* stands in the list of the idle */
};

struct player {
    const struct player_config *config;
    struct tally *tally;
    struct error *error;
    struct event_base *base;
    struct slot *slots;
    unsigned *idle; /* a stack of slots */
    unsigned idle_count;
    int64_t started_us, ticked_us, sampled_us, answered_us, phase_us;
    double due[KIND_COUNT];        /* and not begun */
    uint32_t repeats[REPEATS_MAX]; /* a ring of records to be sent once more, or for the first time (reordered) */
    unsigned repeat_first, repeat_count;
    uint32_t wheel[WHEEL_SECONDS]; /* lists of records to be sent again at that second */
    int64_t wheel_second;          /* the next to be looked at */
    uint32_t again;                /* list of those that are due */
    unsigned waiting;              /* records in the wheel and in `again` */
    uint32_t strangers;
    unsigned stops; /* signals that came */
    bool opened;    /* some connection once was */
    bool failed;
};

/* The next job of a free connection: what waited first, then what is due. False when there is none. */
bool player_next(struct player *player, struct job *job);
/* A record into the list of what is sent again in `seconds`. */
void player_wait(struct player *player, uint32_t index, unsigned seconds);
/* Moves the clock of the waiting on. */
void player_turn_wheel(struct player *player, int64_t now_us);
void player_take_answer(struct player *player, const struct job *job, const struct reply *reply, int64_t now_us);
const struct scenario_phase *player_phase(const struct player *player);
bool player_add_repeat(struct player *player, uint32_t index);

#endif
