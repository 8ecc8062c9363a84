/* SPDX-License-Identifier: Apache-2.0
 * JSON answers: a tree, one sticky failure, and the shapes that register values have in it. */
#ifndef DESK_RENDER_H
#define DESK_RENDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/vocabulary.h"
#include "store/case.h"

struct render {
    json_t *root; /* owned */
    bool failed;  /* memory ran out: the tree lacks something and must not be sent */
};

/* Starts an object as the root. */
void render_begin(struct render *render);
void render_release(struct render *render);
/* Compact JSON, to be freed; NULL when anything failed. */
char *render_text(struct render *render);

/* Both take over `value`; NULL is a failure. */
void render_set(struct render *render, json_t *object, const char *name, json_t *value);
void render_add(struct render *render, json_t *array, json_t *value);

/* Values; NULL when memory is out. */
json_t *render_slice(struct slice text); /* null when empty */
json_t *render_time(int64_t time_us);    /* RFC 3339; null when 0 */
json_t *render_words(const struct vocabulary *vocabulary, uint32_t bits);
json_t *render_number_or_null(int64_t number); /* null when 0 */
json_t *render_case_code(int64_t registration_id);

/* What a line in a queue and a whole case both say. */
void render_case_row(struct render *render, json_t *object, const struct case_row *row);

#endif
