/* SPDX-License-Identifier: Apache-2.0
 * Accept-Language and ?lang= as anyone may send them, and the same bytes as a value in a page and as a field's path. */
#include <stdint.h>
#include <stdlib.h>

#include "page/fault.h"
#include "page/language.h"
#include "page/render.h"

enum { OUT_MAX = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_make(data, size);
    size_t half = slice_index(text, '\n');
    struct slice parameter = slice_sub(text, 0, half);
    struct slice accept = slice_sub(text, half, text.length);
    const struct page_language *language = page_language_negotiate(parameter, accept);
    check(language != NULL);
    check(page_language_find(parameter) == NULL || page_language_find(parameter) == language);

    struct buffer out;
    buffer_init(&out, OUT_MAX);
    page_escape(&out, text);
    check(out.failed || slice_index(buffer_slice(&out), '<') == out.length);
    check(out.failed || slice_index(buffer_slice(&out), '"') == out.length);
    buffer_clear(&out);
    page_field_name(&out, language, parameter);
    buffer_release(&out);
    return 0;
}
