/* SPDX-License-Identifier: Apache-2.0
 * Reading JSON strictly (RFC 8259), without a malloc for each value: what everybody may post. */
#ifndef CORE_JSON_READ_H
#define CORE_JSON_READ_H

#include "core/tree.h"

enum { JSON_READ_DEPTH_MAX = 2048 }; /* values within values, the outermost counted */

/* The object or array that is all of `text`, blanks around it aside. Refused besides what the RFC's grammar does not have: a name twice
 * in one object, bytes that are not UTF-8, halves of surrogate pairs, U+0000, integers past 64 bits and numbers past a double, and
 * deeper nesting. Texts without escapes are borrowed from `text`. NULL when it is refused or the arena is exhausted. */
struct tree *json_read(struct arena *arena, struct slice text);

#endif
