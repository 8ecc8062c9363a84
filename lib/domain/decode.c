/* SPDX-License-Identifier: Apache-2.0
 * The engine: members by table, values by kind. */
#include "domain/decode.h"

#include <stdio.h>
#include <string.h>

static const struct decode_member *find_member(const struct decode_member members[], size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(members[i].name, name)) {
            return &members[i];
        }
    }
    return NULL;
}

static void write_path(char out[FIELD_PATH_MAX], const struct decode_path *path)
{
    char above[FIELD_PATH_MAX];
    out[0] = '\0';
    if (path == NULL) {
        return;
    }
    write_path(above, path->above);
    if (path->name.data != NULL) {
        (void)snprintf(out, FIELD_PATH_MAX, "%.60s%s%.*s", above, above[0] != '\0' ? "/" : "",
                       SLICE_ARGS(slice_sub(path->name, 0, 32)));
    } else {
        (void)snprintf(out, FIELD_PATH_MAX, "%.70s/%zu", above, path->index);
    }
}

void decode_fault(struct decoder *decoder, enum field_fault fault, const struct decode_path *path)
{
    char text[FIELD_PATH_MAX];
    write_path(text, path);
    field_error_add(decoder->errors, fault, "%s", text);
}

static void fault_of_limit(struct decoder *decoder, size_t limit, const struct decode_path *path)
{
    char text[FIELD_PATH_MAX];
    write_path(text, path);
    field_error_add_limit(decoder->errors, FIELD_TOO_MANY, (long)limit, "%s", text);
}

void decode_object(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                   const struct decode_member members[], size_t count, void *target)
{
    if (tree->kind != TREE_OBJECT) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return;
    }
    for (const struct tree *child = tree->children.first; child != NULL; child = child->next) {
        const struct decode_member *member = find_member(members, count, child->name);
        struct decode_path below = {.above = path, .name = child->name};
        if (member == NULL) {
            decode_fault(decoder, FIELD_UNKNOWN, &below);
        } else if (child->kind != TREE_NULL) {
            member->decode(decoder, child, &below, (char *)target + member->offset);
        }
    }
}

size_t decode_array(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, size_t most,
                    void (*decode)(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                                   void *element),
                    void *elements, size_t element_size)
{
    if (tree->kind != TREE_LIST) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return 0;
    }
    if (tree->count > most) {
        fault_of_limit(decoder, most, path);
    }
    size_t i = 0;
    for (const struct tree *child = tree->children.first; child != NULL && i < most; child = child->next, i++) {
        struct decode_path below = {.above = path, .index = i};
        if (child->kind != TREE_NULL) { /* a form may leave a place empty */
            decode(decoder, child, &below, (char *)elements + i * element_size);
        } else if (!decoder->from_form) {
            decode_fault(decoder, FIELD_WRONG_TYPE, &below);
        }
    }
    return i;
}

void decode_text(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *slice)
{
    if (tree->kind != TREE_TEXT) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return;
    }
    *(struct slice *)slice = tree->text;
}

bool decode_number(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, double *value)
{
    if (decoder->from_form && tree->kind == TREE_TEXT) {
        struct slice text = slice_trim(tree->text);
        if (!slice_to_double(text, value)) {
            decode_fault(decoder, FIELD_NOT_A_NUMBER, path);
            return false;
        }
        return true;
    }
    if (tree->kind != TREE_INTEGER && tree->kind != TREE_REAL) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return false;
    }
    *value = tree->kind == TREE_REAL ? tree->real : (double)tree->integer;
    return true;
}

void decode_bool(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *boolean)
{
    static const struct slice yes[] = {SLICE_INIT("on"), SLICE_INIT("true"), SLICE_INIT("yes"), SLICE_INIT("1")};
    if (decoder->from_form && tree->kind == TREE_TEXT) {
        for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
            *(bool *)boolean = *(bool *)boolean || slice_equal(tree->text, yes[i]);
        }
        return;
    }
    if (tree->kind != TREE_TRUE && tree->kind != TREE_FALSE) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return;
    }
    *(bool *)boolean = tree->kind == TREE_TRUE;
}

bool decode_word(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                 const struct vocabulary *vocabulary, unsigned *value)
{
    if (tree->kind != TREE_TEXT) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return false;
    }
    if (!vocabulary_find(vocabulary, tree->text, value)) {
        decode_fault(decoder, FIELD_NOT_A_VALUE, path);
        return false;
    }
    return true;
}

bool decode_uuid(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, struct uuid *uuid)
{
    if (tree->kind != TREE_TEXT) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
        return false;
    }
    if (!uuid_parse(tree->text, uuid)) {
        decode_fault(decoder, FIELD_NOT_A_UUID, path);
        return false;
    }
    return true;
}

static void decode_need(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *element)
{
    (void)decode_word(decoder, tree, path, &vocabulary_need, element);
}

void decode_needs(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *needs)
{
    unsigned words[NEED_COUNT];
    for (size_t i = 0; i < NEED_COUNT; i++) {
        words[i] = NEED_COUNT;
    }
    size_t count = decode_array(decoder, tree, path, NEED_COUNT, decode_need, words, sizeof(words[0]));
    for (size_t i = 0; i < count; i++) {
        *(uint32_t *)needs |= words[i] < NEED_COUNT ? NEED_BIT(words[i]) : 0;
    }
}

struct position {
    struct location *location;
    bool has_lat;
    bool has_lon;
};

static void decode_lat(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *position)
{
    struct position *p = position;
    p->has_lat = decode_number(decoder, tree, path, &p->location->lat);
}

static void decode_lon(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *position)
{
    struct position *p = position;
    p->has_lon = decode_number(decoder, tree, path, &p->location->lon);
}

static void decode_accuracy(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *position)
{
    struct position *p = position;
    p->location->has_accuracy = decode_number(decoder, tree, path, &p->location->accuracy_m);
}

static void decode_place(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                         void *position)
{
    decode_text(decoder, tree, path, &((struct position *)position)->location->place);
}

static void decode_admin1(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                          void *position)
{
    decode_text(decoder, tree, path, &((struct position *)position)->location->admin1);
}

void decode_location(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *location)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("lat"), decode_lat, 0},
        {SLICE_INIT("lon"), decode_lon, 0},
        {SLICE_INIT("accuracy_m"), decode_accuracy, 0},
        {SLICE_INIT("place"), decode_place, 0},
        {SLICE_INIT("admin1"), decode_admin1, 0},
    };
    struct position position = {.location = location};
    size_t before = decoder->errors->count;
    decode_object(decoder, tree, path, members, sizeof(members) / sizeof(members[0]), &position);
    position.location->given = true;
    position.location->has_position = position.has_lat && position.has_lon;
    if (position.has_lat != position.has_lon && decoder->errors->count == before) {
        struct decode_path missing = {.above = path, .name = position.has_lat ? SLICE("lon") : SLICE("lat")};
        decode_fault(decoder, FIELD_EITHER_OR, &missing);
    }
}
