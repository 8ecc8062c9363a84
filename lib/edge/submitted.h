/* SPDX-License-Identifier: Apache-2.0
 * What was posted, as one tree whether it came as JSON or as a form, with what is needed to show a form again. */
#ifndef EDGE_SUBMITTED_H
#define EDGE_SUBMITTED_H

#include <stdbool.h>

#include "core/tree.h"
#include "domain/field_error.h"
#include "edge/role.h"
#include "net/form.h"
#include "net/http.h"

/* The page that a form is shown on again. */
enum form_page { PAGE_OF_REGISTER, PAGE_OF_CHECK_IN, PAGE_OF_FIND, PAGE_OF_HELPER, PAGE_OF_CODE };

struct submitted {
    bool from_form;
    struct tree *content;  /* in the request's arena, with texts borrowed from its body */
    struct form form;      /* as typed; borrowed from the request's arena */
    struct slice language; /* the caller's, as negotiated: "en", "fr" */
};

/* Reads the body; an Idempotency-Key header becomes the client_id, or a fault when it is not the one in the body. False when the
 * request was answered already (not JSON, not a form, not an object). */
bool submitted_read(struct submitted *submitted, struct http_exchange *exchange, bool from_form,
                    struct field_errors *errors);

/* Refuses in the form the caller understands: problem+json, or a page. `detail_key` NULL: the status's own words. */
void submitted_refuse(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                      unsigned status, const char *detail_key);
/* problem+json naming each field, or the form again with what was typed. */
void submitted_refuse_fields(struct edge *edge, struct http_exchange *exchange, const struct submitted *submitted,
                             enum form_page page, const struct field_errors *errors);

#endif
