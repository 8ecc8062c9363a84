/* SPDX-License-Identifier: Apache-2.0
 * From JSON (or a form made into the same tree) to the domain's structs, naming every member that does not fit. */
#ifndef DOMAIN_DECODE_H
#define DOMAIN_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/id.h"
#include "core/tree.h"
#include "domain/field_error.h"
#include "domain/place.h"
#include "domain/vocabulary.h"

struct decoder {
    struct arena *arena;
    struct field_errors *errors; /* shapes and values that are wrong; rules are the domain's */
    bool from_form;              /* numbers and booleans come as text */
};

/* Where in the tree a value stands: "party/0/birth_date" is three of these. NULL is the root. Written out only for a fault. */
struct decode_path {
    const struct decode_path *above;
    struct slice name; /* of a member; data NULL: an item */
    size_t index;      /* of an item */
};

struct decode_member {
    struct slice name;
    void (*decode)(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *target);
    size_t offset; /* of the target in the struct */
};

/* Adds a fault of what stands at `path`. */
void decode_fault(struct decoder *decoder, enum field_fault fault, const struct decode_path *path);
/* Each member of `tree` by the table; one that no row names is FIELD_UNKNOWN, null is as absent. */
void decode_object(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                   const struct decode_member members[], size_t count, void *target);
/* Calls `decode` for each element with its path; FIELD_WRONG_TYPE unless an array, FIELD_TOO_MANY past `most`. Returns how many. */
size_t decode_array(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, size_t most,
                    void (*decode)(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                                   void *element),
                    void *elements, size_t element_size);

/* The text is borrowed from the tree. */
void decode_text(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *slice);
bool decode_number(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, double *value);
void decode_bool(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *boolean);
bool decode_word(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                 const struct vocabulary *vocabulary, unsigned *value);
bool decode_uuid(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, struct uuid *uuid);
/* NEED_BITs. */
void decode_needs(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *needs);
void decode_location(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *location);

#endif
