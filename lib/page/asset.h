/* SPDX-License-Identifier: Apache-2.0
 * Files served as they are (/assets/console.js), embedded at build. */
#ifndef PAGE_ASSET_H
#define PAGE_ASSET_H

#include <stddef.h>

#include "core/slice.h"

struct page_asset {
    struct slice name;       /* "console.js" */
    struct slice media_type; /* "text/javascript; charset=utf-8" */
    struct slice bytes;
    struct slice etag; /* strong, with its quotes */
};

/* By name; NULL when there is none. */
const struct page_asset *page_asset_find(struct slice name);
size_t page_asset_count(void);
const struct page_asset *page_asset_at(size_t index);

/* Content-Security-Policy values. The citizen's pages: one inline style sheet, allowed by its hash, one script of our own. */
const char *page_csp(void);
/* The desk's: scripts and styles from /assets only, requests to itself only. */
const char *page_csp_desk(void);

#endif
