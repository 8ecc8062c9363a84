/* SPDX-License-Identifier: Apache-2.0
 * One request about a broadcast on its way to the answer that all end in: the broadcast as it stands.
 *
 *   SHOW_COUNT --a draft is counted anew--> SHOW --its texts--> TEXTS --what became of them--> PROGRESS --> answered
 */
#ifndef DESK_BROADCAST_CALL_H
#define DESK_BROADCAST_CALL_H

#include "desk/desk_call.h"
#include "store/broadcast.h"

enum broadcast_call_step {
    BROADCAST_CALL_OWN, /* what the capability does first */
    BROADCAST_CALL_COUNT,
    BROADCAST_CALL_SHOW,
    BROADCAST_CALL_TEXTS,
    BROADCAST_CALL_PROGRESS,
};

struct broadcast_call {
    struct desk_call call;
    enum broadcast_call_step step;
    struct uuid id;
    unsigned status; /* of the answer */
    int64_t segments;
    bool has_price;
    int64_t segment_price;
    struct slice currency;
};

/* False after answering 404: the path names none. */
bool broadcast_call_parse(struct broadcast_call *call);
/* Goes on to the answer; `counts`: a draft of the caller's posts is counted anew before. */
void broadcast_call_show(struct broadcast_call *call, bool counts);
/* The rows of a statement that broadcast_call_show started. */
void broadcast_call_go_on(struct broadcast_call *call, const PGresult *rows);
/* What a list and a whole broadcast both say. */
void broadcast_call_render_row(struct render *render, json_t *object, const struct broadcast_row *row);

#endif
