/* SPDX-License-Identifier: Apache-2.0
 * The database's side of a sealing epoch: its id and wraps, which travel with the records sealed under it until they are known to be
 * committed, so no record is ever stored under an epoch that is not. */
#ifndef STORE_SEALED_EPOCH_H
#define STORE_SEALED_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/id.h"
#include "pg/params.h"
#include "seal/seal.h"
#include "store/codec.h"

enum { CRISIS_ID_SIZE = 32 };

struct sealed_epoch_wrap {
    char recipient_id[SEAL_RECIPIENT_ID_SIZE + 1];
    uint8_t wrapped[SEAL_WRAP_SIZE];
};

/* Shared by the records sealed under it; counted. */
struct sealed_epoch {
    struct uuid id;
    char crisis[CRISIS_ID_SIZE]; /* "" when not known */
    int64_t opened_us;
    unsigned wrap_count;
    struct sealed_epoch_wrap wraps[SEAL_RECIPIENTS_MAX];
    bool confirmed; /* PostgreSQL is known to have it */
    unsigned references;
};

/* One reference is the caller's; NULL when memory is out. */
struct sealed_epoch *sealed_epoch_new(const struct seal_epoch *epoch, const char *crisis, int64_t opened_us);
struct sealed_epoch *sealed_epoch_take(struct sealed_epoch *epoch);
void sealed_epoch_drop(struct sealed_epoch *epoch);

/* For the journal, where each entry carries its epoch. Reading makes a new one. */
void sealed_epoch_code(struct codec *codec, struct sealed_epoch **epoch);

/* Adds six columns: the ids, crises and times of the epochs not yet confirmed, and their wraps. `epoch_of` gives the epoch of a record. */
void sealed_epoch_encode(struct pg_params *params, const void *const records[], size_t count,
                         struct sealed_epoch *(*epoch_of)(const void *record));

#endif
