/* SPDX-License-Identifier: Apache-2.0
 * Saying no to a program, in the caller's language, with what to do about it. */
#ifndef EDGE_REFUSAL_H
#define EDGE_REFUSAL_H

#include "domain/field_error.h"
#include "net/http.h"

/* problem+json with the title and detail that the catalogue has for `status`. 503 and 429 get Retry-After. */
void edge_refuse(struct http_exchange *exchange, unsigned status);
/* 503: come again after so many seconds. */
void edge_refuse_for_now(struct http_exchange *exchange, unsigned retry_after_s);
/* The same with a detail of the catalogue's own ("problem.conflict.detail"). */
void edge_refuse_because(struct http_exchange *exchange, unsigned status, const char *detail_key);
/* 422 with every fault by field. */
void edge_refuse_fields(struct http_exchange *exchange, const struct field_errors *errors);

#endif
