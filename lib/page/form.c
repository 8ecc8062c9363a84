/* SPDX-License-Identifier: Apache-2.0
 * Fields from tables: the id of each is its path, so the list of errors can link to it. */
#include "page/form.h"

#include "core/id.h"
#include "page/fault.h"

enum { SENTENCE_MAX = 1024 };

static const struct slice status_codes[] = {SLICE_INIT("in_danger"), SLICE_INIT("injured"), SLICE_INIT("need_help"),
                                            SLICE_INIT("safe"),      SLICE_INIT("moving"),  SLICE_INIT("departed")};
const struct vocabulary page_form_statuses = {status_codes, sizeof(status_codes) / sizeof(status_codes[0])};

struct slice page_form_value(const struct page_form *form, struct slice path)
{
    for (size_t i = 0; form->values != NULL && i < form->values->count; i++) {
        if (slice_equal(form->values->pairs[i].name, path)) {
            return form->values->pairs[i].value;
        }
    }
    return SLICE("");
}

bool page_form_has(const struct page_form *form, struct slice path, struct slice value)
{
    for (size_t i = 0; form->values != NULL && i < form->values->count; i++) {
        if (slice_equal(form->values->pairs[i].name, path) && slice_equal(form->values->pairs[i].value, value)) {
            return true;
        }
    }
    return false;
}

bool page_form_touched(const struct page_form *form, struct slice prefix)
{
    for (size_t i = 0; form->values != NULL && i < form->values->count; i++) {
        if (slice_starts_with(form->values->pairs[i].name, prefix) && form->values->pairs[i].value.length > 0) {
            return true;
        }
    }
    for (size_t i = 0; form->errors != NULL && i < form->errors->count; i++) {
        if (slice_starts_with(slice_of(form->errors->items[i].path), prefix)) {
            return true;
        }
    }
    return false;
}

/* The path of a table's row: at most one "%u" in it. */
static struct slice path_of(struct page_form *form, const char *path, unsigned index)
{
    struct slice rest = slice_of(path);
    size_t place = slice_find(rest, SLICE("%u"));
    if (place == rest.length) {
        return rest;
    }
    struct page_model *model = &form->frame->model;
    return page_made(model, arena_printf(model->arena, "%.*s%u%.*s", SLICE_ARGS(slice_sub(rest, 0, place)), index,
                                         SLICE_ARGS(slice_sub(rest, place + 2, rest.length))));
}

/* An error of the path itself, or of an item below it ("party/0/needs/3"). */
static const struct field_error *error_at(const struct page_form *form, struct slice path)
{
    for (size_t i = 0; form->errors != NULL && i < form->errors->count; i++) {
        struct slice at = slice_of(form->errors->items[i].path);
        if (slice_starts_with(at, path) && (at.length == path.length || at.data[path.length] == '/')) {
            return &form->errors->items[i];
        }
    }
    return NULL;
}

static struct slice message_of(struct page_form *form, const struct field_error *error)
{
    struct buffer words;
    if (error == NULL) {
        return SLICE("");
    }
    buffer_init(&words, SENTENCE_MAX);
    page_field_message(&words, form->frame->language, error);
    struct page_model *model = &form->frame->model;
    struct slice message = page_made(model, arena_dup(model->arena, buffer_slice(&words)));
    model->failed = model->failed || words.failed;
    buffer_release(&words);
    return message;
}

static struct slice key_text(const struct page_form *form, const char *key)
{
    return key != NULL ? page_text(form->frame->language, key) : SLICE("");
}

/* id, label, hint, error, and what aria-describedby refers to. */
static void set_field(struct page_form *form, struct page_value *field, struct slice path, const char *label,
                      const char *hint)
{
    struct page_model *model = &form->frame->model;
    struct slice error = message_of(form, error_at(form, path));
    struct slice described = SLICE("");
    if (hint != NULL && error.length > 0) {
        described = page_made(model, arena_printf(model->arena, "%.*s-h %.*s-e", SLICE_ARGS(path), SLICE_ARGS(path)));
    } else if (hint != NULL || error.length > 0) {
        described = page_made(model, arena_printf(model->arena, "%.*s-%s", SLICE_ARGS(path), hint != NULL ? "h" : "e"));
    }
    page_set(model, field, "id", path);
    page_set(model, field, "label", key_text(form, label));
    page_set(model, field, "hint", key_text(form, hint));
    page_set(model, field, "error", error);
    page_set(model, field, "described", described);
    page_set(model, field, "value", page_form_value(form, path));
}

static struct page_value *add_field(struct page_form *form, struct page_value *object, const char *member,
                                    struct slice path, const char *label, const char *hint)
{
    struct page_value *field = page_set_object(&form->frame->model, object, member);
    set_field(form, field, path, label, hint);
    return field;
}

static void set_input(struct page_form *form, struct page_value *field, const struct page_input *input, unsigned index)
{
    struct page_model *model = &form->frame->model;
    page_set(model, field, "type", slice_of(input->type));
    page_set(model, field, "mode", slice_of(input->mode));
    /* the phone's owner is the first person; nobody else's name should be offered */
    page_set(model, field, "autocomplete", index == 0 ? slice_of(input->autocomplete) : SLICE(""));
    page_set_flag(model, field, "plain", input->plain);
    page_set_flag(model, field, "short", input->narrow);
}

void page_form_input(struct page_form *form, struct page_value *object, const struct page_input *input)
{
    set_field(form, object, slice_of(input->path), input->label, input->hint);
    set_input(form, object, input, 0);
}

void page_form_inputs(struct page_form *form, struct page_value *object, const struct page_input *inputs, size_t count,
                      unsigned index)
{
    for (size_t i = 0; i < count; i++) {
        struct slice path = path_of(form, inputs[i].path, index);
        set_input(form, add_field(form, object, inputs[i].member, path, inputs[i].label, inputs[i].hint), &inputs[i],
                  index);
    }
}

static void add_option(struct page_form *form, struct page_value *list, struct slice code, struct slice words,
                       bool chosen)
{
    struct page_model *model = &form->frame->model;
    struct page_value *option = page_add(model, list);
    page_set(model, option, "value", code);
    page_set(model, option, "words", words);
    page_set_flag(model, option, "chosen", chosen);
}

/* "status.safe.detail" where there is one. */
static struct slice detail_of(struct page_form *form, const char *words, struct slice code)
{
    struct slice detail = SLICE("");
    struct page_model *model = &form->frame->model;
    struct slice key = page_made(model, arena_printf(model->arena, "%s%.*s.detail", words, SLICE_ARGS(code)));
    return page_text_find(form->frame->language, key, &detail) ? detail : SLICE("");
}

static void add_choice(struct page_form *form, struct page_value *object, const struct page_choice *choice,
                       unsigned index)
{
    struct page_model *model = &form->frame->model;
    const struct page_language *language = form->frame->language;
    struct slice path = path_of(form, choice->path, index);
    struct page_value *field = add_field(form, object, choice->member, path, choice->label, NULL);
    struct page_value *options = page_set_list(model, field, "options");
    struct slice sent = page_form_value(form, path);
    page_set_flag(model, field, "detail", false);
    page_set_flag(model, field, "urgent", false);
    if (choice->blank != NULL) {
        add_option(form, options, SLICE(""), page_text(language, choice->blank), false);
    }
    for (unsigned i = 0; i < choice->codes->count; i++) {
        struct slice code = vocabulary_name(choice->codes, i);
        bool chosen = choice->several ? page_form_has(form, path, code) : slice_equal(code, sent);
        add_option(form, options, code, page_text_of(language, choice->words, code), chosen);
    }
}

void page_form_choices(struct page_form *form, struct page_value *object, const struct page_choice *choices,
                       size_t count, unsigned index)
{
    for (size_t i = 0; i < count; i++) {
        add_choice(form, object, &choices[i], index);
    }
}

void page_form_cards(struct page_form *form, struct page_value *object, const struct page_choice *choice,
                     unsigned urgent)
{
    struct page_model *model = &form->frame->model;
    struct page_value *field = add_field(form, object, choice->member, slice_of(choice->path), choice->label, NULL);
    struct page_value *options = page_set_list(model, field, "options");
    struct slice sent = page_form_value(form, slice_of(choice->path));
    for (unsigned i = 0; i < choice->codes->count; i++) {
        struct slice code = vocabulary_name(choice->codes, i);
        struct page_value *option = page_add(model, options);
        page_set(model, option, "value", code);
        page_set(model, option, "words", page_text_of(form->frame->language, choice->words, code));
        page_set(model, option, "detail", detail_of(form, choice->words, code));
        page_set_flag(model, option, "chosen", slice_equal(code, sent));
        page_set_flag(model, option, "urgent", i < urgent);
    }
}

void page_form_errors(struct page_form *form)
{
    struct page_model *model = &form->frame->model;
    size_t count = form->errors != NULL ? form->errors->count : 0;
    page_set_flag(model, form->frame->root, "failed", count > 0);
    struct page_value *faults = page_set_list(model, form->frame->root, "faults");
    for (size_t i = 0; i < count; i++) {
        const struct field_error *error = &form->errors->items[i];
        struct slice path = slice_of(error->path);
        struct buffer name;
        buffer_init(&name, SENTENCE_MAX);
        page_field_name(&name, form->frame->language, path);
        const struct page_field fields[] = {{"field", buffer_slice(&name)}, {"message", message_of(form, error)}};
        struct page_value *fault = page_add(model, faults);
        size_t needs = slice_find(path, SLICE("needs/")); /* one box of a group: link to the group */
        page_set(model, fault, "target", needs < path.length ? slice_sub(path, 0, needs + sizeof("needs") - 1) : path);
        page_set(model, fault, "line", page_words(form->frame, "error.line", fields, 2));
        buffer_release(&name);
    }
}

void page_form_client_id(struct page_form *form, bool sent)
{
    struct page_model *model = &form->frame->model;
    char text[UUID_TEXT_SIZE + 1];
    struct slice id = page_form_value(form, SLICE("client_id"));
    if (!sent || id.length == 0) { /* never from a link that somebody sent */
        struct uuid fresh = uuid_random();
        id = page_made(model, arena_dup(model->arena, uuid_format(&fresh, text)));
    }
    page_set(model, form->frame->root, "client_id", id);
}
