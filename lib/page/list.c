/* SPDX-License-Identifier: Apache-2.0
 * A list's three pages. */
#include "page/list.h"

#include "page/form.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct page_input inputs[] = {
    {.member = "name", .path = "reporter/name", .label = "label.asker_name", .autocomplete = "name"},
    {.member = "relation", .path = "reporter/relation", .label = "label.list_relation", .hint = "hint.list_relation"},
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
};

/* A text with {number}. */
static struct slice counted(struct page_frame *frame, const char *key, size_t number)
{
    struct slice digits = page_made(&frame->model, arena_printf(frame->model.arena, "%zu", number));
    return page_words(frame, key, &(struct page_field){"number", digits}, 1);
}

static void set_counted(struct page_frame *frame, const char *name, const char *key, size_t number)
{
    page_set(&frame->model, frame->root, name, number > 0 ? counted(frame, key, number) : SLICE(""));
}

void page_list_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct field_errors *errors, const char *refusal, size_t number)
{
    struct page_frame frame;
    struct page_form form = {&frame, values, errors};
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "list.title", SLICE(""));
    page_form_errors(&form);
    page_set(&frame.model, frame.root, "crisis_id", crisis->id);
    page_set(&frame.model, frame.root, "refusal", refusal != NULL ? counted(&frame, refusal, number) : SLICE(""));
    page_form_inputs(&form, frame.root, inputs, COUNT(inputs), 0);
    page_frame_render(&frame, out, "list");
}

/* Who sends it, the rows and the id of the whole: what every button of the next page sends again. */
static void set_carried(struct page_frame *frame, const struct form *values, const struct crisis_view *crisis,
                        const struct list_view *view)
{
    struct page_model *model = &frame->model;
    struct page_value *carried = page_set_list(model, frame->root, "carried");
    const struct form_pair ours[] = {
        {SLICE("crisis"), crisis->id}, {SLICE("upload"), view->upload}, {SLICE("rows"), view->carried}};
    for (size_t i = 0; i < COUNT(ours); i++) {
        struct page_value *item = page_add(model, carried);
        page_set(model, item, "name", ours[i].name);
        page_set(model, item, "value", ours[i].value);
    }
    for (size_t i = 0; i < values->count; i++) {
        if (slice_starts_with(values->pairs[i].name, SLICE("reporter/"))) {
            struct page_value *item = page_add(model, carried);
            page_set(model, item, "name", values->pairs[i].name);
            page_set(model, item, "value", values->pairs[i].value);
        }
    }
}

static void set_codes(struct page_frame *frame, struct page_value *item, struct slice code, struct slice secret)
{
    page_set(&frame->model, item, "code", code);
    page_set(&frame->model, item, "secret", secret);
}

/* A family's codes stand once, above its rows. */
static void set_row(struct page_frame *frame, struct page_value *item, const struct list_row_view *row, bool alone)
{
    struct page_model *model = &frame->model;
    page_set(model, item, "line", counted(frame, "list.row", row->line));
    page_set(model, item, "who", row->who);
    page_set(model, item, "where", row->where);
    page_set(model, item, "phone", row->phone);
    page_set(model, item, "fault", row->fault);
    set_codes(frame, item, alone ? row->code : SLICE(""), alone ? row->secret : SLICE(""));
    page_set(model, item, "trouble", row->trouble != NULL ? page_text(frame->language, row->trouble) : SLICE(""));
}

/* One row, or a family's; returns how many rows. */
static size_t set_party(struct page_frame *frame, struct page_value *item, const struct list_row_view *first)
{
    struct page_model *model = &frame->model;
    struct page_value *rows = page_set_list(model, item, "rows");
    size_t people = first->people > 0 ? first->people : 1;
    bool alone = people == 1;
    const struct page_field fields[] = {
        {"name", first->family},
        {"number", page_made(model, arena_printf(model->arena, "%zu", people))},
    };
    page_set(model, item, "family", alone ? SLICE("") : page_words(frame, "list.family_of", fields, COUNT(fields)));
    set_codes(frame, item, alone ? SLICE("") : first->code, alone ? SLICE("") : first->secret);
    for (size_t i = 0; i < people; i++) {
        set_row(frame, page_add(model, rows), &first[i], alone);
    }
    return people;
}

/* Those with a fault, or with trouble, apart from the others: a family is never in both. */
static void set_rows(struct page_frame *frame, const struct list_view *view)
{
    struct page_model *model = &frame->model;
    struct page_value *good = page_set_list(model, frame->root, "good");
    struct page_value *bad = page_set_list(model, frame->root, "bad");
    for (size_t i = 0; i < view->count;) {
        const struct list_row_view *row = &view->rows[i];
        i += set_party(frame, page_add(model, row->fault.length > 0 || row->trouble != NULL ? bad : good), row);
    }
}

void page_list_preview(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                       const struct form *values, const struct list_view *view)
{
    struct page_frame frame;
    const struct page_field names = {"names", view->unknown};
    page_frame_init(&frame, request, crisis, false);
    page_frame_title(&frame, "list.preview", SLICE(""));
    page_set_flag(&frame.model, frame.root, "guessed", view->guessed);
    page_set(&frame.model, frame.root, "unknown",
             view->unknown.length > 0 ? page_words(&frame, "list.unknown", &names, 1) : SLICE(""));
    set_counted(&frame, "can_send", "list.can_send", view->count - view->faulty);
    set_counted(&frame, "send", "list.send", view->count - view->faulty);
    set_counted(&frame, "faulty", "list.faulty", view->faulty);
    set_carried(&frame, values, crisis, view);
    set_rows(&frame, view);
    page_frame_render(&frame, out, "list_preview");
}

void page_list_sent(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct list_view *view)
{
    struct page_frame frame;
    size_t left = view->count - view->faulty - view->stored;
    page_frame_init(&frame, request, crisis, false);
    page_frame_title(&frame, left == 0 ? "list.sent" : "list.sent_part", SLICE(""));
    set_counted(&frame, "stored", "list.stored", view->stored);
    set_counted(&frame, "left", "list.left", left);
    set_counted(&frame, "faulty", "list.faulty", view->faulty);
    page_set_flag(&frame.model, frame.root, "journal", view->via_journal);
    set_carried(&frame, values, crisis, view);
    set_rows(&frame, view);
    page_frame_render(&frame, out, "list_sent");
}
