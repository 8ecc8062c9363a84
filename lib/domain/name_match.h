/* SPDX-License-Identifier: Apache-2.0
 * How well a person's name answers to the words that somebody typed. */
#ifndef DOMAIN_NAME_MATCH_H
#define DOMAIN_NAME_MATCH_H

#include "domain/name.h"

enum name_matched { NAME_MATCHED_NOT, NAME_MATCHED_WHOLE, NAME_MATCHED_BEGINS, NAME_MATCHED_SOUNDS };

/* 0 to 100; 0: it is not that name. Of three words and more one may be missing. *how: the weakest way in which a word was found. */
unsigned name_match(const struct name_tokens *asked, const struct name_tokens *person, enum name_matched *how);

#endif
