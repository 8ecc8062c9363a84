/* SPDX-License-Identifier: Apache-2.0
 * The page of who tells of others: one person after the other, without saying again who oneself is. As citizen.h says of its pages. */
#ifndef PAGE_HELPER_H
#define PAGE_HELPER_H

#include "page/citizen.h"

struct helped_view {
    struct slice line; /* case code, secret or "-", name: of the person just told of */
    bool via_journal;
    unsigned band; /* 0: nobody needs to act */
};

/* reporter/name, reporter/relation, reporter/phone, reporter/email; then of one person: case, or party/0/family_name, party/0/given_names,
 * party/0/birth_date, contacts/0/value; location/place, status, needs, message. `_done`, one each, are the lines of those told of before.
 * `helped`: what was just stored; the form is then for the next person, and of `values` only the helper and the lines are kept. NULL: none. */
void page_helper_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                      const struct form *values, const struct field_errors *errors, const struct helped_view *helped);

#endif
