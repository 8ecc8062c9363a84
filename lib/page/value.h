/* SPDX-License-Identifier: Apache-2.0
 * What a template is filled with: a tree of texts, flags, lists and objects in an arena. */
#ifndef PAGE_VALUE_H
#define PAGE_VALUE_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/slice.h"

struct page_value;

struct page_model {
    struct arena *arena;
    bool failed; /* memory ran out: something is missing from the tree. Sticky; page_render looks at it */
};

enum page_value_kind { PAGE_VALUE_TEXT, PAGE_VALUE_FLAG, PAGE_VALUE_LIST, PAGE_VALUE_OBJECT };

/* Each returns NULL and marks the model when memory is out, and takes NULL for the parent then. Names are static text; texts are
 * borrowed and must live until the page is rendered. A name set again hides what it was. */
struct page_value *page_object(struct page_model *model);
void page_set(struct page_model *model, struct page_value *object, const char *name, struct slice text);
void page_set_number(struct page_model *model, struct page_value *object, const char *name, long number);
void page_set_flag(struct page_model *model, struct page_value *object, const char *name, bool flag);
struct page_value *page_set_object(struct page_model *model, struct page_value *object, const char *name);
struct page_value *page_set_list(struct page_model *model, struct page_value *object, const char *name);
/* A new object at the end of a list. */
struct page_value *page_add(struct page_model *model, struct page_value *list);

/* A text made in the arena, passed on; data NULL says memory was out, which marks the model. */
struct slice page_made(struct page_model *model, struct slice text);

/* For the renderer. */
enum page_value_kind page_value_kind(const struct page_value *value);
struct slice page_value_text(const struct page_value *value);
/* NULL when the object has no such member. */
const struct page_value *page_value_member(const struct page_value *object, struct slice name);
/* The items of a list in order: NULL for the first; NULL at the end. */
const struct page_value *page_value_next(const struct page_value *list, const struct page_value *item);
/* Text that is not empty, a flag that is set, a list that has items, any object. */
bool page_value_is_there(const struct page_value *value);

#endif
