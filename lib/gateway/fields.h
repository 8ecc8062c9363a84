/* SPDX-License-Identifier: Apache-2.0
 * The fields of a gateway's request, wherever it put them. */
#ifndef GATEWAY_FIELDS_H
#define GATEWAY_FIELDS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "core/tree.h"
#include "net/form.h"
#include "net/http.h"

struct gateway_fields {
    struct form query, form;
    const struct tree *json; /* NULL: the request has none */
    bool unread;             /* it has content of a type that is not read */
};

/* Reads what `carriage` (gateway/kind.h) allows; the rest of the request is not looked at. False when that is malformed, or memory is out:
 * then the arena has failed. Borrows the request. */
bool gateway_fields_read(struct gateway_fields *fields, const struct http_request *request, unsigned carriage,
                         struct arena *arena);
/* The first of `names` ("sender|phoneNumber"; NULL: none) that is there and is not empty: in `item`, which is a part of the JSON or all of
 * it, then in the form, then in the query. A path ("payload/message") leads through JSON. Numbers are written out in the arena. Empty when
 * none is there. */
struct slice gateway_field(const struct gateway_fields *fields, const struct tree *item, const char *names,
                           struct arena *arena);
/* As gateway_field, of a JSON answer and at one path; in a list a number leads to that item ("messages/0/id"). `json` may be NULL. */
struct slice gateway_field_of(const struct tree *json, const char *path, struct arena *arena);
/* A JSON value as a field's text: of a text, a number from 0 on, true or false; else empty. `node` may be NULL. */
struct slice gateway_field_text(const struct tree *node, struct arena *arena);
/* The list at `path` of the JSON, or NULL. */
const struct tree *gateway_field_list(const struct gateway_fields *fields, const char *path);
/* No field and no content at all: a gateway, or its operator, looks whether somebody is there. */
bool gateway_fields_are_none(const struct gateway_fields *fields);

#endif
