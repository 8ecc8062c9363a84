/* SPDX-License-Identifier: Apache-2.0
 * Bodies that officers send: an object of a few members, as JSON or as a form. */
#ifndef DESK_BODY_H
#define DESK_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/id.h"
#include "core/slice.h"
#include "domain/field_error.h"
#include "net/http.h"

enum body_kind {
    BODY_TEXT,   /* a struct slice in the target */
    BODY_UUID,   /* a struct body_uuid; in JSON only */
    BODY_NUMBER, /* a struct body_number, from 0 up; in JSON only */
};

struct body_uuid {
    bool given;
    struct uuid id;
};

struct body_number {
    bool given;
    long value;
};

struct body_member {
    struct slice name;
    size_t offset; /* of its place in the target */
    size_t max;    /* characters of a text; the largest number */
    bool required; /* a text that is neither absent nor empty */
    enum body_kind kind;
};

enum body_reading { BODY_OK, BODY_FAULTS, BODY_NOT_JSON, BODY_NOT_A_FORM, BODY_WRONG_TYPE, BODY_NO_MEMORY };

/* Reads the request's body into the target (texts in `arena`, not NUL-terminated), naming every member at fault. An empty body is
 * an empty object; a member that is null is absent. */
enum body_reading body_read_json(const struct http_request *request, struct arena *arena,
                                 const struct body_member members[], size_t count, void *target,
                                 struct field_errors *errors);
/* The same of a form, whose members are texts; a field that no row names is passed over (the CSRF token is one). */
enum body_reading body_read_form(const struct http_request *request, struct arena *arena,
                                 const struct body_member members[], size_t count, void *target,
                                 struct field_errors *errors);

#endif
