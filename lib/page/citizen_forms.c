/* SPDX-License-Identifier: Apache-2.0
 * The citizen's pages that ask: their fields as tables, in the contract's names. */
#include <stdio.h>

#include "page/citizen.h"
#include "page/form.h"
#include "page/place_fields.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

enum { PEOPLE_ON_FORM = 4, PREFIX_MAX = 32 };

#define EMAIL_INPUT(name, at, words)                                                                                   \
    {                                                                                                                  \
        .member = (name), .path = (at), .label = (words), .type = "email", .plain = true                               \
    }
#define PHONE_INPUT(name, at, words)                                                                                   \
    {                                                                                                                  \
        .member = (name), .path = (at), .label = (words), .type = "tel"                                                \
    }

static const struct page_input person_inputs[] = {
    {.member = "family_name",
     .path = "party/%u/family_name",
     .label = "label.family_name",
     .autocomplete = "family-name"},
    {.member = "given_names",
     .path = "party/%u/given_names",
     .label = "label.given_names",
     .autocomplete = "given-name"},
    {.member = "birth_date",
     .path = "party/%u/birth_date",
     .label = "label.birth_date",
     .hint = "hint.birth_date",
     .autocomplete = "bday",
     .plain = true,
     .narrow = true},
    {.member = "citizenship", .path = "party/%u/citizenships/0", .label = "label.citizenship", .hint = "hint.country"},
    {.member = "document_number", .path = "party/%u/document/number", .label = "label.document_number", .plain = true},
    {.member = "document_country",
     .path = "party/%u/document/country",
     .label = "label.document_country",
     .hint = "hint.country"},
    {.member = "needs_note", .path = "party/%u/needs_note", .label = "label.needs_note"},
};

static const struct page_input register_inputs[] = {
    {.member = "contact_value",
     .path = "contacts/0/value",
     .label = "label.contact_value",
     .hint = "hint.contact",
     .autocomplete = "tel",
     .plain = true},
    {.member = "second_contact_value", .path = "contacts/1/value", .label = "label.contact_value", .plain = true},
    {.member = "emergency_name", .path = "emergency_contact/name", .label = "label.name"},
    {.member = "emergency_relation", .path = "emergency_contact/relation", .label = "label.relation"},
    PHONE_INPUT("emergency_phone", "emergency_contact/phone", "label.phone"),
    EMAIL_INPUT("emergency_email", "emergency_contact/email", "label.email"),
    {.member = "admin1", .path = "location/admin1", .label = "label.admin1"},
};

static const struct page_input check_in_inputs[] = {
    {.member = "case", .path = "case", .label = "label.case", .hint = "hint.case", .plain = true, .narrow = true},
    {.member = "phone",
     .path = "phone",
     .label = "label.case_phone",
     .type = "tel",
     .autocomplete = "tel",
     .narrow = true},
    {.member = "people", .path = "people", .label = "label.people", .mode = "numeric", .narrow = true},
    {.member = "message", .path = "message", .label = "label.message", .hint = "hint.message"},
};

static const struct page_input status_inputs[] = {
    {.member = "case", .path = "case", .label = "label.case", .hint = "hint.case", .plain = true, .narrow = true},
    {.member = "secret",
     .path = "secret",
     .label = "label.secret",
     .hint = "hint.secret",
     .autocomplete = "off",
     .plain = true},
};

static const struct page_input find_inputs[] = {
    {.member = "about_family_name", .path = "about/family_name", .label = "label.family_name"},
    {.member = "about_given_names", .path = "about/given_names", .label = "label.given_names"},
    {.member = "about_birth_date",
     .path = "about/birth_date",
     .label = "label.birth_date",
     .hint = "hint.birth_date",
     .narrow = true},
    {.member = "about_place", .path = "about/place", .label = "label.about_place"},
    {.member = "about_last_contact", .path = "about/last_contact", .label = "label.last_contact"},
    {.member = "asker_name", .path = "asker/name", .label = "label.asker_name", .autocomplete = "name"},
    {.member = "asker_relation", .path = "asker/relation", .label = "label.asker_relation"},
    PHONE_INPUT("asker_phone", "asker/phone", "label.asker_phone"),
    EMAIL_INPUT("asker_email", "asker/email", "label.asker_email"),
    {.member = "message", .path = "message", .label = "label.message"},
};

static const struct slice document_codes[] = {SLICE_INIT("passport"), SLICE_INIT("identity_card"), SLICE_INIT("other")};
static const struct vocabulary documents = {document_codes, COUNT(document_codes)};
/* Phone is the blank choice: a kind without a number would be half a contact. */
static const struct slice contact_codes[] = {SLICE_INIT("whatsapp"), SLICE_INIT("email")};
static const struct vocabulary contact_kinds = {contact_codes, COUNT(contact_codes)};
/* Help first. */
enum { URGENT_STATUSES = 3 };
static const struct slice status_codes[] = {SLICE_INIT("in_danger"), SLICE_INIT("injured"), SLICE_INIT("need_help"),
                                            SLICE_INIT("safe"),      SLICE_INIT("moving"),  SLICE_INIT("departed")};
static const struct vocabulary statuses = {status_codes, COUNT(status_codes)};

static const struct page_choice person_choices[] = {
    {"category", "party/%u/category", "label.category", "category.", &vocabulary_party_category, "choose.one", false},
    {"document_type", "party/%u/document/type", "label.document_type", "document.", &documents, "choose.one", false},
    {"needs", "party/%u/needs", NULL, "need.", &vocabulary_need, NULL, true},
};

static const struct page_choice register_choices[] = {
    {"contact_kind", "contacts/0/kind", "label.contact_kind", "contact_kind.", &contact_kinds, "contact_kind.phone",
     false},
    {"second_contact_kind", "contacts/1/kind", "label.contact_kind", "contact_kind.", &contact_kinds,
     "contact_kind.phone", false},
    {"intent", "intent", NULL, "intent.", &vocabulary_intent, NULL, false},
};

static const struct page_choice needs_choice = {"needs", "needs", NULL, "need.", &vocabulary_need, NULL, true};
static const struct page_choice status_choice = {"status", "status", NULL, "status.", &statuses, NULL, false};

static bool touched(const struct page_form *form, unsigned person, const char *member)
{
    char prefix[PREFIX_MAX];
    int length = snprintf(prefix, sizeof(prefix), "party/%u/%s", person, member);
    return length > 0 && page_form_touched(form, slice_make(prefix, (size_t)length));
}

static void set_person(struct page_form *form, struct page_value *object, unsigned index)
{
    struct page_model *model = &form->frame->model;
    page_form_inputs(form, object, person_inputs, COUNT(person_inputs), index);
    page_form_choices(form, object, person_choices, COUNT(person_choices), index);
    page_set_number(model, object, "number", (long)index + 1);
    page_set_flag(model, object, "open", touched(form, index, ""));
    page_set_flag(model, object, "document_open", touched(form, index, "document/"));
    page_set_flag(model, object, "needs_open", touched(form, index, "needs"));
}

static bool is_ticked(const struct page_form *form, struct slice path)
{
    return page_form_has(form, path, SLICE("true"));
}

void page_register_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct field_errors *errors)
{
    struct page_frame frame;
    struct page_form form = {&frame, values, errors};
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "register.title", SLICE(""));
    struct page_model *model = &frame.model;
    page_form_errors(&form);
    page_form_client_id(&form, errors != NULL);
    page_set(model, frame.root, "crisis_id", crisis->id);
    set_person(&form, page_set_object(model, frame.root, "first"), 0);
    struct page_value *others = page_set_list(model, frame.root, "others");
    for (unsigned i = 1; i < PEOPLE_ON_FORM; i++) {
        set_person(&form, page_add(model, others), i);
    }
    page_form_inputs(&form, frame.root, register_inputs, COUNT(register_inputs), 0);
    page_form_choices(&form, frame.root, register_choices, COUNT(register_choices), 0);
    page_place_fields(&form, crisis);
    page_set_flag(model, frame.root, "map", false); /* /place knows no way back to this form */
    page_set_flag(model, frame.root, "second_contact_open", page_form_touched(&form, SLICE("contacts/1/")));
    page_set_flag(model, frame.root, "emergency_open", page_form_touched(&form, SLICE("emergency_contact")));
    page_set_flag(model, frame.root, "consent_family", is_ticked(&form, SLICE("consent/family")));
    page_set_flag(model, frame.root, "consent_partners", is_ticked(&form, SLICE("consent/partners")));
    page_frame_render(&frame, out, "register");
}

void page_check_in_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                        const struct form *values, const struct field_errors *errors)
{
    struct page_frame frame;
    struct page_form form = {&frame, values, errors};
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "check_in.title", SLICE(""));
    page_form_errors(&form);
    page_form_client_id(&form, errors != NULL);
    page_form_cards(&form, frame.root, &status_choice, URGENT_STATUSES);
    page_form_choices(&form, frame.root, &needs_choice, 1, 0);
    page_form_inputs(&form, frame.root, check_in_inputs, COUNT(check_in_inputs), 0);
    page_place_fields(&form, crisis);
    page_frame_render(&frame, out, "check_in");
}

void page_status_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                      const struct form *values, const struct field_errors *errors, bool not_found)
{
    struct page_frame frame;
    struct page_form form = {&frame, values, errors};
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "status_page.title", SLICE(""));
    page_form_errors(&form);
    page_set_flag(&frame.model, frame.root, "not_found", not_found);
    page_form_inputs(&form, frame.root, status_inputs, COUNT(status_inputs), 0);
    page_frame_render(&frame, out, "status_form");
}

void page_find_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct field_errors *errors)
{
    struct page_frame frame;
    struct page_form form = {&frame, values, errors};
    page_frame_init(&frame, request, crisis, true);
    page_frame_title(&frame, "find.title", SLICE(""));
    page_form_errors(&form);
    page_form_client_id(&form, errors != NULL);
    page_set(&frame.model, frame.root, "crisis_id", crisis->id);
    page_form_inputs(&form, frame.root, find_inputs, COUNT(find_inputs), 0);
    page_frame_render(&frame, out, "find");
}
