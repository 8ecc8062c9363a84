/* SPDX-License-Identifier: Apache-2.0
 * The languages we can answer in, and which of them a caller would like best. */
#ifndef PAGE_LANGUAGE_H
#define PAGE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

struct page_language {
    struct slice tag;          /* "en"; NUL-terminated */
    struct slice name;         /* in the language itself: "English" */
    struct slice direction;    /* "ltr" or "rtl", for HTML's dir */
    const struct slice *texts; /* by the index of the key; private to page/text.c */
    bool officers; /* the desk speaks it too; of the others it would show English for what only officers read */
};

size_t page_language_count(void);
/* The first is English, the one every text exists in. NULL past the end. */
const struct page_language *page_language_at(size_t index);

/* By the primary subtag, without regard to case: "fr", "fr-NE", "FR_ne". NULL when we do not speak it. */
const struct page_language *page_language_find(struct slice tag);

/* What to answer in: the `lang` parameter when we speak it, else the best of Accept-Language (RFC 9110 section 12.5.4; among equals
 * the first named), else English. Never NULL. Reads at most PAGE_ACCEPTED_MAX ranges. */
enum { PAGE_ACCEPTED_MAX = 32 };
const struct page_language *page_language_negotiate(struct slice lang_parameter, struct slice accept_language);
/* The same among the languages of the desk. */
const struct page_language *page_language_negotiate_officer(struct slice lang_parameter, struct slice accept_language);

#endif
