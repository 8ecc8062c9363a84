/* SPDX-License-Identifier: Apache-2.0
 * Templates filled in: HTML with every value escaped. */
#ifndef PAGE_RENDER_H
#define PAGE_RENDER_H

#include <stdint.h>

#include "core/buffer.h"
#include "core/slice.h"
#include "page/language.h"
#include "page/value.h"

enum { PAGE_DEPTH_MAX = 24 }; /* sections and partials inside one another */

struct page_template;

/* By its file's name without ".html"; NULL when there is none. */
const struct page_template *page_template_find(const char *name);

/* Adds the filled template. A name that the model does not have is shown as nothing and counted in page_unknown_names: it is our
 * mistake, and no reason to refuse a citizen the rest of the page. Sets out->failed when the model failed or sections nest deeper
 * than PAGE_DEPTH_MAX. */
void page_render(struct buffer *out, const struct page_template *template, const struct page_language *language,
                 const struct page_model *model, const struct page_value *root);

/* Metric: how often a template asked for what its model lacks. Tests hold it at 0. */
extern uint64_t page_unknown_names;

/* Adds text safe in HTML content and quoted attributes: & < > " ' as references, control characters HTML forbids as U+FFFD. */
void page_escape(struct buffer *out, struct slice text);

#endif
