/* SPDX-License-Identifier: Apache-2.0
 * Bodies that officers send: an object of a few texts, as JSON or as a form. */
#ifndef DESK_BODY_H
#define DESK_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/slice.h"
#include "domain/field_error.h"
#include "net/http.h"

struct body_member {
    struct slice name;
    size_t offset; /* of its struct slice in the target */
    size_t characters_max;
    bool required; /* neither absent nor empty */
};

enum body_reading { BODY_OK, BODY_FAULTS, BODY_NOT_JSON, BODY_NOT_A_FORM, BODY_WRONG_TYPE, BODY_NO_MEMORY };

/* Reads the request's body into the target's slices (in `arena`, not NUL-terminated), naming every member at fault. An empty body is
 * an empty object. */
enum body_reading body_read_json(const struct http_request *request, struct arena *arena,
                                 const struct body_member members[], size_t count, void *target,
                                 struct field_errors *errors);
/* The same of a form; a field that no row names is passed over (the CSRF token is one). */
enum body_reading body_read_form(const struct http_request *request, struct arena *arena,
                                 const struct body_member members[], size_t count, void *target,
                                 struct field_errors *errors);

#endif
