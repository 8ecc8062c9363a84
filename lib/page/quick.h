/* SPDX-License-Identifier: Apache-2.0
 * The check-in form that the home page holds, so that one request brings both; private to lib/page. It is opened by script, which gives it an id of its
 * own: the page stays the same for everybody, and is kept and compressed once. */
#ifndef PAGE_QUICK_H
#define PAGE_QUICK_H

#include "page/frame.h"

/* Sets what templates/quick.html asks for, and that the script is in the page itself. */
void page_quick_set(struct page_frame *frame);

#endif
