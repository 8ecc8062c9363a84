/* SPDX-License-Identifier: Apache-2.0
 * The engine: members by table, values by kind. */
#include "edge/decode.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct decode_member *find_member(const struct decode_member members[], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(members[i].name, name) == 0) {
            return &members[i];
        }
    }
    return NULL;
}

static void member_path(char out[FIELD_PATH_MAX], const char *path, const char *name)
{
    (void)snprintf(out, FIELD_PATH_MAX, "%.60s%s%.32s", path, path[0] != '\0' ? "/" : "", name);
}

void decode_object(struct decoder *decoder, const json_t *json, const char *path, const struct decode_member members[],
                   size_t count, void *target)
{
    const char *name = NULL;
    json_t *value = NULL;
    char below[FIELD_PATH_MAX];
    if (!json_is_object(json)) {
        field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", path);
        return;
    }
    /* jansson iterates only over what it may change; nothing here does */
    json_t *object = (json_t *)(uintptr_t)json;
    json_object_foreach(object, name, value)
    {
        const struct decode_member *member = find_member(members, count, name);
        member_path(below, path, name);
        if (member == NULL) {
            field_error_add(decoder->errors, FIELD_UNKNOWN, "%s", below);
        } else if (!json_is_null(value)) {
            member->decode(decoder, value, below, (char *)target + member->offset);
        }
    }
}

size_t decode_array(struct decoder *decoder, const json_t *json, const char *path, size_t most,
                    void (*decode)(struct decoder *decoder, const json_t *json, const char *path, void *element),
                    void *elements, size_t element_size)
{
    char below[FIELD_PATH_MAX];
    if (!json_is_array(json)) {
        field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", path);
        return 0;
    }
    size_t count = json_array_size(json);
    if (count > most) {
        field_error_add_limit(decoder->errors, FIELD_TOO_MANY, (long)most, "%s", path);
        count = most;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *element = json_array_get(json, i);
        (void)snprintf(below, sizeof(below), "%.70s/%zu", path, i);
        if (!json_is_null(element)) { /* a form may leave a place empty */
            decode(decoder, element, below, (char *)elements + i * element_size);
        } else if (!decoder->from_form) {
            field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", below);
        }
    }
    return count;
}

void decode_text(struct decoder *decoder, const json_t *json, const char *path, void *slice)
{
    if (!json_is_string(json)) {
        field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", path);
        return;
    }
    *(struct slice *)slice = arena_dup(decoder->arena, slice_make(json_string_value(json), json_string_length(json)));
}

bool decode_number(struct decoder *decoder, const json_t *json, const char *path, double *value)
{
    if (decoder->from_form && json_is_string(json)) {
        struct slice text = slice_trim(slice_make(json_string_value(json), json_string_length(json)));
        if (!slice_to_double(text, value)) {
            field_error_add(decoder->errors, FIELD_NOT_A_NUMBER, "%s", path);
            return false;
        }
        return true;
    }
    if (!json_is_number(json)) {
        field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", path);
        return false;
    }
    *value = json_number_value(json);
    return true;
}

void decode_bool(struct decoder *decoder, const json_t *json, const char *path, void *boolean)
{
    static const char *const yes[] = {"on", "true", "yes", "1"};
    if (decoder->from_form && json_is_string(json)) {
        for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
            *(bool *)boolean = *(bool *)boolean || strcmp(json_string_value(json), yes[i]) == 0;
        }
        return;
    }
    if (!json_is_boolean(json)) {
        field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", path);
        return;
    }
    *(bool *)boolean = json_is_true(json);
}

bool decode_word(struct decoder *decoder, const json_t *json, const char *path, const struct vocabulary *vocabulary,
                 unsigned *value)
{
    if (!json_is_string(json)) {
        field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", path);
        return false;
    }
    if (!vocabulary_find(vocabulary, slice_make(json_string_value(json), json_string_length(json)), value)) {
        field_error_add(decoder->errors, FIELD_NOT_A_VALUE, "%s", path);
        return false;
    }
    return true;
}

bool decode_uuid(struct decoder *decoder, const json_t *json, const char *path, struct uuid *uuid)
{
    if (!json_is_string(json)) {
        field_error_add(decoder->errors, FIELD_WRONG_TYPE, "%s", path);
        return false;
    }
    if (!uuid_parse(slice_make(json_string_value(json), json_string_length(json)), uuid)) {
        field_error_add(decoder->errors, FIELD_NOT_A_UUID, "%s", path);
        return false;
    }
    return true;
}

static void decode_need(struct decoder *decoder, const json_t *json, const char *path, void *element)
{
    (void)decode_word(decoder, json, path, &vocabulary_need, element);
}

void decode_needs(struct decoder *decoder, const json_t *json, const char *path, void *needs)
{
    unsigned words[NEED_COUNT];
    for (size_t i = 0; i < NEED_COUNT; i++) {
        words[i] = NEED_COUNT;
    }
    size_t count = decode_array(decoder, json, path, NEED_COUNT, decode_need, words, sizeof(words[0]));
    for (size_t i = 0; i < count; i++) {
        *(uint32_t *)needs |= words[i] < NEED_COUNT ? NEED_BIT(words[i]) : 0;
    }
}

struct position {
    struct location *location;
    bool has_lat;
    bool has_lon;
};

static void decode_lat(struct decoder *decoder, const json_t *json, const char *path, void *position)
{
    struct position *p = position;
    p->has_lat = decode_number(decoder, json, path, &p->location->lat);
}

static void decode_lon(struct decoder *decoder, const json_t *json, const char *path, void *position)
{
    struct position *p = position;
    p->has_lon = decode_number(decoder, json, path, &p->location->lon);
}

static void decode_accuracy(struct decoder *decoder, const json_t *json, const char *path, void *position)
{
    struct position *p = position;
    p->location->has_accuracy = decode_number(decoder, json, path, &p->location->accuracy_m);
}

static void decode_place(struct decoder *decoder, const json_t *json, const char *path, void *position)
{
    decode_text(decoder, json, path, &((struct position *)position)->location->place);
}

static void decode_admin1(struct decoder *decoder, const json_t *json, const char *path, void *position)
{
    decode_text(decoder, json, path, &((struct position *)position)->location->admin1);
}

void decode_location(struct decoder *decoder, const json_t *json, const char *path, void *location)
{
    static const struct decode_member members[] = {
        {"lat", decode_lat, 0},     {"lon", decode_lon, 0},       {"accuracy_m", decode_accuracy, 0},
        {"place", decode_place, 0}, {"admin1", decode_admin1, 0},
    };
    struct position position = {.location = location};
    size_t before = decoder->errors->count;
    decode_object(decoder, json, path, members, sizeof(members) / sizeof(members[0]), &position);
    position.location->given = true;
    position.location->has_position = position.has_lat && position.has_lon;
    if (position.has_lat != position.has_lon && decoder->errors->count == before) {
        field_error_add(decoder->errors, FIELD_EITHER_OR, "%.80s/%s", path, position.has_lat ? "lon" : "lat");
    }
}
