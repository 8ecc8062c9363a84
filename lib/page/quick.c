/* SPDX-License-Identifier: Apache-2.0
 * The least that helps: how, who, where, and a word. The whole form is behind a link. */
#include "page/quick.h"

#include "page/form.h"

static const struct page_input inputs[] = {
    {.member = "case", .path = "case", .label = "label.case", .hint = "hint.case", .plain = true, .narrow = true},
    {.member = "phone",
     .path = "phone",
     .label = "label.case_phone",
     .type = "tel",
     .autocomplete = "tel",
     .narrow = true},
    {.member = "place", .path = "location/place", .label = "label.place"},
    {.member = "message", .path = "message", .label = "label.message"},
};

static const struct page_choice status_choice = {"status", "status", NULL, "status.", &page_form_statuses, NULL, false};

void page_quick_set(struct page_frame *frame)
{
    struct page_form form = {frame, NULL, NULL};
    struct page_value *fields = page_set_list(&frame->model, frame->root, "quick_fields");
    page_set_flag(&frame->model, frame->root, "inlined", true);
    page_form_cards(&form, frame->root, &status_choice, PAGE_FORM_URGENT);
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        page_form_input(&form, page_add(&frame->model, fields), &inputs[i]);
    }
}
