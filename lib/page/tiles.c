/* SPDX-License-Identifier: Apache-2.0
 * An address held to a few characters, and the one directive that it changes. */
#include "page/tiles.h"

#include "page/asset.h"

enum { URL_MAX = 400 };

static const struct slice scheme = SLICE_INIT("https://");

static bool is_of_host(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
}

static bool is_of_path(char c)
{
    return is_of_host(c) || (c >= 'A' && c <= 'Z') || c == '/' || c == '{' || c == '}' || c == '_' || c == '~' ||
           c == '?' || c == '=' || c == '&' || c == '%' || c == '@' || c == '+' || c == ',';
}

static bool has(struct slice text, const char *word)
{
    struct slice wanted = slice_of(word);
    for (size_t i = 0; i + wanted.length <= text.length; i++) {
        if (slice_equal(slice_sub(text, i, i + wanted.length), wanted)) {
            return true;
        }
    }
    return false;
}

/* Up to the path. */
static struct slice origin_of(struct slice url)
{
    size_t end = scheme.length;
    while (end < url.length && is_of_host(url.data[end])) {
        end++;
    }
    return slice_sub(url, 0, end);
}

bool page_tiles_fit(struct slice url)
{
    if (url.length > URL_MAX || !slice_starts_with(url, scheme)) {
        return false;
    }
    size_t path = origin_of(url).length;
    for (size_t i = path; i < url.length; i++) {
        if (!is_of_path(url.data[i])) {
            return false;
        }
    }
    return path > scheme.length && path < url.length && url.data[path] == '/' && has(url, "{z}") && has(url, "{x}") &&
           has(url, "{y}");
}

void page_tiles_csp(struct buffer *out, struct slice url)
{
    static const struct slice images = SLICE_INIT("img-src data:");
    struct slice usual = slice_of(page_csp_desk());
    size_t end = 0;
    while (end < usual.length && !slice_starts_with(slice_sub(usual, end, usual.length), images)) {
        end++;
    }
    end = end < usual.length ? end + images.length : end;
    buffer_add_slice(out, slice_sub(usual, 0, end));
    if (url.length > 0) {
        buffer_printf(out, " %.*s", SLICE_ARGS(origin_of(url)));
    }
    buffer_add_slice(out, slice_sub(usual, end, usual.length));
}
