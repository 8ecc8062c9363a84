/* SPDX-License-Identifier: Apache-2.0
 * The fields that ask where somebody is; private to lib/page. */
#ifndef PAGE_PLACE_FIELDS_H
#define PAGE_PLACE_FIELDS_H

#include "page/citizen.h"
#include "page/form.h"

/* For templates/position.html, into the root. `crisis` may be NULL: then there is no map. */
void page_place_fields(struct page_form *form, const struct crisis_view *crisis);
/* Whether a field of that name is one of them, shown or hidden. */
bool page_place_has(struct slice name);
/* For templates/places.html: radio buttons of towns, into an object's "options". */
void page_place_options(struct page_frame *frame, struct page_value *object, const struct slice *names, size_t count);
/* For templates/carried.html: what was answered on other pages, less the fields that `shown` knows and the page's own but for those of
 * the form's way (_step, _then). */
void page_carried(struct page_frame *frame, const struct form *values,
                  bool (*shown)(const void *context, struct slice name), const void *context);

#endif
