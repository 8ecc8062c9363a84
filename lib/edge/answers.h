/* SPDX-License-Identifier: Apache-2.0
 * Changing what a form says before it is shown again or stored. */
#ifndef EDGE_ANSWERS_H
#define EDGE_ANSWERS_H

#include "core/arena.h"
#include "net/form.h"

/* One value under a name, in place of any that were sent; an empty one takes them away. False when memory is out. */
bool answers_set(struct arena *arena, struct form *form, struct slice name, struct slice value);
/* The first value under a name without the blanks around it; empty when there is none. */
struct slice answers_get(const struct form *form, const char *name);
/* How many people a registration's form names, counted to the last that was named; 1 at least. */
unsigned answers_people(const struct form *form);

#endif
