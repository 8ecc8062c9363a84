/* SPDX-License-Identifier: Apache-2.0
 * The page of one's own account at the desk. What is about the second factor works without scripts. */
#ifndef PAGE_DESK_ACCOUNT_H
#define PAGE_DESK_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "page/request.h"

struct desk_account_view {
    struct slice user, role, csrf;
    const char *problem_key;   /* "account.code_wrong"; NULL: none */
    bool due;                  /* nothing else of the desk until a second factor is enrolled */
    bool password_due;         /* nor until the password is changed that others gave */
    bool enrolled;             /* a second factor counts */
    struct slice secret, uri;  /* to be proven; empty: none waits */
    const struct slice *codes; /* new recovery codes, shown this once; NULL: none */
    size_t code_count;
    long codes_left;
};
/* POSTs action (begin, confirm, codes, remove), code and csrf as a form to /account/totp. */
void page_desk_account(struct buffer *out, const struct page_request *request, const struct desk_account_view *view);

#endif
