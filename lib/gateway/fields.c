/* SPDX-License-Identifier: Apache-2.0
 * Query, form and JSON behind one look-up. */
#include "gateway/fields.h"

#include "core/json_read.h"
#include "gateway/kind.h"

bool gateway_fields_read(struct gateway_fields *fields, const struct http_request *request, unsigned carriage,
                         struct arena *arena)
{
    *fields = (struct gateway_fields){.json = NULL};
    if ((carriage & GATEWAY_IN_QUERY) != 0 && !form_parse(arena, request->query, &fields->query)) {
        return false;
    }
    if ((carriage & GATEWAY_IN_FORM) != 0 &&
        http_request_media_type_is(request, SLICE("application/x-www-form-urlencoded"))) {
        return form_parse(arena, request->body, &fields->form);
    }
    if ((carriage & GATEWAY_IN_JSON) != 0 && http_request_media_type_is(request, SLICE("application/json"))) {
        fields->json = json_read(arena, request->body);
        return fields->json != NULL;
    }
    /* A kind that uses the query alone may repeat itself in the content, as Kannel does. */
    fields->unread = request->body.length > 0 && carriage != GATEWAY_IN_QUERY;
    return true;
}

static const struct tree *follow(const struct tree *from, struct slice path)
{
    struct slice name;
    uint64_t index = 0;
    while (from != NULL && slice_split(&path, '/', &name)) {
        from = from->kind == TREE_LIST && slice_to_u64(name, UINT32_MAX, &index) ? tree_item(from, (size_t)index)
                                                                                 : tree_member(from, name);
    }
    return from;
}

struct slice gateway_field_text(const struct tree *node, struct arena *arena)
{
    char digits[SLICE_U64_MAX];
    if (node == NULL) {
        return SLICE("");
    }
    if (node->kind == TREE_TEXT) {
        return node->text;
    }
    if (node->kind == TREE_INTEGER && node->integer >= 0) {
        return arena_dup(arena, slice_of_u64((uint64_t)node->integer, digits));
    }
    if (node->kind == TREE_TRUE || node->kind == TREE_FALSE) {
        return node->kind == TREE_TRUE ? SLICE("true") : SLICE("false");
    }
    return SLICE("");
}

struct slice gateway_field(const struct gateway_fields *fields, const struct tree *item, const char *names,
                           struct arena *arena)
{
    struct slice rest = slice_of(names != NULL ? names : "");
    struct slice name;
    while (slice_split(&rest, '|', &name)) {
        struct slice value = gateway_field_text(follow(item, name), arena);
        if (value.length == 0 && !form_find(&fields->form, name, &value)) {
            (void)form_find(&fields->query, name, &value);
        }
        if (value.length > 0) {
            return value;
        }
    }
    return SLICE("");
}

struct slice gateway_field_of(const struct tree *json, const char *path, struct arena *arena)
{
    return gateway_field_text(follow(json, slice_of(path)), arena);
}

const struct tree *gateway_field_list(const struct gateway_fields *fields, const char *path)
{
    const struct tree *list = follow(fields->json, slice_of(path));
    return list != NULL && list->kind == TREE_LIST ? list : NULL;
}

bool gateway_fields_are_none(const struct gateway_fields *fields)
{
    return !fields->unread && fields->query.count == 0 && fields->form.count == 0 &&
           (fields->json == NULL || fields->json->count == 0);
}
