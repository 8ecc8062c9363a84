/* SPDX-License-Identifier: Apache-2.0
 * Where somebody was whose session ended, for the sign-in form to bring them back to: a page of this desk with its filters, and nothing else. Pure. */
#ifndef DESK_WAY_BACK_H
#define DESK_WAY_BACK_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"

enum { WAY_BACK_MAX = 1024 }; /* characters; our longest address has some two hundred */

/* Whether `address` is a page of the desk, as "/map?zoom=7": it begins with one's path, holds no byte that an address must write otherwise, and so leads to no
 * other host and into no other header. */
bool way_back_is_own(struct slice address);
/* "/map?crisis=sample-ne" of a request's path and query, borrowed or in the arena; empty when it is no page, or memory is out. */
struct slice way_back_make(struct arena *arena, struct slice path, struct slice query);
/* The path of an address that is our own; "/" of an empty one. */
struct slice way_back_path(struct slice address);
/* Its query without `lang`: what a link to the same page in another language keeps. Empty when there is none, or memory is out. */
struct slice way_back_filters(struct arena *arena, struct slice address);

#endif
