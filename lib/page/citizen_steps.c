/* SPDX-License-Identifier: Apache-2.0
 * Registering one thing a page: the fields of each question, and the list of answers. What was answered before travels in the form. */
#include <stdio.h>

#include "page/citizen.h"
#include "page/form.h"
#include "page/place_fields.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { WORDS_MAX = 1024, KEY_MAX = 48 };

/* One row a field, in the order shown: an input or a choice. */
struct question {
    enum page_step step;
    struct page_input input;
    struct page_choice choice;
};

static const struct slice document_codes[] = {SLICE_INIT("passport"), SLICE_INIT("identity_card"), SLICE_INIT("other")};
static const struct vocabulary documents = {document_codes, COUNT(document_codes)};
static const struct slice contact_codes[] = {SLICE_INIT("whatsapp"), SLICE_INIT("email")};
static const struct vocabulary contact_kinds = {contact_codes, COUNT(contact_codes)};

static const struct question questions[] = {
    {PAGE_STEP_NAME, .input = {.member = "input",
                               .path = "party/%u/family_name",
                               .label = "label.family_name",
                               .autocomplete = "family-name"}},
    {PAGE_STEP_NAME, .input = {.member = "input",
                               .path = "party/%u/given_names",
                               .label = "label.given_names",
                               .autocomplete = "given-name"}},
    {PAGE_STEP_NAME, .input = {.member = "input",
                               .path = "contacts/0/value",
                               .label = "label.phone",
                               .hint = "hint.contact",
                               .type = "tel",
                               .autocomplete = "tel",
                               .narrow = true}},
    {PAGE_STEP_WITH, .input = {.member = "input", .path = "party/%u/family_name", .label = "label.family_name"}},
    {PAGE_STEP_WITH, .input = {.member = "input", .path = "party/%u/given_names", .label = "label.given_names"}},
    {PAGE_STEP_WITH, .input = {.member = "input",
                               .path = "party/%u/birth_date",
                               .label = "label.birth_date",
                               .hint = "hint.birth_date",
                               .plain = true,
                               .narrow = true}},
    {PAGE_STEP_NEEDS, .choice = {"checks", "party/%u/needs", NULL, "need.", &vocabulary_need, NULL, true}},
    {PAGE_STEP_NEEDS, .input = {.member = "area", .path = "party/%u/needs_note", .label = "label.needs_note"}},
    {PAGE_STEP_PLAN, .choice = {"radios", "intent", NULL, "intent.", &vocabulary_intent, NULL, false}},
    {PAGE_STEP_BIRTH, .input = {.member = "input",
                                .path = "party/%u/birth_date",
                                .label = "label.birth_date",
                                .hint = "hint.birth_date",
                                .autocomplete = "bday",
                                .plain = true,
                                .narrow = true}},
    {PAGE_STEP_PAPERS, .input = {.member = "input",
                                 .path = "party/%u/citizenships/0",
                                 .label = "label.citizenship",
                                 .hint = "hint.country",
                                 .narrow = true}},
    {PAGE_STEP_PAPERS, .choice = {"select", "party/%u/category", "label.category", "category.",
                                  &vocabulary_party_category, "choose.one", false}},
    {PAGE_STEP_PAPERS, .choice = {"select", "party/%u/document/type", "label.document_type", "document.", &documents,
                                  "choose.one", false}},
    {PAGE_STEP_PAPERS,
     .input = {.member = "input", .path = "party/%u/document/number", .label = "label.document_number", .plain = true}},
    {PAGE_STEP_PAPERS, .input = {.member = "input",
                                 .path = "party/%u/document/country",
                                 .label = "label.document_country",
                                 .hint = "hint.country",
                                 .narrow = true}},
    {PAGE_STEP_REACH, .choice = {"select", "contacts/1/kind", "label.contact_kind", "contact_kind.", &contact_kinds,
                                 "contact_kind.phone", false}},
    {PAGE_STEP_REACH,
     .input = {.member = "input", .path = "contacts/1/value", .label = "label.contact_value", .plain = true}},
    {PAGE_STEP_EMERGENCY, .input = {.member = "input", .path = "emergency_contact/name", .label = "label.name"}},
    {PAGE_STEP_EMERGENCY,
     .input = {.member = "input", .path = "emergency_contact/relation", .label = "label.relation"}},
    {PAGE_STEP_EMERGENCY,
     .input = {.member = "input", .path = "emergency_contact/phone", .label = "label.phone", .type = "tel"}},
    {PAGE_STEP_EMERGENCY, .input = {.member = "input",
                                    .path = "emergency_contact/email",
                                    .label = "label.email",
                                    .type = "email",
                                    .plain = true}},
};

static const char *path_of(const struct question *question)
{
    return question->input.path != NULL ? question->input.path : question->choice.path;
}

/* "party/%u/needs" for the stage's person. */
static bool is_path(const char *path, unsigned person, struct slice name)
{
    struct slice pattern = slice_of(path);
    size_t at = slice_find(pattern, SLICE("%u"));
    if (at == pattern.length) {
        return slice_equal(pattern, name);
    }
    uint64_t number = 0;
    struct slice rest = slice_sub(name, at, name.length);
    size_t digits = slice_index(rest, '/');
    return slice_starts_with(name, slice_sub(pattern, 0, at)) &&
           slice_to_u64(slice_sub(rest, 0, digits), PAGE_PEOPLE_MAX, &number) && number == person &&
           slice_equal(slice_sub(rest, digits, rest.length), slice_sub(pattern, at + 2, pattern.length));
}

static bool is_shown(const void *context, struct slice name)
{
    const struct page_stage *stage = context;
    for (size_t i = 0; i < COUNT(questions); i++) {
        if (questions[i].step == stage->step && is_path(path_of(&questions[i]), stage->person, name)) {
            return true;
        }
    }
    return slice_equal(name, SLICE("client_id")) || slice_equal(name, SLICE("crisis")) ||
           slice_equal(name, SLICE("language")) || slice_starts_with(name, SLICE("_")) ||
           (stage->step == PAGE_STEP_WHERE && page_place_has(name)) ||
           (stage->step == PAGE_STEP_CONSENT && slice_starts_with(name, SLICE("consent/")));
}

/* A link may answer questions ahead; what else stands in its address ("lang", a campaign's mark) is no answer. */
static bool is_shown_or_strange(const void *context, struct slice name)
{
    bool first = page_stage_of(name).step == PAGE_STEP_NAME;
    bool answer = !first || slice_starts_with(name, SLICE("party/0/")) || slice_starts_with(name, SLICE("contacts/0"));
    return !answer || is_shown(context, name);
}

static void set_fields(struct page_form *form, struct page_stage stage)
{
    static const char *const kinds[] = {"input", "area", "select", "radios", "checks"};
    struct page_model *model = &form->frame->model;
    struct page_value *fields = page_set_list(model, form->frame->root, "fields");
    for (size_t i = 0; i < COUNT(questions); i++) {
        const struct question *question = &questions[i];
        if (question->step != stage.step) {
            continue;
        }
        struct page_value *field = page_add(model, fields);
        for (size_t k = 0; k < COUNT(kinds); k++) {
            page_set_flag(model, field, kinds[k], false);
        }
        if (question->input.path != NULL) {
            page_form_inputs(form, field, &question->input, 1, stage.person);
        } else {
            page_form_choices(form, field, &question->choice, 1, stage.person);
        }
    }
}

/* --- the list of answers --- */

static void add_words(struct buffer *words, struct slice word)
{
    if (word.length > 0) {
        buffer_add_text(words, words->length > 0 ? ", " : "");
        buffer_add_slice(words, word);
    }
}

/* A code in words; what is no code as it was typed. */
static struct slice in_words(const struct page_form *form, const struct question *question, struct slice value)
{
    bool chosen = question->choice.path != NULL && value.length > 0;
    return chosen ? page_text_of(form->frame->language, question->choice.words, value) : value;
}

static void add_place(struct buffer *words, const struct page_form *form)
{
    struct slice lat = page_form_value(form, SLICE("location/lat"));
    struct slice lon = page_form_value(form, SLICE("location/lon"));
    add_words(words, page_form_value(form, SLICE("location/place")));
    if (lat.length > 0 && lon.length > 0) {
        buffer_add_text(words, words->length > 0 ? ", " : "");
        buffer_printf(words, "%.*s %.*s", SLICE_ARGS(lat), SLICE_ARGS(lon));
    }
}

static void add_consent(struct buffer *words, const struct page_form *form)
{
    const struct page_language *language = form->frame->language;
    add_words(words, page_form_has(form, SLICE("consent/family"), SLICE("true"))
                         ? page_text(language, "label.consent_family")
                         : SLICE(""));
    add_words(words, page_form_has(form, SLICE("consent/partners"), SLICE("true"))
                         ? page_text(language, "label.consent_partners")
                         : SLICE(""));
}

/* All that was said to one question, in the order of its fields. */
static struct slice said(struct page_form *form, struct page_stage stage, struct slice phone)
{
    struct buffer words;
    struct page_model *model = &form->frame->model;
    buffer_init(&words, WORDS_MAX * 8);
    if (stage.step == PAGE_STEP_WHERE) {
        add_place(&words, form);
    } else if (stage.step == PAGE_STEP_CONSENT) {
        add_consent(&words, form);
    }
    for (size_t i = 0; i < COUNT(questions); i++) {
        for (size_t k = 0; questions[i].step == stage.step && form->values != NULL && k < form->values->count; k++) {
            const struct form_pair *pair = &form->values->pairs[k];
            bool number = phone.length > 0 && slice_equal(pair->name, SLICE("contacts/0/value"));
            if (!number && is_path(path_of(&questions[i]), stage.person, pair->name)) {
                add_words(&words, in_words(form, &questions[i], slice_trim(pair->value)));
            }
        }
    }
    if (stage.step == PAGE_STEP_NAME && phone.length > 0) {
        const struct page_field number = {"phone", page_in_one_piece(form->frame, phone)};
        buffer_add_text(&words, ". ");
        page_format(&words, form->frame->language, "phone.text", &number, 1);
    }
    struct slice text = page_made(model, arena_dup(model->arena, buffer_slice(&words)));
    model->failed = model->failed || words.failed;
    buffer_release(&words);
    return text;
}

static void add_answer(struct page_form *form, struct page_value *answers, struct page_stage stage, struct slice phone)
{
    char key[KEY_MAX];
    char name[PAGE_STAGE_TEXT];
    struct page_model *model = &form->frame->model;
    struct page_value *answer = page_add(model, answers);
    (void)snprintf(key, sizeof(key), "step.%s", page_step_name(stage.step));
    page_set(model, answer, "what", page_text(form->frame->language, key));
    page_set(model, answer, "said", said(form, stage, phone));
    page_set(model, answer, "to", page_made(model, arena_dup(model->arena, page_stage_write(stage, name))));
}

static void set_answers(struct page_form *form, const struct register_step_view *view)
{
    struct page_value *answers = page_set_list(&form->frame->model, form->frame->root, "answers");
    for (unsigned step = PAGE_STEP_NAME; view->stage.step == PAGE_STEP_CHECK && step < PAGE_STEP_CHECK; step++) {
        unsigned from = step == PAGE_STEP_WITH ? 1 : 0;
        unsigned to = step == PAGE_STEP_WITH && view->people > 2 ? view->people - 1 : from;
        for (unsigned person = from; person <= to; person++) {
            add_answer(form, answers, (struct page_stage){(enum page_step)step, person}, view->phone);
        }
    }
}

static void set_words(struct page_frame *frame, struct page_stage stage)
{
    char key[KEY_MAX];
    struct slice lead = SLICE("");
    (void)snprintf(key, sizeof(key), "step.%s", page_step_name(stage.step));
    page_set(&frame->model, frame->root, "title", page_text(frame->language, key));
    (void)snprintf(key, sizeof(key), "step.%s.lead", page_step_name(stage.step));
    bool led = page_text_find(frame->language, slice_of(key), &lead);
    page_set(&frame->model, frame->root, "lead", led ? lead : SLICE(""));
    page_set_number(&frame->model, frame->root, "number", (long)stage.step + 1);
    page_set_number(&frame->model, frame->root, "total", PAGE_STEP_CHECK);
}

void page_register_step(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct register_step_view *view)
{
    struct page_frame frame;
    char step[PAGE_STAGE_TEXT];
    struct page_form form = {&frame, view->values, view->errors};
    bool first = view->stage.step == PAGE_STEP_NAME;
    page_frame_init(&frame, request, crisis, first);
    struct page_model *model = &frame.model;
    set_words(&frame, view->stage);
    page_form_errors(&form);
    page_form_client_id(&form, view->sent);
    page_set(model, frame.root, "crisis_id", crisis->id);
    page_set(model, frame.root, "step", page_stage_write(view->stage, step));
    page_set_flag(model, frame.root, "checking", view->checking);
    page_set_flag(model, frame.root, "first", first);
    page_set_flag(model, frame.root, "where", view->stage.step == PAGE_STEP_WHERE);
    page_set_flag(model, frame.root, "with", view->stage.step == PAGE_STEP_WITH);
    page_set_flag(model, frame.root, "consent", view->stage.step == PAGE_STEP_CONSENT);
    page_set_flag(model, frame.root, "check", view->stage.step == PAGE_STEP_CHECK);
    page_set_flag(model, frame.root, "consent_family", page_form_has(&form, SLICE("consent/family"), SLICE("true")));
    page_set_flag(model, frame.root, "consent_partners",
                  page_form_has(&form, SLICE("consent/partners"), SLICE("true")));
    page_place_fields(&form, crisis);
    set_fields(&form, view->stage);
    set_answers(&form, view);
    page_carried(&frame, view->values, view->sent ? is_shown : is_shown_or_strange, &view->stage);
    page_frame_render(&frame, out, "register_step");
}
