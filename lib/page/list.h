/* SPDX-License-Identifier: Apache-2.0
 * The pages of who sends a list of people: what to send, what was read of it, what was stored. As citizen.h says of its pages. Between them the rows
 * travel in the pages themselves, so that nothing half done stays with us. */
#ifndef PAGE_LIST_H
#define PAGE_LIST_H

#include "page/citizen.h"

/* reporter/name, reporter/relation, reporter/phone, reporter/email, and the file. `refusal`: key of why the file could not be read, with {number};
 * NULL: nothing was wrong with it. */
void page_list_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct field_errors *errors, const char *refusal, size_t number);

/* The rows of a family stand together, its first with how many they are. */
struct list_row_view {
    size_t line;
    struct slice family; /* what makes it one; empty: alone */
    size_t people;       /* of the party; 0: of the row before */
    struct slice who;
    struct slice where;
    struct slice phone;
    struct slice fault; /* empty: none */
    struct slice code;  /* stored: its case code and secret */
    struct slice secret;
    const char *trouble; /* not stored: key of why; NULL: it was */
};

struct list_view {
    const struct list_row_view *rows;
    size_t count;
    size_t faulty;
    size_t stored;
    bool via_journal;
    bool guessed;         /* the alphabet of the file */
    struct slice unknown; /* headings that are not sent; empty: none */
    struct slice carried; /* the rows, for the next page */
    struct slice upload;  /* its id */
};

/* `values`: the form as sent; of it, who sends the list goes along. */
void page_list_preview(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                       const struct form *values, const struct list_view *view);
void page_list_sent(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct list_view *view);

#endif
