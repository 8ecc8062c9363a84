/* SPDX-License-Identifier: Apache-2.0
 * From paths and codes to the keys of the catalogue. */
#include "page/fault.h"

#include <stdio.h>

#include "page/text.h"

enum { NUMBER_TEXT = 24 };

/* "party/0/birth_date" is the text "field.party.birth_date" with {number} 1: indexes fall out of the key, the first one counts. */
void page_field_name(struct buffer *out, const struct page_language *language, struct slice path)
{
    char key[FIELD_PATH_MAX + 8] = "field";
    size_t length = sizeof("field") - 1;
    uint64_t index = 0;
    bool numbered = false;
    char number[NUMBER_TEXT] = "";
    struct slice rest = path;
    struct slice segment;
    struct slice text;
    while (slice_split(&rest, '/', &segment)) {
        uint64_t value = 0;
        if (slice_to_u64(segment, 99, &value)) {
            index = numbered ? index : value;
            numbered = true;
        } else if (length + segment.length + 2 < sizeof(key)) {
            length += (size_t)snprintf(key + length, sizeof(key) - length, ".%.*s", SLICE_ARGS(segment));
        }
    }
    if (!page_text_find(language, slice_make(key, length), &text)) {
        buffer_add_slice(out, path);
        return;
    }
    (void)snprintf(number, sizeof(number), "%llu", (unsigned long long)index + 1);
    page_format(out, language, key, &(struct page_field){"number", slice_of(number)}, 1);
}

void page_field_message(struct buffer *out, const struct page_language *language, const struct field_error *error)
{
    char key[64];
    char limit[NUMBER_TEXT];
    (void)snprintf(key, sizeof(key), "fault.%s", field_fault_code(error->fault));
    (void)snprintf(limit, sizeof(limit), "%ld", error->limit);
    page_format(out, language, key, &(struct page_field){"limit", slice_of(limit)}, 1);
}

static struct slice problem_text(const struct page_language *language, unsigned status, const char *part)
{
    char key[48];
    struct slice text;
    int length = snprintf(key, sizeof(key), "problem.%u.%s", status, part);
    if (length > 0 && page_text_find(language, slice_make(key, (size_t)length), &text)) {
        return text;
    }
    (void)snprintf(key, sizeof(key), "problem.%u.%s", status < 500 ? 400U : 500U, part);
    return page_text(language, key);
}

struct slice page_problem_title(const struct page_language *language, unsigned status)
{
    return problem_text(language, status, "title");
}

struct slice page_problem_detail(const struct page_language *language, unsigned status)
{
    return problem_text(language, status, "detail");
}
