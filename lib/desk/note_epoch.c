/* SPDX-License-Identifier: Apache-2.0
 * Replaced by time, when next asked for. */
#include "desk/note_epoch.h"

#include <string.h>

void note_epoch_init(struct note_epoch *epoch, const struct seal_recipient *recipients, unsigned count,
                     const struct clock *clock)
{
    *epoch = (struct note_epoch){.clock = *clock};
    epoch->recipient_count = count <= SEAL_RECIPIENTS_MAX ? count : SEAL_RECIPIENTS_MAX;
    memcpy(epoch->recipients, recipients, epoch->recipient_count * sizeof(recipients[0]));
}

void note_epoch_release(struct note_epoch *epoch)
{
    seal_epoch_free(epoch->keys);
    epoch->keys = NULL;
}

struct seal_epoch *note_epoch_current(struct note_epoch *epoch)
{
    int64_t now = clock_now(&epoch->clock);
    int64_t age = now - epoch->opened_us;
    if (epoch->keys == NULL || age < 0 || age >= NOTE_EPOCH_SECONDS * MICROSECONDS_A_SECOND) {
        seal_epoch_free(epoch->keys);
        epoch->keys = seal_epoch_new(epoch->recipients, epoch->recipient_count);
        epoch->opened_us = now;
    }
    return epoch->keys;
}
