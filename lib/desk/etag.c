/* SPDX-License-Identifier: Apache-2.0
 * Digits in quotes. */
#include "desk/etag.h"

#include <stdio.h>

struct slice etag_format(int64_t version, char text[ETAG_SIZE])
{
    int length = snprintf(text, ETAG_SIZE, "\"%lld\"", (long long)version);
    return slice_make(text, (size_t)length);
}

bool etag_if_match(struct slice header, int32_t *version)
{
    uint64_t number = 0;
    struct slice tag = slice_trim(header);
    if (tag.length == 0 || slice_equal(tag, SLICE("*"))) {
        return false;
    }
    bool quoted = tag.length > 2 && tag.data[0] == '"' && tag.data[tag.length - 1] == '"';
    bool read = quoted && slice_to_u64(slice_sub(tag, 1, tag.length - 1), INT32_MAX, &number);
    *version = read ? (int32_t)number : -1;
    return true;
}
