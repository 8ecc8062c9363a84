/* SPDX-License-Identifier: Apache-2.0
 * Pairs of a form in the request's arena. */
#include "edge/answers.h"

#include "page/stage.h"

bool answers_set(struct arena *arena, struct form *form, struct slice name, struct slice value)
{
    struct form_pair *pairs = arena_array(arena, form->count + 1, sizeof(*pairs));
    size_t count = 0;
    if (pairs == NULL) {
        return false;
    }
    for (size_t i = 0; i < form->count; i++) {
        if (!slice_equal(form->pairs[i].name, name)) {
            pairs[count++] = form->pairs[i];
        }
    }
    if (value.length > 0) {
        pairs[count++] = (struct form_pair){name, value};
    }
    *form = (struct form){pairs, count};
    return true;
}

struct slice answers_get(const struct form *form, const char *name)
{
    struct slice value = SLICE("");
    return form_find(form, slice_of(name), &value) ? slice_trim(value) : SLICE("");
}

unsigned answers_people(const struct form *form)
{
    unsigned people = 1;
    for (size_t i = 0; i < form->count; i++) {
        struct page_stage owner = page_stage_of(form->pairs[i].name);
        bool named = owner.step == PAGE_STEP_WITH && slice_trim(form->pairs[i].value).length > 0;
        if (named && owner.person + 1 > people) {
            people = owner.person + 1;
        }
    }
    return people;
}
