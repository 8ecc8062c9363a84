/* SPDX-License-Identifier: Apache-2.0
 * The fields of a form as the templates want them: label, what was typed, what was wrong; private to lib/page. */
#ifndef PAGE_FORM_H
#define PAGE_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"
#include "domain/field_error.h"
#include "domain/vocabulary.h"
#include "net/form.h"
#include "page/frame.h"

struct page_form {
    struct page_frame *frame;
    const struct form *values;         /* NULL: nothing was typed */
    const struct field_errors *errors; /* NULL: a fresh form, which values (a link's query) may fill in */
};

/* One row a field; the tables of the pages are made of these. */
struct page_input {
    const char *member;       /* its name in the template */
    const char *path;         /* its name in the form; "%u" stands for the index given */
    const char *label;        /* key */
    const char *hint;         /* key, or NULL */
    const char *type;         /* HTML's; NULL: text */
    const char *mode;         /* inputmode, or NULL */
    const char *autocomplete; /* or NULL */
    bool plain;               /* codes: no capitals or corrections by the phone */
    bool narrow;
};

/* The first value sent under a path, as typed; empty when there is none. */
struct slice page_form_value(const struct page_form *form, struct slice path);
bool page_form_has(const struct page_form *form, struct slice path, struct slice value);
/* Something was typed, or was wrong, in a field whose path starts so. */
bool page_form_touched(const struct page_form *form, struct slice prefix);

/* The field's members, set in `object` itself: an item of a list. */
void page_form_input(struct page_form *form, struct page_value *object, const struct page_input *input);
void page_form_inputs(struct page_form *form, struct page_value *object, const struct page_input *inputs, size_t count,
                      unsigned index);

/* A choice among codes, each with the text of `words` and its code. */
struct page_choice {
    const char *member;
    const char *path;
    const char *label; /* key; NULL for choices that stand under a legend */
    const char *words; /* prefix of the texts */
    const struct vocabulary *codes;
    const char *blank; /* key of a first option without a value, or NULL */
    bool several;      /* boxes to tick */
};
void page_form_choices(struct page_form *form, struct page_value *object, const struct page_choice *choices,
                       size_t count, unsigned index);
/* Choices as large cards with a line of detail each, the first `urgent` of them marked. */
void page_form_cards(struct page_form *form, struct page_value *object, const struct page_choice *choice,
                     unsigned urgent);

/* How somebody is, help first; the first PAGE_FORM_URGENT of them cry. */
enum { PAGE_FORM_URGENT = 3 };
extern const struct vocabulary page_form_statuses;

/* The list of what is wrong, at the top. */
void page_form_errors(struct page_form *form);
/* The client_id that was sent (by POST: a link may not choose one), else a new one. */
void page_form_client_id(struct page_form *form, bool sent);

#endif
