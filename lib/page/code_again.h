/* SPDX-License-Identifier: Apache-2.0
 * The pages of who lost the case code: a phone number, and that it was asked for. As citizen.h says of its pages. */
#ifndef PAGE_CODE_AGAIN_H
#define PAGE_CODE_AGAIN_H

#include "page/citizen.h"

/* phone, crisis. */
void page_code_form(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis,
                    const struct form *values, const struct field_errors *errors);
/* The same whether or not anybody registered the number. */
void page_code_asked(struct buffer *out, const struct page_request *request, const struct crisis_view *crisis);

#endif
