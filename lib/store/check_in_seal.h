/* SPDX-License-Identifier: Apache-2.0
 * From what a person said to the record that is stored: words, place and sender sealed, the phone blinded, the case decided. */
#ifndef STORE_CHECK_IN_SEAL_H
#define STORE_CHECK_IN_SEAL_H

#include <stdbool.h>

#include "core/tree.h"
#include "domain/check_in.h"
#include "domain/triage.h"
#include "store/check_in_record.h"

/* What is known of a check-in besides its content. */
struct check_in_sealing {
    const struct blind_keys *keys;
    struct seal_epoch *epoch;     /* seals */
    struct sealed_epoch *travels; /* the same epoch, as the record takes it along */
    struct slice crisis;          /* empty: not known */
    struct slice language;        /* of the sender, as far as we can tell */
    enum channel channel;
    int64_t received_us;
    const struct tree *content;    /* for "same id, other content" */
    struct triage_verdict verdict; /* the case it raises */
};

/* Fills a new record. `check_in` was validated (or made of a text message, where status may be absent). False when memory is out. */
bool check_in_seal(struct check_in_record *record, const struct check_in *check_in,
                   const struct check_in_sealing *with);

#endif
