/* SPDX-License-Identifier: Apache-2.0
 * The name of a member of a party, opened. */
#ifndef DESK_PERSON_NAME_H
#define DESK_PERSON_NAME_H

#include "desk/desk_call.h"
#include "domain/name.h"
#include "store/sealed_cell.h"

/* Given names, then the family's, in the request's arena; its words are added to `words`, and *birth_date is as
 * registered, or empty; NULL: not wanted. Empty when there is none, or (*unreadable is set) it does not
 * open. */
struct slice person_name(struct desk_call *call, int64_t registration_id, unsigned ordinal,
                         const struct sealed_cell *person, struct name_tokens *words, struct slice *birth_date,
                         bool *unreadable);

#endif
