/* SPDX-License-Identifier: Apache-2.0
 * Walking each field's path, making what is missing on the way. */
#include "edge/form_tree.h"

#include <string.h>

#include "core/utf8.h"

/* Fields of which several may be sent under one name. */
static bool is_list(struct slice segment)
{
    return slice_equal(segment, SLICE("needs"));
}

static bool is_index(struct slice segment, size_t *index)
{
    uint64_t number = 0;
    if (!slice_to_u64(segment, FORM_TREE_INDEX_MAX, &number)) {
        return false;
    }
    *index = (size_t)number;
    return true;
}

static struct tree *member(const struct tree *parent, struct slice segment)
{
    size_t index = 0;
    if (parent->kind == TREE_LIST) {
        return is_index(segment, &index) ? tree_item(parent, index) : NULL;
    }
    return tree_member(parent, segment);
}

/* A null where `segment` says, to be made what it shall be: new, or the place in a list that was skipped; places skipped now are null
 * too. The caller saw that nothing is there. NULL when the parent is no container for this segment, or memory is out. */
static struct tree *place(struct arena *arena, struct tree *parent, struct slice segment)
{
    size_t index = 0;
    struct tree *there = member(parent, segment);
    bool fits = parent->kind == TREE_OBJECT || is_index(segment, &index);
    while (there == NULL && fits) {
        struct tree *added = tree_new(arena, TREE_NULL);
        if (added == NULL) {
            return NULL;
        }
        added->name = segment;
        tree_add(parent, added);
        there = member(parent, segment);
    }
    return there;
}

static bool append(struct arena *arena, struct tree *parent, struct slice segment, struct slice value)
{
    struct tree *list = place(arena, parent, segment);
    struct tree *text = tree_text(arena, value);
    if (list != NULL && list->kind == TREE_NULL) {
        list->kind = TREE_LIST;
    }
    if (list == NULL || text == NULL || list->kind != TREE_LIST) {
        return false;
    }
    tree_add(list, text);
    return true;
}

static bool set_leaf(struct arena *arena, struct tree *parent, struct slice segment, struct slice value,
                     struct slice path, struct field_errors *errors)
{
    if (is_list(segment)) {
        return append(arena, parent, segment, value);
    }
    struct tree *leaf = place(arena, parent, segment);
    if (leaf == NULL) {
        return false;
    }
    if (leaf->kind != TREE_NULL) {
        field_error_add(errors, FIELD_REPEATED, "%.*s", SLICE_ARGS(slice_sub(path, 0, 64)));
        return true;
    }
    leaf->kind = TREE_TEXT;
    leaf->text = value;
    return true;
}

/* The container for `segment`, made a list when what follows it is an index. */
static struct tree *descend(struct arena *arena, struct tree *parent, struct slice segment, struct slice rest)
{
    size_t index = 0;
    struct slice next = slice_sub(rest, 0, slice_index(rest, '/'));
    struct tree *child = place(arena, parent, segment);
    if (child != NULL && child->kind == TREE_NULL) {
        child->kind = is_index(next, &index) ? TREE_LIST : TREE_OBJECT;
    }
    return child != NULL && child->kind >= TREE_LIST ? child : NULL;
}

static bool set_path(struct arena *arena, struct tree *root, struct slice path, struct slice value,
                     struct field_errors *errors)
{
    struct tree *parent = root;
    struct slice rest = path;
    struct slice segment;
    for (unsigned depth = 0; depth < FORM_TREE_DEPTH && slice_split(&rest, '/', &segment); depth++) {
        if (segment.length == 0 || segment.length > FIELD_PATH_MAX / 2) {
            break;
        }
        if (rest.length == 0) {
            return set_leaf(arena, parent, segment, value, path, errors);
        }
        parent = descend(arena, parent, segment, rest);
        if (parent == NULL) {
            break;
        }
    }
    return false;
}

struct tree *form_tree_new(struct arena *arena, const struct form *form, struct field_errors *errors)
{
    struct tree *root = tree_new(arena, TREE_OBJECT);
    for (size_t i = 0; root != NULL && i < form->count; i++) {
        struct slice name = form->pairs[i].name;
        struct slice value = slice_trim(form->pairs[i].value);
        if (value.length == 0 || name.length == 0 || name.data[0] == '_') {
            continue;
        }
        if (!utf8_is_text(name) || !utf8_is_text(value)) {
            field_error_add(errors, FIELD_NOT_TEXT, "%.*s",
                            SLICE_ARGS(utf8_is_text(name) ? slice_sub(name, 0, 64) : SLICE("?")));
            continue;
        }
        if (!set_path(arena, root, name, value, errors)) {
            field_error_add(errors, FIELD_UNKNOWN, "%.*s", SLICE_ARGS(slice_sub(name, 0, 64)));
        }
    }
    return root;
}
