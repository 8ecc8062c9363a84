/* SPDX-License-Identifier: Apache-2.0
 * What somebody sent, as a tree: read from JSON, or made of a form. Nodes live in an arena; texts are borrowed. */
#ifndef CORE_TREE_H
#define CORE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"

enum tree_kind {
    TREE_NULL,
    TREE_FALSE,
    TREE_TRUE,
    TREE_INTEGER, /* a number written without fraction and exponent */
    TREE_REAL,
    TREE_TEXT,
    TREE_LIST,
    TREE_OBJECT,
};

struct tree {
    enum tree_kind kind;
    uint32_t count;    /* LIST, OBJECT: of children */
    struct tree *next; /* its next sibling */
    struct slice name; /* in an OBJECT; no two siblings have the same */
    union {
        struct slice text; /* UTF-8 */
        int64_t integer;
        double real;
        struct {
            struct tree *first, *last;
        } children; /* in the order they came */
    };
};

/* NULL when the arena is exhausted, as are the others that make nodes. */
struct tree *tree_new(struct arena *arena, enum tree_kind kind);
struct tree *tree_text(struct arena *arena, struct slice text);
/* Adds the last child of a LIST, or of an OBJECT, where it has its name already and no sibling has it. */
void tree_add(struct tree *parent, struct tree *child);
/* As tree_add of a text named `name`; false when the arena is exhausted. */
bool tree_add_text(struct arena *arena, struct tree *object, struct slice name, struct slice text);
/* The member of an OBJECT; NULL when there is none, or `parent` is no OBJECT. */
struct tree *tree_member(const struct tree *parent, struct slice name);
/* The child of a LIST; NULL when there is none, or `parent` is no LIST. */
struct tree *tree_item(const struct tree *parent, size_t index);

#endif
