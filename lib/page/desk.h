/* SPDX-License-Identifier: Apache-2.0
 * The officer's pages: sign-in, and the console, the broadcasts and the map that their scripts bring to life. */
#ifndef PAGE_DESK_H
#define PAGE_DESK_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "page/request.h"

struct desk_sign_in_view {
    struct slice csrf;       /* goes back as the field "csrf"; empty: there is no such field */
    struct slice user;       /* as typed before; may be empty */
    const char *problem_key; /* "sign_in.failed", "sign_in.too_many", "sign_in.ended"; NULL: none */
};
/* POSTs user, password, totp and csrf as a form to /sign-in. */
void page_desk_sign_in(struct buffer *out, const struct page_request *request, const struct desk_sign_in_view *view);

struct desk_console_view {
    struct slice user; /* "officer.1" */
    struct slice role; /* "officer" */
    struct slice csrf; /* sent by the console as X-CSRF-Token */
};
/* The console at "/". Needs /assets/console.js and /assets/console.css on the same listener. */
void page_desk_console(struct buffer *out, const struct page_request *request, const struct desk_console_view *view);
/* What texts many, at "/broadcasts"; needs /assets/broadcasts.js and what that imports, broadcasts.css and console.css there too. */
void page_desk_broadcasts(struct buffer *out, const struct page_request *request, const struct desk_console_view *view);
/* Open cases on a map, at "/map"; needs /assets/map.js and what that loads, map.css, console.css and Leaflet there too. */
void page_desk_map(struct buffer *out, const struct page_request *request, const struct desk_console_view *view);
/* Figures for the task force's screen, at "/dashboard"; needs /assets/dashboard.js, dashboard.css and console.css there too. */
void page_desk_dashboard(struct buffer *out, const struct page_request *request, const struct desk_console_view *view);

#endif
