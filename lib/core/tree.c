/* SPDX-License-Identifier: Apache-2.0
 * Children in a chain: what people send is small, and read once from the front. */
#include "core/tree.h"

struct tree *tree_new(struct arena *arena, enum tree_kind kind)
{
    struct tree *tree = arena_alloc(arena, sizeof(*tree));
    if (tree != NULL) {
        tree->kind = kind;
    }
    return tree;
}

struct tree *tree_text(struct arena *arena, struct slice text)
{
    struct tree *tree = tree_new(arena, TREE_TEXT);
    if (tree != NULL) {
        tree->text = text;
    }
    return tree;
}

void tree_add(struct tree *parent, struct tree *child)
{
    if (parent->children.last != NULL) {
        parent->children.last->next = child;
    } else {
        parent->children.first = child;
    }
    parent->children.last = child;
    parent->count++;
}

bool tree_add_text(struct arena *arena, struct tree *object, struct slice name, struct slice text)
{
    struct tree *child = tree_text(arena, text);
    if (child != NULL) {
        child->name = name;
        tree_add(object, child);
    }
    return child != NULL;
}

struct tree *tree_member(const struct tree *parent, struct slice name)
{
    struct tree *child = parent->kind == TREE_OBJECT ? parent->children.first : NULL;
    while (child != NULL && !slice_equal(child->name, name)) {
        child = child->next;
    }
    return child;
}

struct tree *tree_item(const struct tree *parent, size_t index)
{
    struct tree *child = parent->kind == TREE_LIST ? parent->children.first : NULL;
    for (size_t i = 0; child != NULL && i < index; i++) {
        child = child->next;
    }
    return child;
}
