/* SPDX-License-Identifier: Apache-2.0
 * A small table of epochs by crisis; the oldest place is taken over when it is full. */
#include "edge/epochs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/crisis.h"

struct place {
    char crisis[CRISIS_ID_SIZE];
    struct seal_epoch *keys;
    struct sealed_epoch *travels;
    int64_t opened_us; /* clock_monotonic: a wall clock set back must not keep an epoch alive */
};

struct epochs {
    struct seal_recipient recipients[SEAL_RECIPIENTS_MAX];
    unsigned recipient_count;
    struct clock clock;
    struct place places[CRISES_MAX];
};

static void place_clear(struct place *place)
{
    seal_epoch_free(place->keys);
    sealed_epoch_drop(place->travels);
    *place = (struct place){.keys = NULL};
}

struct epochs *epochs_new(const struct seal_recipient *recipients, unsigned count, const struct clock *clock)
{
    struct epochs *epochs = count <= SEAL_RECIPIENTS_MAX ? calloc(1, sizeof(*epochs)) : NULL;
    if (epochs != NULL) {
        memcpy(epochs->recipients, recipients, count * sizeof(*recipients));
        epochs->recipient_count = count;
        epochs->clock = *clock;
    }
    return epochs;
}

void epochs_free(struct epochs *epochs)
{
    for (size_t i = 0; epochs != NULL && i < CRISES_MAX; i++) {
        place_clear(&epochs->places[i]);
    }
    free(epochs);
}

static struct place *find_place(struct epochs *epochs, struct slice crisis)
{
    struct place *oldest = &epochs->places[0];
    for (size_t i = 0; i < CRISES_MAX; i++) {
        struct place *place = &epochs->places[i];
        if (place->keys != NULL && slice_equal(slice_of(place->crisis), crisis)) {
            return place;
        }
        if (oldest->keys != NULL && (place->keys == NULL || place->opened_us < oldest->opened_us)) {
            oldest = place;
        }
    }
    place_clear(oldest);
    return oldest;
}

struct epoch_in_force epochs_current(struct epochs *epochs, struct slice crisis)
{
    struct place *place = find_place(epochs, crisis);
    int64_t now = clock_monotonic();
    if (place->keys != NULL && now - place->opened_us > EPOCH_MINUTES * MICROSECONDS_A_MINUTE) {
        place_clear(place);
    }
    if (place->keys == NULL) {
        (void)snprintf(place->crisis, sizeof(place->crisis), "%.*s", SLICE_ARGS(crisis));
        place->opened_us = now;
        place->keys = seal_epoch_new(epochs->recipients, epochs->recipient_count);
        place->travels =
            place->keys == NULL ? NULL : sealed_epoch_new(place->keys, place->crisis, clock_now(&epochs->clock));
        if (place->travels == NULL) {
            place_clear(place);
        }
    }
    return (struct epoch_in_force){place->keys, place->travels};
}
