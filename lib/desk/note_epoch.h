/* SPDX-License-Identifier: Apache-2.0
 * The epoch under which this desk seals its officers' notes, replaced every ten minutes. */
#ifndef DESK_NOTE_EPOCH_H
#define DESK_NOTE_EPOCH_H

#include <stdint.h>

#include "core/clock.h"
#include "seal/seal.h"

enum { NOTE_EPOCH_SECONDS = 600 };

struct note_epoch {
    struct clock clock;
    struct seal_recipient recipients[SEAL_RECIPIENTS_MAX];
    unsigned recipient_count;
    struct seal_epoch *keys; /* NULL: none yet */
    int64_t opened_us;
};

void note_epoch_init(struct note_epoch *epoch, const struct seal_recipient *recipients, unsigned count,
                     const struct clock *clock);
void note_epoch_release(struct note_epoch *epoch);
/* The epoch in force, opened at epoch->opened_us; NULL when memory is out or a recipient's key is unusable. Valid until the next call. */
struct seal_epoch *note_epoch_current(struct note_epoch *epoch);

#endif
