/* SPDX-License-Identifier: Apache-2.0
 * Splits at "&" and "=", then decodes. */
#include "net/form.h"

#include "net/percent.h"

bool form_next_raw(struct slice *rest, struct form_pair *pair)
{
    struct slice part = {NULL, 0};
    do {
        if (!slice_split(rest, '&', &part)) {
            return false;
        }
    } while (part.length == 0);
    size_t equals = slice_index(part, '=');
    pair->name = slice_sub(part, 0, equals);
    pair->value = slice_sub(part, equals + 1, part.length);
    return true;
}

static size_t count_pairs(struct slice body)
{
    struct form_pair pair;
    size_t count = 0;
    while (count <= FORM_PAIRS_MAX && form_next_raw(&body, &pair)) {
        count++;
    }
    return count;
}

bool form_parse(struct arena *arena, struct slice body, struct form *form)
{
    size_t count = count_pairs(body);
    *form = (struct form){NULL, 0};
    if (count > FORM_PAIRS_MAX) {
        return false;
    }
    form->pairs = arena_array(arena, count, sizeof(*form->pairs));
    if (form->pairs == NULL) {
        return false;
    }
    for (struct form_pair raw; form->count < count && form_next_raw(&body, &raw); form->count++) {
        struct form_pair *pair = &form->pairs[form->count];
        if (!percent_decode(arena, PERCENT_FORM, raw.name, &pair->name) ||
            !percent_decode(arena, PERCENT_FORM, raw.value, &pair->value)) {
            return false;
        }
    }
    return true;
}

bool form_find(const struct form *form, struct slice name, struct slice *value)
{
    for (size_t i = 0; i < form->count; i++) {
        if (slice_equal(form->pairs[i].name, name)) {
            *value = form->pairs[i].value;
            return true;
        }
    }
    return false;
}
