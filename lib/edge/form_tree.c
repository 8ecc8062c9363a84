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

static json_t *member(json_t *parent, struct slice segment)
{
    size_t index = 0;
    if (json_is_array(parent)) {
        return is_index(segment, &index) ? json_array_get(parent, index) : NULL;
    }
    return json_object_getn(parent, segment.data, segment.length);
}

/* Takes over `value`; places skipped in a list are null. False when the parent is no container for this segment. */
static bool put(json_t *parent, struct slice segment, json_t *value)
{
    size_t index = 0;
    if (!json_is_array(parent)) {
        return json_object_setn_new(parent, segment.data, segment.length, value) == 0;
    }
    if (!is_index(segment, &index)) {
        json_decref(value);
        return false;
    }
    while (json_array_size(parent) <= index) {
        if (json_array_append_new(parent, json_null()) != 0) {
            json_decref(value);
            return false;
        }
    }
    return json_array_set_new(parent, index, value) == 0;
}

static bool append(json_t *parent, struct slice segment, json_t *value)
{
    json_t *list = member(parent, segment);
    if (list == NULL || json_is_null(list)) {
        list = json_array();
        if (!put(parent, segment, list)) {
            json_decref(value);
            return false;
        }
    }
    return json_array_append_new(list, value) == 0;
}

static bool set_leaf(json_t *parent, struct slice segment, json_t *value, struct slice path,
                     struct field_errors *errors)
{
    json_t *there = member(parent, segment);
    if (is_list(segment)) {
        return append(parent, segment, value);
    }
    if (there != NULL && !json_is_null(there)) {
        field_error_add(errors, FIELD_REPEATED, "%.*s", SLICE_ARGS(slice_sub(path, 0, 64)));
        json_decref(value);
        return true;
    }
    return put(parent, segment, value);
}

/* The container for `segment`, made an array when what follows it is an index. */
static json_t *descend(json_t *parent, struct slice segment, struct slice rest)
{
    size_t index = 0;
    struct slice next = slice_sub(rest, 0, slice_index(rest, '/'));
    json_t *child = member(parent, segment);
    if (child != NULL && !json_is_null(child)) {
        return json_is_object(child) || json_is_array(child) ? child : NULL;
    }
    child = is_index(next, &index) ? json_array() : json_object();
    return child != NULL && put(parent, segment, child) ? child : NULL;
}

static bool set_path(json_t *root, struct slice path, json_t *value, struct field_errors *errors)
{
    json_t *parent = root;
    struct slice rest = path;
    struct slice segment;
    for (unsigned depth = 0; depth < FORM_TREE_DEPTH && slice_split(&rest, '/', &segment); depth++) {
        if (segment.length == 0 || segment.length > FIELD_PATH_MAX / 2) {
            break;
        }
        if (rest.length == 0) {
            return set_leaf(parent, segment, value, path, errors);
        }
        parent = descend(parent, segment, rest);
        if (parent == NULL) {
            break;
        }
    }
    json_decref(value);
    return false;
}

json_t *form_tree_new(const struct form *form, struct field_errors *errors)
{
    json_t *root = json_object();
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
        json_t *text = json_stringn(value.data, value.length);
        if (text == NULL || !set_path(root, name, text, errors)) {
            field_error_add(errors, FIELD_UNKNOWN, "%.*s", SLICE_ARGS(slice_sub(name, 0, 64)));
        }
    }
    return root;
}
