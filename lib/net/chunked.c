/* SPDX-License-Identifier: Apache-2.0
 * An octet at a time through the framing, a run at a time through the content. */
#include "net/chunked.h"

#include "net/octet.h"

void chunked_init(struct chunked *chunked)
{
    *chunked = (struct chunked){.state = CHUNKED_SIZE};
}

static void enter(struct chunked *chunked, enum chunked_state state)
{
    chunked->state = state;
    chunked->digits = 0;
}

static enum refusal read_size(struct chunked *chunked, char c)
{
    if (octet_is(c, OCTET_HEX)) {
        if (++chunked->digits > CHUNKED_SIZE_DIGITS_MAX) {
            return REFUSAL_CHUNK_SIZE;
        }
        chunked->left = chunked->left << 4 | octet_hex_value(c);
        return REFUSAL_NONE;
    }
    if (chunked->digits == 0 || (c != '\r' && c != ';')) {
        return REFUSAL_CHUNK_SIZE;
    }
    enter(chunked, c == '\r' ? CHUNKED_SIZE_LF : CHUNKED_NAME);
    return REFUSAL_NONE;
}

/* RFC 9112 section 7.1.1: chunk-ext = *( ";" name [ "=" ( token / quoted-string ) ] ). Extensions are to be ignored, but not
 * before they are known to be some; the white space the grammar calls bad is refused, as llhttp does. */
static bool read_extension(struct chunked *chunked, char c)
{
    enum chunked_state state = chunked->state;
    if (state == CHUNKED_QUOTED || state == CHUNKED_ESCAPED) {
        bool escape = state == CHUNKED_QUOTED && c == '\\';
        bool quote = state == CHUNKED_QUOTED && c == '"';
        chunked->state = escape ? CHUNKED_ESCAPED : quote ? CHUNKED_QUOTED_END : CHUNKED_QUOTED;
        return octet_is(c, OCTET_VALUE);
    }
    if (state != CHUNKED_QUOTED_END && octet_is(c, OCTET_TOKEN)) {
        chunked->digits++;
        return true;
    }
    if (state == CHUNKED_VALUE && c == '"' && chunked->digits == 0) {
        enter(chunked, CHUNKED_QUOTED);
        return true;
    }
    if (chunked->digits == 0 && state != CHUNKED_QUOTED_END) {
        return false; /* an empty name or value */
    }
    enter(chunked, c == '\r' ? CHUNKED_SIZE_LF : c == ';' ? CHUNKED_NAME : CHUNKED_VALUE);
    return c == '\r' || c == ';' || (c == '=' && state == CHUNKED_NAME);
}

static enum refusal end_size(struct chunked *chunked, char c, const struct buffer *body)
{
    if (c != '\n') {
        return REFUSAL_CHUNK_SIZE;
    }
    if (chunked->left > body->maximum - body->length) {
        return REFUSAL_BODY_TOO_LARGE;
    }
    enter(chunked, chunked->left > 0 ? CHUNKED_DATA : CHUNKED_LAST_CR);
    return REFUSAL_NONE;
}

static enum refusal expect(struct chunked *chunked, char c, char wanted, enum chunked_state next,
                           enum refusal otherwise)
{
    chunked->state = next;
    return c == wanted ? REFUSAL_NONE : otherwise;
}

static enum refusal read_octet(struct chunked *chunked, char c, const struct buffer *body)
{
    switch (chunked->state) {
    case CHUNKED_SIZE:
        return read_size(chunked, c);
    case CHUNKED_NAME:
    case CHUNKED_VALUE:
    case CHUNKED_QUOTED:
    case CHUNKED_ESCAPED:
    case CHUNKED_QUOTED_END:
        return read_extension(chunked, c) && ++chunked->extensions <= CHUNKED_EXTENSIONS_MAX ? REFUSAL_NONE
                                                                                             : REFUSAL_CHUNK_EXTENSION;
    case CHUNKED_SIZE_LF:
        return end_size(chunked, c, body);
    case CHUNKED_DATA_CR:
        return expect(chunked, c, '\r', CHUNKED_DATA_LF, REFUSAL_CHUNK_END);
    case CHUNKED_DATA_LF:
        return expect(chunked, c, '\n', CHUNKED_SIZE, REFUSAL_CHUNK_END);
    case CHUNKED_LAST_CR:
        return expect(chunked, c, '\r', CHUNKED_LAST_LF, REFUSAL_TRAILER);
    case CHUNKED_LAST_LF:
        return expect(chunked, c, '\n', CHUNKED_DONE, REFUSAL_CHUNK_END);
    case CHUNKED_DATA:
    case CHUNKED_DONE:
        break;
    }
    return REFUSAL_NONE; /* not reached: chunked_feed handles both */
}

enum refusal chunked_feed(struct chunked *chunked, struct slice input, struct buffer *body, size_t *used)
{
    size_t at = 0;
    enum refusal reason = REFUSAL_NONE;
    while (at < input.length && chunked->state != CHUNKED_DONE && reason == REFUSAL_NONE) {
        if (chunked->state != CHUNKED_DATA) {
            reason = read_octet(chunked, input.data[at++], body);
            continue;
        }
        struct slice rest = slice_sub(input, at, input.length);
        struct slice run = slice_sub(rest, 0, chunked->left < rest.length ? (size_t)chunked->left : rest.length);
        buffer_add_slice(body, run);
        at += run.length;
        chunked->left -= run.length;
        if (chunked->left == 0) {
            chunked->state = CHUNKED_DATA_CR;
        }
        reason = body->failed ? REFUSAL_NO_MEMORY : REFUSAL_NONE;
    }
    *used = at;
    return reason;
}
