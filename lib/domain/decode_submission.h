/* SPDX-License-Identifier: Apache-2.0
 * What citizens send, from the tree that JSON or a form makes to the domain's structs. */
#ifndef DOMAIN_DECODE_SUBMISSION_H
#define DOMAIN_DECODE_SUBMISSION_H

#include "domain/check_in.h"
#include "domain/decode.h"
#include "domain/registration.h"

void decode_registration(struct decoder *decoder, const struct tree *tree, struct registration *registration);
/* A relative's inquiry, as the party it asks after: `about` is its one member and place, `asker` its emergency contact, what was said of
 * the last contact and the message the member's note. */
void decode_inquiry(struct decoder *decoder, const struct tree *tree, struct registration *registration);
void decode_check_in(struct decoder *decoder, const struct tree *tree, struct check_in *check_in);

#endif
