/* SPDX-License-Identifier: Apache-2.0
 * Decodes the path once and refuses every path that another reader could take for a different one. */
#include "net/target.h"

#include "core/utf8.h"
#include "net/percent.h"

/* Cuts "scheme://authority" off an absolute-form target. The host of the target and the Host field must agree: RFC 9112
 * section 3.2.2 obliges the client, and an answer that quotes Host must not be steered by a second opinion. */
static enum refusal take_absolute(struct slice *raw, bool secure, struct slice host)
{
    const struct slice prefix = secure ? SLICE("https://") : SLICE("http://");
    if (slice_find(*raw, SLICE("://")) == raw->length) {
        return REFUSAL_TARGET_FORM; /* authority-form is CONNECT's, which is not implemented */
    }
    if (raw->length <= prefix.length || !slice_equal_nocase(slice_sub(*raw, 0, prefix.length), prefix)) {
        return REFUSAL_TARGET_SCHEME;
    }
    struct slice rest = slice_sub(*raw, prefix.length, raw->length);
    size_t end = slice_index(rest, '/');
    size_t question = slice_index(rest, '?');
    struct slice authority = slice_sub(rest, 0, end < question ? end : question);
    if (!slice_equal_nocase(authority, host)) {
        return REFUSAL_TARGET_AUTHORITY;
    }
    *raw = slice_sub(rest, authority.length, rest.length);
    return REFUSAL_NONE;
}

static enum refusal check_path(struct slice path)
{
    unsigned seen = 0;
    for (size_t i = 0; i < path.length; i++) {
        unsigned char byte = (unsigned char)path.data[i];
        seen |= byte;
        if (byte < 0x20 || byte == 0x7f || byte == '\\') {
            return REFUSAL_TARGET_HIDDEN;
        }
    }
    if (seen >= 0x80 && !utf8_is_valid(path)) {
        return REFUSAL_TARGET_UTF8;
    }
    struct slice rest = path;
    for (struct slice segment; slice_split(&rest, '/', &segment);) {
        if (slice_equal(segment, SLICE(".")) || slice_equal(segment, SLICE(".."))) {
            return REFUSAL_TARGET_DOTS;
        }
    }
    return REFUSAL_NONE;
}

static bool hides_slash(struct slice raw)
{
    if (slice_index(raw, '%') == raw.length) {
        return false;
    }
    return slice_find(raw, SLICE("%2F")) < raw.length || slice_find(raw, SLICE("%2f")) < raw.length;
}

static enum refusal decode_path(struct arena *arena, struct slice raw, struct slice *path)
{
    if (!percent_is_well_formed(raw)) {
        return REFUSAL_TARGET_PERCENT;
    }
    if (hides_slash(raw)) {
        return REFUSAL_TARGET_HIDDEN;
    }
    return percent_decode(arena, PERCENT_PATH, raw, path) ? check_path(*path) : REFUSAL_NO_MEMORY;
}

enum refusal target_parse(struct arena *arena, enum http_method method, struct slice raw, bool secure,
                          struct slice host, struct target *target)
{
    *target = (struct target){.path = SLICE("*")};
    if (slice_equal(raw, SLICE("*"))) {
        return method == HTTP_OPTIONS ? REFUSAL_NONE : REFUSAL_TARGET_ASTERISK;
    }
    if (raw.length == 0 || raw.data[0] != '/') {
        enum refusal reason = take_absolute(&raw, secure, host);
        if (reason != REFUSAL_NONE) {
            return reason;
        }
        if (raw.length == 0 && method == HTTP_OPTIONS) {
            return REFUSAL_NONE; /* RFC 9112 section 3.2.4: what a proxy makes of "*" */
        }
    }
    size_t question = slice_index(raw, '?');
    struct slice path = slice_sub(raw, 0, question);
    target->query = slice_sub(raw, question + 1, raw.length);
    if (path.length == 0) {
        path = SLICE("/"); /* "https://host?x=1": RFC 9110 section 4.2.3 */
    }
    return decode_path(arena, path, &target->path);
}
