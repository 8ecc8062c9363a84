/* SPDX-License-Identifier: Apache-2.0
 * From what a person sent, or told an officer, to the record that is stored: personal fields sealed, indexes blinded, the case decided. */
#ifndef STORE_REGISTRATION_SEAL_H
#define STORE_REGISTRATION_SEAL_H

#include <stdbool.h>

#include "core/tree.h"
#include "domain/registration.h"
#include "domain/triage.h"
#include "store/registration_record.h"

/* What is known of a registration besides its content. */
struct registration_sealing {
    const struct blind_keys *keys;
    struct seal_epoch *epoch;     /* seals */
    struct sealed_epoch *travels; /* the same epoch, as the record takes it along */
    struct slice crisis;
    struct slice language; /* of the sender, as far as we can tell */
    enum channel channel;
    int64_t received_us;
    const struct tree *content;    /* for "same id, other content" */
    struct triage_verdict verdict; /* the case it raises */
    unsigned attempt;              /* see derive_registration_id */
};

/* Fills a new record. `registration` was validated and has a client_id. False when memory is out. */
bool registration_seal(struct registration_record *record, const struct registration *registration,
                       const struct registration_sealing *with);

#endif
