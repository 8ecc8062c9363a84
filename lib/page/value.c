/* SPDX-License-Identifier: Apache-2.0
 * Objects and lists are chains: pages have tens of members, and a chain needs no growing. */
#include "page/value.h"

struct page_value {
    enum page_value_kind kind;
    bool flag;
    struct slice text;
    struct slice name;        /* as a member of an object */
    struct page_value *next;  /* the next sibling */
    struct page_value *first; /* of a list or an object */
    struct page_value *last;
};

static struct page_value *value_new(struct page_model *model, struct page_value *parent, struct slice name,
                                    enum page_value_kind kind)
{
    struct page_value *value = parent != NULL ? arena_alloc(model->arena, sizeof(*value)) : NULL;
    if (value == NULL) {
        model->failed = true;
        return NULL;
    }
    value->kind = kind;
    value->name = name;
    if (parent->kind == PAGE_VALUE_LIST && parent->last != NULL) {
        parent->last->next = value;
    } else {
        value->next = parent->first; /* members newest first: the newest of a name is found */
        parent->first = value;
    }
    parent->last = value;
    return value;
}

struct page_value *page_object(struct page_model *model)
{
    struct page_value *object = arena_alloc(model->arena, sizeof(*object));
    if (object == NULL) {
        model->failed = true;
        return NULL;
    }
    object->kind = PAGE_VALUE_OBJECT;
    return object;
}

void page_set(struct page_model *model, struct page_value *object, const char *name, struct slice text)
{
    struct page_value *value = value_new(model, object, slice_of(name), PAGE_VALUE_TEXT);
    if (value != NULL) {
        value->text = text;
    }
}

struct slice page_made(struct page_model *model, struct slice text)
{
    model->failed = model->failed || text.data == NULL;
    return text;
}

void page_set_number(struct page_model *model, struct page_value *object, const char *name, long number)
{
    page_set(model, object, name, page_made(model, arena_printf(model->arena, "%ld", number)));
}

void page_set_flag(struct page_model *model, struct page_value *object, const char *name, bool flag)
{
    struct page_value *value = value_new(model, object, slice_of(name), PAGE_VALUE_FLAG);
    if (value != NULL) {
        value->flag = flag;
    }
}

struct page_value *page_set_object(struct page_model *model, struct page_value *object, const char *name)
{
    return value_new(model, object, slice_of(name), PAGE_VALUE_OBJECT);
}

struct page_value *page_set_list(struct page_model *model, struct page_value *object, const char *name)
{
    return value_new(model, object, slice_of(name), PAGE_VALUE_LIST);
}

struct page_value *page_add(struct page_model *model, struct page_value *list)
{
    return value_new(model, list, SLICE(""), PAGE_VALUE_OBJECT);
}

enum page_value_kind page_value_kind(const struct page_value *value)
{
    return value->kind;
}

struct slice page_value_text(const struct page_value *value)
{
    return value->text;
}

const struct page_value *page_value_member(const struct page_value *object, struct slice name)
{
    const struct page_value *member = object->kind == PAGE_VALUE_OBJECT ? object->first : NULL;
    while (member != NULL && !slice_equal(member->name, name)) {
        member = member->next;
    }
    return member;
}

const struct page_value *page_value_next(const struct page_value *list, const struct page_value *item)
{
    return item == NULL ? list->first : item->next;
}

bool page_value_is_there(const struct page_value *value)
{
    switch (value->kind) {
    case PAGE_VALUE_TEXT:
        return value->text.length > 0;
    case PAGE_VALUE_FLAG:
        return value->flag;
    case PAGE_VALUE_LIST:
        return value->first != NULL;
    case PAGE_VALUE_OBJECT:
        return true;
    }
    return false;
}
