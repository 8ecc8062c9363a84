/* SPDX-License-Identifier: Apache-2.0
 * What all the citizen's pages share: head, languages, links, the facts of the crisis; private to lib/page. */
#ifndef PAGE_FRAME_H
#define PAGE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "page/crisis_view.h"
#include "page/request.h"
#include "page/text.h"
#include "page/value.h"

struct page_frame {
    struct page_model model;
    const struct page_language *language;
    struct page_value *root;
    struct page_clock clock; /* the lead post's, UTC without a crisis */
    int64_t now_us;
};

/* The model of a page with its title; `crisis` may be NULL. Pages that answer a POST leave the language links out: following one
 * would lose the answer. */
void page_frame_init(struct page_frame *frame, const struct page_request *request, const struct crisis_view *crisis,
                     bool language_links);
/* The title is a text whose placeholders are {country} and {case}; the case may be empty. */
void page_frame_title(struct page_frame *frame, const char *key, struct slice case_code);
void page_frame_render(const struct page_frame *frame, struct buffer *out, const char *template_name);

/* As page_format, page_time, page_when and page_clock_name, into the model's arena. */
struct slice page_words(struct page_frame *frame, const char *key, const struct page_field *fields, size_t count);
struct slice page_time_words(struct page_frame *frame, int64_t time_us);
struct slice page_when_words(struct page_frame *frame, int64_t time_us);
struct slice page_clock_words(struct page_frame *frame);
/* A telephone number or code within a sentence: in one piece, and its groups in their order where the language is read from the right. */
struct slice page_in_one_piece(struct page_frame *frame, struct slice text);
/* The facts of one crisis as members of an object. */
void page_frame_facts(struct page_frame *frame, struct page_value *object, const struct crisis_view *crisis);
/* "?lang=fr", "?lang=fr&crisis=ner-2023": behind every link, so that language and crisis stay. */
struct slice page_link_query(struct page_model *model, const struct page_language *language, struct slice crisis);

#endif
