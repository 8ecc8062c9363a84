/* SPDX-License-Identifier: Apache-2.0
 * Who tells of somebody else: a relative abroad, a warden, an employer. Kept sealed with what they told, so that an officer can ask back. */
#ifndef DOMAIN_REPORTER_H
#define DOMAIN_REPORTER_H

#include <stdbool.h>

#include "core/slice.h"
#include "domain/decode.h"
#include "domain/field_error.h"

struct reporter {
    bool given;
    struct slice name;
    struct slice relation; /* to whom they tell of: "brother", "employer" */
    struct slice phone;    /* as typed; abroad, so with its country code unless it is of the crisis's country */
    struct slice email;
};

/* The members of `reporter` by the contract's names; a decode_member's function. `target` is a struct reporter. */
void reporter_decode(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target);
/* Adds what is wrong under "reporter/": who is given must say a name, a phone or an e-mail. `country` reads local phone forms. */
void reporter_validate(const struct reporter *reporter, const char *country, struct field_errors *errors);

#endif
