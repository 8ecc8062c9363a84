/* SPDX-License-Identifier: Apache-2.0
 * Two members of the sealed object. */
#include "desk/person_name.h"

#include "store/sealed_row.h"

enum { NAME_TEXT_MAX = 2048 };

struct slice person_name(struct desk_call *call, int64_t registration_id, unsigned ordinal,
                         const struct sealed_cell *person, struct name_tokens *words, struct slice *birth_date,
                         bool *unreadable)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct buffer text;
    struct seal_place place = {"party_member", "person", sealed_row_member(registration_id, ordinal, row)};
    json_t *opened = opening_object(&call->desk->opening, person, &place, unreadable);
    struct slice given = slice_of(json_string_value(json_object_get(opened, "given_names")));
    struct slice family = slice_of(json_string_value(json_object_get(opened, "family_name")));
    buffer_init(&text, NAME_TEXT_MAX);
    buffer_add_slice(&text, given);
    buffer_add_text(&text, given.length > 0 && family.length > 0 ? " " : "");
    buffer_add_slice(&text, family);
    struct slice name = arena_dup(call->arena, buffer_slice(&text));
    buffer_release(&text);
    name_add(words, given);
    name_add(words, family);
    if (birth_date != NULL) {
        *birth_date = arena_dup(call->arena, slice_of(json_string_value(json_object_get(opened, "birth_date"))));
    }
    json_decref(opened);
    return name;
}
