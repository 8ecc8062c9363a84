/* SPDX-License-Identifier: Apache-2.0
 * The sealing epoch in force for each crisis: minutes old at most, then forgotten. */
#ifndef EDGE_EPOCHS_H
#define EDGE_EPOCHS_H

#include "core/clock.h"
#include "core/slice.h"
#include "seal/seal.h"
#include "store/sealed_epoch.h"

enum { EPOCH_MINUTES = 5 };

struct epochs;

/* `recipients` are copied. */
struct epochs *epochs_new(const struct seal_recipient *recipients, unsigned count, const struct clock *clock);
void epochs_free(struct epochs *epochs);

struct epoch_in_force {
    struct seal_epoch *keys;      /* to seal with now, within this turn of the loop */
    struct sealed_epoch *travels; /* to go with the record: take a reference */
};

/* For a crisis ("" when it is not known whose). keys is NULL when memory is out. */
struct epoch_in_force epochs_current(struct epochs *epochs, struct slice crisis);

#endif
