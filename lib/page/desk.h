/* SPDX-License-Identifier: Apache-2.0
 * The officer's pages: sign-in, and what scripts bring to life: the console, broadcasts, map, dashboard and intake. */
#ifndef PAGE_DESK_H
#define PAGE_DESK_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "page/request.h"

struct desk_sign_in_view {
    struct slice csrf; /* goes back as the field "csrf"; empty: there is no such field */
    struct slice user; /* as typed before; may be empty */
    struct slice
        next; /* the page of ours that they were at, to come back to; goes back as the field "next"; empty: none */
    const char *problem_key; /* "sign_in.failed", "sign_in.too_many", "sign_in.ended"; NULL: none */
    bool cards;              /* a smart card will do, too: POSTs to /sign-in/card */
};
/* POSTs user, password, totp, csrf and next as a form to /sign-in. */
void page_desk_sign_in(struct buffer *out, const struct page_request *request, const struct desk_sign_in_view *view);

struct desk_console_view {
    struct slice user;                         /* "officer.1" */
    struct slice role;                         /* "officer" */
    struct slice csrf;                         /* sent by the console as X-CSRF-Token */
    struct slice tiles_url, tiles_attribution; /* of the map; empty: none */
};
struct page_frame;
/* What a script of a page of its own reads: who is signed in, and the texts whose keys begin with `prefix`. Lives as long as the frame. */
struct slice page_desk_settings(struct page_frame *frame, const struct desk_console_view *view, struct slice prefix);

/* The pages that their scripts bring to life; each needs the assets that its template names, on the same listener. */
enum desk_page {
    DESK_PAGE_CONSOLE,    /* "/": a queue, and a case beside it */
    DESK_PAGE_BROADCASTS, /* what texts many */
    DESK_PAGE_MAP,        /* open cases on a map */
    DESK_PAGE_DASHBOARD,  /* figures for the task force's screen */
    DESK_PAGE_AUDIT,      /* who did what */
    DESK_PAGE_POLICY,     /* a crisis's triage policy, for its lead to change */
    DESK_PAGE_INTAKE,     /* who calls, or is heard by radio, is taken down */
    DESK_PAGE_WARDEN,     /* a warden's list, on a phone */
    DESK_PAGE_WARDENS,    /* all wardens' lists, for a lead */
    DESK_PAGE_COUNT,
};
/* Where it stands: "/map". */
struct slice page_desk_path(enum desk_page which);
void page_desk(struct buffer *out, const struct page_request *request, const struct desk_console_view *view,
               enum desk_page which);

#endif
