/* SPDX-License-Identifier: Apache-2.0
 * One question, one answer. */
#include "page/code_again.h"

#include "page/form.h"

static const struct page_input inputs[] = {
    {.member = "phone",
     .path = "phone",
     .label = "label.code_phone",
     .hint = "hint.contact",
     .type = "tel",
     .autocomplete = "tel",
     .plain = true,
     .narrow = true},
};

void page_code_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct field_errors *errors)
{
    struct page_frame frame;
    struct page_form form = {&frame, values, errors};
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "code.title", SLICE(""));
    page_form_errors(&form);
    page_set(&frame.model, frame.root, "crisis_id", crisis->id);
    page_form_inputs(&form, frame.root, inputs, 1, 0);
    page_frame_render(&frame, out, "code");
}

void page_code_asked(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis)
{
    struct page_frame frame;
    page_frame_init(&frame, request, crisis, false);
    page_frame_title(&frame, "code.asked", SLICE(""));
    page_frame_render(&frame, out, "code_asked");
}
