/* SPDX-License-Identifier: Apache-2.0
 * What handlers ask of a request: fields, query parameters, cookies, media types. */
#include "net/http.h"

#include "net/form.h"
#include "net/percent.h"

struct slice http_request_header(const struct http_request *request, struct slice name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (slice_equal_nocase(request->headers[i].name, name)) {
            return request->headers[i].value;
        }
    }
    return (struct slice){NULL, 0};
}

/* Names in our own queries are plain ASCII, so a name sent encoded is decoded before it is compared. */
bool http_request_query(const struct http_request *request, struct arena *arena, struct slice name, struct slice *value)
{
    struct slice rest = request->query;
    size_t seen = 0;
    for (struct form_pair raw; seen < FORM_PAIRS_MAX && form_next_raw(&rest, &raw); seen++) {
        struct slice decoded = raw.name;
        if (!slice_equal(raw.name, name) &&
            (!percent_decode(arena, PERCENT_FORM, raw.name, &decoded) || !slice_equal(decoded, name))) {
            continue;
        }
        return percent_decode(arena, PERCENT_FORM, raw.value, value);
    }
    return false;
}

/* RFC 6265 section 4.2.1. Cookies may come in several fields (RFC 9113 section 8.2.3), so each is read. */
struct slice http_request_cookie(const struct http_request *request, struct slice name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        struct slice rest = request->headers[i].value;
        if (!slice_equal_nocase(request->headers[i].name, SLICE("Cookie"))) {
            continue;
        }
        for (struct slice pair; slice_split(&rest, ';', &pair);) {
            pair = slice_trim(pair);
            size_t equals = slice_index(pair, '=');
            if (equals < pair.length && slice_equal(slice_sub(pair, 0, equals), name)) {
                return slice_sub(pair, equals + 1, pair.length);
            }
        }
    }
    return (struct slice){NULL, 0};
}

bool http_request_media_type_is(const struct http_request *request, struct slice type)
{
    struct slice value = http_request_header(request, SLICE("Content-Type"));
    return slice_equal_nocase(slice_trim(slice_sub(value, 0, slice_index(value, ';'))), type);
}
