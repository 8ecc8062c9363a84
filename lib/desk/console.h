/* SPDX-License-Identifier: Apache-2.0
 * The desk's pages. */
#ifndef DESK_CONSOLE_H
#define DESK_CONSOLE_H

#include "desk/desk_call.h"
#include "page/request.h"

/* The sign-in form. `user` as typed before; `next` as way_back.h has it, or empty; `problem_key` as page/desk.h has it, or NULL; `retry_after_s` 0: none. */
void console_respond_sign_in(struct desk_call *call, unsigned status, struct slice user, struct slice next,
                             const char *problem_key, unsigned retry_after_s);
/* The same for who comes without a session, saying so when one has ended; who signs in comes back to the same page. */
void console_show_sign_in(struct desk_call *call);
/* What a page of the desk at `path` is written for. */
struct page_request console_page_request(const struct desk_call *call, struct slice path);

#endif
