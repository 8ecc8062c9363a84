/* SPDX-License-Identifier: Apache-2.0
 * The engine. */
#include "desk/query_table.h"

#include "net/form.h"

enum { NAME_SHOWN_MAX = 40 };

static bool parse_lang(struct slice value, void *filter)
{
    (void)value;
    (void)filter;
    return true;
}

static const struct query_parameter lang = {SLICE_INIT("lang"), parse_lang, FIELD_NOT_A_VALUE};

static const struct query_parameter *find(const struct query_parameter table[], size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(name, table[i].name)) {
            return &table[i];
        }
    }
    return slice_equal(name, lang.name) ? &lang : NULL;
}

static bool was_before(const struct form *form, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (slice_equal(form->pairs[i].name, form->pairs[index].name)) {
            return true;
        }
    }
    return false;
}

bool query_table_read(struct arena *arena, struct slice query, const struct query_parameter table[], size_t count,
                      void *filter, struct field_errors *errors)
{
    struct form form;
    if (!form_parse(arena, query, &form)) {
        field_error_add(errors, FIELD_NOT_TEXT, "query");
        return false;
    }
    for (size_t i = 0; i < form.count; i++) {
        const struct form_pair *pair = &form.pairs[i];
        const struct query_parameter *row = find(table, count, pair->name);
        int shown = pair->name.length < NAME_SHOWN_MAX ? (int)pair->name.length : NAME_SHOWN_MAX;
        const char *name = pair->name.length > 0 ? pair->name.data : "";
        if (row == NULL) {
            field_error_add(errors, FIELD_UNKNOWN, "%.*s", shown, name);
        } else if (was_before(&form, i)) {
            field_error_add(errors, FIELD_REPEATED, "%.*s", shown, name);
        } else if (pair->value.length > 0 && !row->parse(pair->value, filter)) {
            field_error_add(errors, row->fault, "%.*s", shown, name);
        }
    }
    return errors->count == 0;
}
