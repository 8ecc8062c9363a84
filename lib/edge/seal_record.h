/* SPDX-License-Identifier: Apache-2.0
 * From what a person sent to the record that is stored: personal fields sealed, indexes blinded, the case decided. */
#ifndef EDGE_SEAL_RECORD_H
#define EDGE_SEAL_RECORD_H

#include <stdbool.h>

#include "core/tree.h"
#include "domain/check_in.h"
#include "domain/registration.h"
#include "domain/triage.h"
#include "edge/role.h"
#include "store/check_in_record.h"
#include "store/registration_record.h"

/* What is known of a submission besides its content. */
struct submission {
    const struct crisis_row *crisis; /* NULL: not known (a check-in while several crises are open) */
    enum channel channel;
    struct slice language; /* of the sender, as far as we can tell */
    int64_t received_us;
    const struct tree *content;    /* for "same id, other content" */
    struct triage_verdict verdict; /* the case it raises */
};

/* `registration` was validated and has a client_id. `attempt`: see derive_registration_id. NULL when memory is out. */
struct registration_record *seal_registration(struct edge *edge, const struct registration *registration,
                                              const struct submission *submission, unsigned attempt);

/* `check_in` was validated (or made of a text message, where status may be absent). NULL when memory is out. */
struct check_in_record *seal_check_in(struct edge *edge, const struct check_in *check_in,
                                      const struct submission *submission);

#endif
