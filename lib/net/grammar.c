/* SPDX-License-Identifier: Apache-2.0
 * Runs llhttp once over a complete header block. */
#include "net/grammar.h"

#include <llhttp.h>

_Static_assert(LLHTTP_STRICT_MODE == 1, "llhttp must be as strict as the object file it is linked from");

struct parse {
    struct grammar_head *head;
    struct slice name;
    struct slice value;
    bool complete;
};

static int on_method(llhttp_t *machine, const char *at, size_t length)
{
    struct parse *parse = machine->data;
    parse->head->method = slice_make(at, length);
    return 0;
}

static int on_url(llhttp_t *machine, const char *at, size_t length)
{
    struct parse *parse = machine->data;
    parse->head->target = slice_make(at, length);
    return 0;
}

static int on_field_name(llhttp_t *machine, const char *at, size_t length)
{
    struct parse *parse = machine->data;
    parse->name = slice_make(at, length);
    parse->value = slice_make(at + length, 0); /* an empty value has no span of its own */
    return 0;
}

static int on_field_value(llhttp_t *machine, const char *at, size_t length)
{
    struct parse *parse = machine->data;
    parse->value = slice_make(at, length);
    return 0;
}

static int on_field_complete(llhttp_t *machine)
{
    struct parse *parse = machine->data;
    return parse->head->on_field(parse->head->context, parse->name, slice_trim(parse->value)) ? 0 : HPE_USER;
}

/* Pausing here keeps llhttp out of the body, which http_parser reads with limits llhttp has no place for. */
static int on_head_complete(llhttp_t *machine)
{
    struct parse *parse = machine->data;
    parse->complete = true;
    parse->head->minor = machine->http_minor;
    parse->head->chunked = (machine->flags & F_CHUNKED) != 0;
    parse->head->content_length = machine->content_length;
    return HPE_PAUSED;
}

bool grammar_parse_head(struct slice block, struct grammar_head *head)
{
    static const llhttp_settings_t settings = {
        .on_method = on_method,
        .on_url = on_url,
        .on_header_field = on_field_name,
        .on_header_value = on_field_value,
        .on_header_value_complete = on_field_complete,
        .on_headers_complete = on_head_complete,
    };
    struct parse parse = {.head = head};
    llhttp_t machine;
    llhttp_init(&machine, HTTP_REQUEST, &settings);
    machine.data = &parse;
    llhttp_errno_t outcome = llhttp_execute(&machine, block.data, block.length);
    /* llhttp counts the last LF as read or not, by version; it must have stopped on it either way. */
    const char *end = llhttp_get_error_pos(&machine);
    return outcome == HPE_PAUSED && parse.complete && end != NULL && end + 1 >= block.data + block.length;
}
