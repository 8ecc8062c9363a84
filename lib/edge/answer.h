/* SPDX-License-Identifier: Apache-2.0
 * What a citizen or program is told once a record is durable. */
#ifndef EDGE_ANSWER_H
#define EDGE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "edge/role.h"
#include "edge/submitted.h"
#include "net/http.h"

struct registered {
    struct slice case_code;
    struct slice secret;
    bool via_journal;
    int64_t check_in_by_us;
    struct slice phone; /* E.164, the first contact; empty: none */
};

struct checked_in {
    struct slice receipt;
    bool via_journal;
    unsigned band;      /* 0: nobody needs to act */
    struct slice phone; /* E.164, that it was told from; empty: by case code */
    bool has_position;  /* it told one */
    double lat, lon;
};

/* 201, or 202 when it is in the journal. */
void answer_registered(struct http_exchange *exchange, const struct registered *registered);
void answer_registered_page(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                            struct slice crisis, const struct registered *registered);
/* {"inquiry": ...}; a page that never says whether the person is registered. */
void answer_inquired(struct http_exchange *exchange, struct slice inquiry, bool via_journal);
void answer_inquired_page(struct edge *edge, struct http_exchange *exchange, struct slice crisis, struct slice inquiry,
                          bool via_journal);
void answer_checked_in(struct http_exchange *exchange, const struct checked_in *checked_in);
void answer_checked_in_page(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                            const struct checked_in *checked_in);

#endif
