/* SPDX-License-Identifier: Apache-2.0
 * What is compared are whole paths that we know: whatever else an address tries, it is none of them. */
#include "desk/way_back.h"

#include <string.h>

#include "core/buffer.h"
#include "page/desk.h"

static bool is_page(struct slice path)
{
    for (enum desk_page which = 0; which < DESK_PAGE_COUNT; which++) {
        if (slice_equal(path, page_desk_path(which))) {
            return true;
        }
    }
    return slice_equal(path, SLICE("/account"));
}

/* RFC 3986, section 3.4, without what it leaves to nobody: no space, quote, angle, backslash, "#", control or byte above ASCII. */
static bool is_of_query(struct slice query)
{
    for (size_t i = 0; i < query.length; i++) {
        char c = query.data[i];
        bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alphanumeric && (c == '\0' || strchr("-._~%&=+,:;@!$()*/?", c) == NULL)) {
            return false;
        }
    }
    return true;
}

/* What is before the "?", and what is behind. */
static struct slice parted(struct slice address, struct slice *query)
{
    struct slice path;
    *query = address;
    if (!slice_split(query, '?', &path)) {
        path = SLICE("");
    }
    return path;
}

bool way_back_is_own(struct slice address)
{
    struct slice query;
    struct slice path = parted(address, &query);
    return address.length <= WAY_BACK_MAX && is_page(path) && is_of_query(query);
}

struct slice way_back_make(struct arena *arena, struct slice path, struct slice query)
{
    struct slice address = path;
    if (query.length > 0) {
        address = arena_printf(arena, "%.*s?%.*s", SLICE_ARGS(path), SLICE_ARGS(query));
    }
    return address.data != NULL && way_back_is_own(address) ? address : SLICE("");
}

struct slice way_back_path(struct slice address)
{
    struct slice query;
    struct slice path = parted(address, &query);
    return path.length > 0 ? path : SLICE("/");
}

struct slice way_back_filters(struct arena *arena, struct slice address)
{
    struct buffer kept;
    struct slice query;
    struct slice part;
    (void)parted(address, &query);
    buffer_init(&kept, WAY_BACK_MAX);
    while (slice_split(&query, '&', &part)) {
        if (part.length > 0 && !slice_starts_with(part, SLICE("lang="))) {
            buffer_add_text(&kept, kept.length > 0 ? "&" : "");
            buffer_add_slice(&kept, part);
        }
    }
    struct slice text = kept.failed ? SLICE("") : arena_dup(arena, buffer_slice(&kept));
    buffer_release(&kept);
    return text.data != NULL ? text : SLICE("");
}
