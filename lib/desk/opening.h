/* SPDX-License-Identifier: Apache-2.0
 * Sealed columns as JSON values, opened for an officer's eyes. What does not open is null and said to be unreadable; it never
 * withholds the rest of the case. */
#ifndef DESK_OPENING_H
#define DESK_OPENING_H

#include <jansson.h>
#include <stdbool.h>

#include "core/arena.h"
#include "seal/seal.h"
#include "store/sealed_cell.h"

struct opening {
    struct seal_opener *opener;
    struct arena scratch; /* one field's plain text at a time */
    uint64_t unreadable;  /* fields that did not open, ever: a figure for the operator */
};

bool opening_init(struct opening *opening, const uint8_t secret_key[SEAL_KEY_SIZE]);
void opening_release(struct opening *opening);
const char *opening_recipient_id(const struct opening *opening);

/* A new reference to a string, or to null: nothing was given, or (*unreadable is set) it does not open. */
json_t *opening_text(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                     bool *unreadable);
/* The same where the plain text is a JSON object. */
json_t *opening_object(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                       bool *unreadable);

/* The plain bytes, in `arena`; false when nothing was given, or it does not open. */
bool opening_plain(struct opening *opening, const struct sealed_cell *cell, const struct seal_place *place,
                   struct arena *arena, struct slice *plain);

#endif
