/* SPDX-License-Identifier: Apache-2.0
 * Answering with a page: the language, the crisis in view, and the page rooms' functions. */
#ifndef EDGE_PAGES_H
#define EDGE_PAGES_H

#include "domain/field_error.h"
#include "edge/role.h"
#include "edge/submitted.h"
#include "net/form.h"
#include "net/http.h"
#include "page/crisis_view.h"
#include "page/request.h"

/* The caller's language: ?lang=, the form's own language field is the page's business, else Accept-Language. */
const struct page_language *pages_language(struct http_exchange *exchange);
struct slice pages_language_tag(struct http_exchange *exchange);

/* What a page function is given. `crisis` may be NULL. */
struct page_request pages_request(struct http_exchange *exchange, const struct crisis_row *crisis);
struct crisis_view pages_crisis_view(const struct crisis_row *crisis, const struct page_language *language);

/* The crisis that the form or ?crisis= names, else the only one open; NULL when it cannot be told. `values` may be NULL. */
const struct crisis_row *pages_crisis(const struct edge *edge, struct http_exchange *exchange,
                                      const struct form *values);

/* Answers with what a page function made, or 503 when it could not; releases `out`. */
void pages_respond(struct http_exchange *exchange, unsigned status, struct buffer *out);
/* The same for a page that is the same for everybody (edge/kept.h): compressed, and kept by browsers; releases `out`. */
void pages_respond_to_all(struct edge *edge, struct http_exchange *exchange, struct buffer *out);
/* Compressed for this one answer; releases `out`. For pages whose only secret, if any, is a client_id: that is another in each, and BREACH
 * needs many answers with one secret; and for those that hold nothing but what the body of their own request brought: who can send that
 * knows it. Browsers may keep it for Back and Forward (decision 0027), so nothing with a secret of the register is answered so. */
void pages_respond_once(struct http_exchange *exchange, unsigned status, struct buffer *out);
void pages_respond_error(struct edge *edge, struct http_exchange *exchange, unsigned status, const char *detail_key);
/* The form again, 422, with what was typed. */
void pages_respond_form(struct edge *edge, struct http_exchange *exchange, enum form_page page,
                        const struct form *values, const struct field_errors *errors);

/* The Content-Security-Policy of every answer of the edge. */
const char *pages_security_policy(void);

#endif
