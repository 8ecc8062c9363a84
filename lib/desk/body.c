/* SPDX-License-Identifier: Apache-2.0
 * One walk over the sender's members, one over ours. */
#include "desk/body.h"

#include <jansson.h>
#include <string.h>

#include "core/utf8.h"
#include "net/form.h"

enum { NAME_SHOWN_MAX = 40 };

static const struct body_member *find(const struct body_member members[], size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(members[i].name, name)) {
            return &members[i];
        }
    }
    return NULL;
}

static void *slot(const struct body_member *member, void *target)
{
    return (char *)target + member->offset;
}

static void judge(const struct body_member members[], size_t count, void *target, struct field_errors *errors)
{
    for (size_t i = 0; i < count; i++) {
        const struct body_member *member = &members[i];
        if (member->kind != BODY_TEXT || field_error_find(errors, member->name.data) != NULL) {
            continue; /* one fault a member */
        }
        struct slice value = *(struct slice *)slot(member, target);
        if (value.length == 0) {
            if (member->required) {
                field_error_add(errors, FIELD_MISSING, "%s", member->name.data);
            }
        } else if (!utf8_is_text(value)) {
            field_error_add(errors, FIELD_NOT_TEXT, "%s", member->name.data);
        } else if (utf8_length(value) > member->max) {
            field_error_add_limit(errors, FIELD_TOO_LONG, (long)member->max, "%s", member->name.data);
        }
    }
}

static bool take_text(const json_t *value, struct arena *arena, struct slice *text)
{
    struct slice said = slice_make(json_string_value(value), json_string_length(value));
    *text = arena_dup(arena, said);
    return said.length == 0 || text->data != NULL;
}

static void take_uuid(const json_t *value, const char *name, struct body_uuid *uuid, struct field_errors *errors)
{
    uuid->given = uuid_parse(slice_make(json_string_value(value), json_string_length(value)), &uuid->id);
    if (!uuid->given) {
        field_error_add(errors, FIELD_NOT_A_UUID, "%s", name);
    }
}

static void take_number(const json_t *value, const struct body_member *member, struct body_number *number,
                        struct field_errors *errors)
{
    json_int_t said = json_integer_value(value);
    if (said < 0 || said > (json_int_t)member->max) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "%s", member->name.data);
        return;
    }
    *number = (struct body_number){true, (long)said};
}

static bool take(json_t *object, struct arena *arena, const struct body_member members[], size_t count, void *target,
                 struct field_errors *errors)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(object, name, value)
    {
        const struct body_member *member = find(members, count, slice_of(name));
        if (member == NULL) {
            field_error_add(errors, FIELD_UNKNOWN, "%.*s", NAME_SHOWN_MAX, name);
        } else if (member->kind == BODY_TEXT && json_is_string(value)) {
            if (!take_text(value, arena, slot(member, target))) {
                return false;
            }
        } else if (member->kind == BODY_UUID && json_is_string(value)) {
            take_uuid(value, name, slot(member, target), errors);
        } else if (member->kind == BODY_NUMBER && json_is_integer(value)) {
            take_number(value, member, slot(member, target), errors);
        } else if (!json_is_null(value)) {
            field_error_add(errors, FIELD_WRONG_TYPE, "%s", name);
        }
    }
    return true;
}

enum body_reading body_read_json(const struct http_request *request, struct arena *arena,
                                 const struct body_member members[], size_t count, void *target,
                                 struct field_errors *errors)
{
    json_t *object = NULL;
    if (request->body.length > 0) {
        if (!http_request_media_type_is(request, SLICE("application/json"))) {
            return BODY_WRONG_TYPE;
        }
        object = json_loadb(request->body.data, request->body.length, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(object)) {
            json_decref(object);
            return BODY_NOT_JSON;
        }
    }
    bool taken = take(object, arena, members, count, target, errors);
    json_decref(object);
    if (!taken) {
        return BODY_NO_MEMORY;
    }
    judge(members, count, target, errors);
    return errors->count == 0 ? BODY_OK : BODY_FAULTS;
}

enum body_reading body_read_form(const struct http_request *request, struct arena *arena,
                                 const struct body_member members[], size_t count, void *target,
                                 struct field_errors *errors)
{
    struct form form;
    if (!http_request_media_type_is(request, SLICE("application/x-www-form-urlencoded"))) {
        return BODY_WRONG_TYPE;
    }
    if (!form_parse(arena, request->body, &form)) {
        return BODY_NOT_A_FORM;
    }
    for (size_t i = 0; i < count; i++) {
        if (!form_find(&form, members[i].name, slot(&members[i], target))) {
            *(struct slice *)slot(&members[i], target) = SLICE("");
        }
    }
    judge(members, count, target, errors);
    return errors->count == 0 ? BODY_OK : BODY_FAULTS;
}
