/* SPDX-License-Identifier: Apache-2.0
 * RFC 9457 problem details, the one shape of every refusal. */
#ifndef NET_PROBLEM_H
#define NET_PROBLEM_H

#include "net/http.h"

struct problem {
    unsigned status;
    const char *type;         /* "about:blank" when NULL */
    struct slice title;       /* a short phrase; the status's reason when empty */
    struct slice detail;      /* a sentence the caller can act on, in the caller's language */
    struct slice errors_json; /* the `errors` array, ready made; empty for none */
    unsigned retry_after_s;   /* 0: no Retry-After */
    const struct http_header *headers;
    size_t header_count;
};

/* Answers with application/problem+json and Cache-Control: no-store. */
void problem_respond(struct http_exchange *exchange, const struct problem *problem);

#endif
