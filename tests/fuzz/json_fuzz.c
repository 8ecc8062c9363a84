/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as JSON: our reader and Jansson take and refuse the same, and read the same out of it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void require_same(const struct tree *ours, const json_t *theirs)
{
    static const json_type kinds[] = {
        [TREE_NULL] = JSON_NULL, [TREE_FALSE] = JSON_FALSE, [TREE_TRUE] = JSON_TRUE,  [TREE_INTEGER] = JSON_INTEGER,
        [TREE_REAL] = JSON_REAL, [TREE_TEXT] = JSON_STRING, [TREE_LIST] = JSON_ARRAY, [TREE_OBJECT] = JSON_OBJECT,
    };
    require(kinds[ours->kind] == json_typeof(theirs));
    if (ours->kind == TREE_INTEGER) {
        require(ours->integer == json_integer_value(theirs));
    } else if (ours->kind == TREE_REAL) {
        double real = json_real_value(theirs);
        require(memcmp(&ours->real, &real, sizeof(real)) == 0);
    } else if (ours->kind == TREE_TEXT) {
        require(slice_equal(ours->text, slice_make(json_string_value(theirs), json_string_length(theirs))));
    } else if (ours->kind == TREE_LIST) {
        size_t i = 0;
        require(ours->count == json_array_size(theirs));
        for (const struct tree *child = ours->children.first; child != NULL; child = child->next) {
            require_same(child, json_array_get(theirs, i++));
        }
    } else if (ours->kind == TREE_OBJECT) {
        require(ours->count == json_object_size(theirs));
        for (const struct tree *child = ours->children.first; child != NULL; child = child->next) {
            const json_t *member = json_object_getn(theirs, child->name.data, child->name.length);
            require(member != NULL);
            require_same(child, member);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    if (size > 64 * 1024) {
        return 0; /* no body is longer, and Jansson is slow */
    }
    arena_init(&arena, 64 << 20);
    const struct tree *ours = json_read(&arena, slice_make(data, size));
    json_t *theirs = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (memchr(data, '\0', size) != NULL) {
        require(ours == NULL); /* Jansson passes over a NUL behind a number */
    } else {
        require((ours != NULL) == (theirs != NULL));
    }
    if (ours != NULL) {
        require_same(ours, theirs);
    }
    json_decref(theirs);
    arena_release(&arena);
    return 0;
}
