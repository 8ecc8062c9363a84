/* SPDX-License-Identifier: Apache-2.0
 * One text as its gateway wants it: what is sealed is opened here, for as long as the request is made, and nowhere else. */
#ifndef COURIER_HAND_OVER_H
#define COURIER_HAND_OVER_H

#include <stdbool.h>

#include "core/arena.h"
#include "courier/lanes.h"
#include "courier/web_client.h"
#include "domain/delivery.h"
#include "seal/blind.h"
#include "seal/seal.h"
#include "store/message.h"

struct hand_over {
    struct seal_opener *opener;
    const struct blind_keys *keys;
    const char *public_url;
};

/* The request for a text taken for this lane, in the arena. False when it does not open, goes to nothing that is a number, or cannot be made for this
 * gateway; *reason says which, in a code. */
bool hand_over_make(const struct hand_over *hand_over, const struct lane *lane, const struct message_taken_row *message,
                    struct arena *arena, struct gateway_call *call, const char **reason);
/* For a gateway that fetches: what the phone is to be given, locked for the edge that it asks; `id` is the parcel's. False as above. */
bool hand_over_pack(const struct hand_over *hand_over, const struct lane *lane, const struct message_taken_row *message,
                    struct slice id, struct arena *arena, struct slice *parcel, const char **reason);
/* What the gateway's answer means; *id is its own id of the text, in the arena, may be empty. */
enum delivery_event hand_over_read(const struct gateway_kind *kind, const struct web_answer *answer,
                                   struct arena *arena, struct slice *id);

#endif
