/* SPDX-License-Identifier: Apache-2.0
 * multipart/form-data: a form with a file in it. Source: RFC 7578, RFC 2046 section 5.1. */
#ifndef NET_MULTIPART_H
#define NET_MULTIPART_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"
#include "net/form.h"

struct multipart_file {
    bool given; /* a file was chosen: a browser sends an empty nameless one otherwise */
    struct slice field;
    struct slice bytes; /* borrowed from the body */
};

/* `content_type` is the header's whole value, with its boundary. Fields go into `form` in the order sent, the first file into `file`; its name, which
 * may tell of a person, is not read. False when it is not multipart/form-data, not well formed, of more than FORM_PAIRS_MAX parts or without memory. */
bool multipart_parse(struct arena *arena, struct slice content_type, struct slice body, struct form *form,
                     struct multipart_file *file);

#endif
