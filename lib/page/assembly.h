/* SPDX-License-Identifier: Apache-2.0
 * Assembly points in a citizen's words; private to lib/page but for the view. */
#ifndef PAGE_ASSEMBLY_H
#define PAGE_ASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/assembly.h"

struct page_frame;

/* The way to the nearest one; `to` NULL: there is none to be told. */
struct assembly_view {
    struct assembly_way way;
    bool by_cell; /* reckoned from the middle of a cell of some 5 km */
};

enum { ASSEMBLY_LISTED_MAX = 5 };

/* For templates/assembly.html, into the root: nothing where there is none. */
void page_assembly_set(struct page_frame *frame, const struct assembly_view *view);
/* For templates/assembly_points.html: the first ASSEMBLY_LISTED_MAX of a crisis; nothing where it has none. */
void page_assembly_list(struct page_frame *frame, struct slice crisis, const struct assembly_point points[],
                        size_t count);

#endif
