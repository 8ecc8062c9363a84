/* SPDX-License-Identifier: Apache-2.0
 * The helper's form, and the list of whom it has told of. */
#include "page/helper.h"

#include "core/case_code.h"
#include "page/form.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { DONE_MAX = 60, DONE_SHOWN_MAX = 160 };

static const struct page_input inputs[] = {
    {.member = "name", .path = "reporter/name", .label = "label.asker_name", .autocomplete = "name"},
    {.member = "relation",
     .path = "reporter/relation",
     .label = "label.asker_relation",
     .hint = "hint.helper_relation"},
    {.member = "phone",
     .path = "reporter/phone",
     .label = "label.asker_phone",
     .hint = "hint.helper_phone",
     .type = "tel",
     .autocomplete = "tel",
     .plain = true},
    {.member = "email",
     .path = "reporter/email",
     .label = "label.asker_email",
     .type = "email",
     .autocomplete = "email",
     .plain = true},
    {.member = "case",
     .path = "case",
     .label = "label.helper_case",
     .hint = "hint.case",
     .plain = true,
     .narrow = true},
    {.member = "family_name", .path = "party/0/family_name", .label = "label.family_name"},
    {.member = "given_names", .path = "party/0/given_names", .label = "label.given_names"},
    {.member = "birth_date",
     .path = "party/0/birth_date",
     .label = "label.birth_date",
     .hint = "hint.birth_date",
     .plain = true,
     .narrow = true},
    {.member = "contact",
     .path = "contacts/0/value",
     .label = "label.helper_contact",
     .hint = "hint.contact",
     .type = "tel",
     .plain = true},
    {.member = "place", .path = "location/place", .label = "label.helper_place", .hint = "place.hint"},
    {.member = "message", .path = "message", .label = "label.message"},
};

static const struct page_choice status_choice = {"status", "status", NULL, "they.", &page_form_statuses, NULL, false};
static const struct page_choice needs_choice = {"needs", "needs", NULL, "need.", &vocabulary_need, NULL, true};

static bool is_line(const struct form_pair *pair)
{
    return slice_equal(pair->name, SLICE("_done")) && pair->value.length <= DONE_SHOWN_MAX;
}

/* Only lines that begin with a case code are shown: a page somewhere else may post to this form too. */
static bool add_line(struct page_frame *frame, struct page_value *lines, struct slice line)
{
    int64_t registration_id = 0;
    struct slice rest = line;
    struct slice code;
    struct slice secret = SLICE("");
    if (!slice_split(&rest, ' ', &code) || case_code_parse(code, &registration_id) != CASE_CODE_OK) {
        return false;
    }
    (void)slice_split(&rest, ' ', &secret);
    struct page_value *item = page_add(&frame->model, lines);
    page_set(&frame->model, item, "line", line);
    page_set(&frame->model, item, "code", code);
    page_set(&frame->model, item, "secret", secret.length > 1 ? secret : SLICE(""));
    page_set(&frame->model, item, "who", slice_trim(rest));
    return true;
}

static void set_lines(struct page_frame *frame, const struct form *values, const struct helped_view *helped)
{
    struct page_value *done = page_set_object(&frame->model, frame->root, "done");
    struct page_value *lines = page_set_list(&frame->model, done, "lines");
    size_t count = helped != NULL && add_line(frame, lines, helped->line) ? 1 : 0;
    for (size_t i = 0; values != NULL && i < values->count && count < DONE_MAX; i++) {
        if (is_line(&values->pairs[i]) && add_line(frame, lines, values->pairs[i].value)) {
            count++;
        }
    }
    if (count == 0) {
        page_set_flag(&frame->model, frame->root, "done", false);
    }
}

/* Of what was sent, what is true of the next person too: who tells it. */
static struct form helper_of(struct arena *arena, const struct form *values)
{
    struct form kept = {.pairs = arena_array(arena, values->count, sizeof(*kept.pairs))};
    for (size_t i = 0; kept.pairs != NULL && i < values->count; i++) {
        if (slice_starts_with(values->pairs[i].name, SLICE("reporter/"))) {
            kept.pairs[kept.count++] = values->pairs[i];
        }
    }
    return kept;
}

static void set_helped(struct page_frame *frame, const struct helped_view *helped)
{
    char digit = '0';
    page_set_flag(&frame->model, frame->root, "helped", false);
    if (helped != NULL) {
        struct page_value *told = page_set_object(&frame->model, frame->root, "helped");
        digit = (char)('0' + (helped->band <= 5 ? helped->band : 1));
        page_set_flag(&frame->model, told, "journal", helped->via_journal);
        page_set(&frame->model, told, "next", page_text_of(frame->language, "helped.band.", slice_make(&digit, 1)));
    }
}

void page_helper_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                      const struct form *values, const struct field_errors *errors, const struct helped_view *helped)
{
    struct page_frame frame;
    struct form kept = {.count = 0};
    if (helped != NULL && values != NULL) {
        kept = helper_of(request->arena, values);
    }
    struct page_form form = {&frame, helped != NULL ? &kept : values, errors};
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "helper.title", SLICE(""));
    page_form_errors(&form);
    page_form_client_id(&form, errors != NULL);
    page_set(&frame.model, frame.root, "crisis_id", crisis->id);
    page_form_inputs(&form, frame.root, inputs, COUNT(inputs), 0);
    page_form_cards(&form, frame.root, &status_choice, PAGE_FORM_URGENT);
    page_form_choices(&form, frame.root, &needs_choice, 1, 0);
    page_set_flag(&frame.model, frame.root, "needs_open", page_form_touched(&form, SLICE("needs")));
    set_helped(&frame, helped);
    set_lines(&frame, values, helped);
    page_frame_render(&frame, out, "helper");
}
