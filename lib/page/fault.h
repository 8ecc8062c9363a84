/* SPDX-License-Identifier: Apache-2.0
 * What is wrong, in words: field faults and refusals. */
#ifndef PAGE_FAULT_H
#define PAGE_FAULT_H

#include "core/buffer.h"
#include "core/slice.h"
#include "domain/field_error.h"
#include "page/language.h"

/* "Date of birth of person 1", "Phone number": the field at a path of the contract; the path itself when we have no name for it. */
void page_field_name(struct buffer *out, const struct page_language *language, struct slice path);
/* "Enter a date that exists, like 1985-03-27": what to do about it, without the field's name. */
void page_field_message(struct buffer *out, const struct page_language *language, const struct field_error *error);

/* The title and detail of an HTTP refusal; statuses without words of their own get those of 400 or 500. */
struct slice page_problem_title(const struct page_language *language, unsigned status);
struct slice page_problem_detail(const struct page_language *language, unsigned status);

#endif
