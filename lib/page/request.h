/* SPDX-License-Identifier: Apache-2.0
 * What every page needs to know of the request it answers. */
#ifndef PAGE_REQUEST_H
#define PAGE_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "page/language.h"

struct page_request {
    struct arena *arena; /* the page's working memory; freed by the caller */
    const struct page_language *language;
    struct slice path;   /* "/register": the links to other languages go there */
    struct slice crisis; /* the open crisis that the address names, to stay in its links; empty when it names none */
    struct slice
        filters; /* of the address's query, escaped as they came, to stay in the links to other languages; empty: none */
    int64_t now_us;
    bool officers; /* a page of the desk: only its languages are offered */
};

/* Largest page we make; a good maximum for the buffer given to any function of this module. */
enum { PAGE_MAX = 512 * 1024 };

#endif
