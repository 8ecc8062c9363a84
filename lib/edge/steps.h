/* SPDX-License-Identifier: Apache-2.0
 * Registering one thing a page. Nothing is kept here between two pages: what was answered travels in the form, in the body of each POST, so
 * that no address holds it and no half-done registration lies about. */
#ifndef EDGE_STEPS_H
#define EDGE_STEPS_H

#include "domain/field_error.h"
#include "domain/registration.h"
#include "edge/role.h"
#include "edge/submitted.h"
#include "net/http.h"

/* The form asks for another question (it has "_go"), not yet to be registered. */
bool steps_go_on(const struct form *form);
/* Answers with the question that comes next, or the same one with what is wrong with its own answers. */
void steps_answer(struct edge *edge, struct http_exchange *exchange, struct form *form,
                  const struct registration *registration, const struct field_errors *errors);
/* It was to be registered, and something is wrong: the question that it is wrong in. False when the form does not come from these pages. */
bool steps_refuse(struct edge *edge, struct http_exchange *exchange, const struct form *form,
                  const struct field_errors *errors);
/* The question whose name the form's _step is, as it stands. */
void steps_show(struct edge *edge, struct http_exchange *exchange, const struct form *form);

#endif
