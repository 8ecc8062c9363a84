/* SPDX-License-Identifier: Apache-2.0
 * A form as the tree that JSON would have given: fields are named by the contract's paths ("party/0/birth_date"), so one decoder and one list of
 * errors serve both. */
#ifndef EDGE_FORM_TREE_H
#define EDGE_FORM_TREE_H

#include "core/tree.h"
#include "domain/field_error.h"
#include "net/form.h"

enum { FORM_TREE_DEPTH = 5, FORM_TREE_INDEX_MAX = 99 };

/* A new object; blank fields are left out, values trimmed. Ticked boxes of one name ("party/0/needs") become a list. Names that begin
 * with "_" are the page's own and passed over. Texts are the form's. NULL when memory is out. */
struct tree *form_tree_new(struct arena *arena, const struct form *form, struct field_errors *errors);

#endif
