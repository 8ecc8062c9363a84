/* SPDX-License-Identifier: Apache-2.0
 * The desk's pages. */
#ifndef DESK_CONSOLE_H
#define DESK_CONSOLE_H

#include "desk/desk_call.h"

/* The sign-in form. `user` as typed before; `problem_key` as page/desk.h has it, or NULL; `retry_after_s` 0: none. */
void console_respond_sign_in(struct desk_call *call, unsigned status, struct slice user, const char *problem_key,
                             unsigned retry_after_s);

#endif
