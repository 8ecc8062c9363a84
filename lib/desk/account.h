/* SPDX-License-Identifier: Apache-2.0
 * What someone signed in is told of themselves. */
#ifndef DESK_ACCOUNT_H
#define DESK_ACCOUNT_H

#include "desk/desk_call.h"

/* Makes {"user", "role", "crises", "csrf", "expires_at"} the call's answer, of call->who; `csrf` for a browser's session only. */
void account_render(struct desk_call *call, const char *role, struct slice token);

#endif
