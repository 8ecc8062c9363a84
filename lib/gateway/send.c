/* SPDX-License-Identifier: Apache-2.0
 * Templates filled in one pass, each value escaped as the place where it stands asks; and answers read by table. */
#include "gateway/send.h"

#include <sodium.h>

#include "core/buffer.h"
#include "core/json_read.h"
#include "core/json_text.h"
#include "core/utf8.h"
#include "domain/sms_segment.h"

enum { CALL_MAX = 64 * 1024, NAME_MAX_LENGTH = 16 };

enum place { IN_HEADER, IN_URL, IN_JSON, IN_TEXT };

/* The values of a template's {names}. */
struct values {
    const struct gateway_account *account;
    const struct gateway_text *text;
    struct slice base, coding, basic, hex;
};

/* RFC 3986 section 2.3; a form takes "%20" for a blank as well as "+". */
static void add_percent(struct buffer *out, struct slice value)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                     c == '.' || c == '_' || c == '~';
        if (plain) {
            buffer_add_byte(out, c);
        } else {
            buffer_add_byte(out, '%');
            buffer_add_byte(out, (uint8_t)digits[c >> 4]);
            buffer_add_byte(out, (uint8_t)digits[c & 15]);
        }
    }
}

/* RFC 9110 section 5.5: nothing that ends the line. */
static void add_header_value(struct buffer *out, struct slice value)
{
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.data[i];
        out->failed = out->failed || c < 0x20 || c == 0x7F;
    }
    buffer_add_slice(out, value);
}

static void add_value(struct buffer *out, enum place place, struct slice value)
{
    switch (place) {
    case IN_HEADER:
        add_header_value(out, value);
        return;
    case IN_URL:
        add_percent(out, value);
        return;
    case IN_JSON:
        json_text_add(out, value);
        return;
    case IN_TEXT:
        buffer_add_slice(out, value);
        return;
    }
}

static bool find_value(const struct values *values, struct slice name, struct slice *value)
{
    struct slice to = values->text->to;
    const struct {
        struct slice name, value;
    } known[] = {
        {SLICE("to"), to},
        {SLICE("to_digits"), slice_sub(to, to.length > 0 && to.data[0] == '+' ? 1 : 0, to.length)},
        {SLICE("from"), values->account->from},
        {SLICE("text"), values->text->text},
        {SLICE("hex"), values->hex},
        {SLICE("ref"), values->text->reference},
        {SLICE("receipts"), values->text->receipts},
        {SLICE("user"), values->account->user},
        {SLICE("password"), values->account->password},
        {SLICE("basic"), values->basic},
        {SLICE("coding"), values->coding},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_equal(known[i].name, name)) {
            *value = known[i].value;
            return true;
        }
    }
    return false;
}

/* A brace that opens no known name stands for itself: JSON has many. */
static void fill(struct buffer *out, const char *form, enum place place, const struct values *values)
{
    struct slice rest = slice_of(form);
    while (rest.length > 0) {
        size_t end = rest.data[0] == '{' ? slice_index(slice_sub(rest, 0, NAME_MAX_LENGTH), '}') : NAME_MAX_LENGTH;
        struct slice value;
        if (end < NAME_MAX_LENGTH && end < rest.length && find_value(values, slice_sub(rest, 1, end), &value)) {
            add_value(out, place, value);
            rest = slice_sub(rest, end + 1, rest.length);
        } else {
            buffer_add_byte(out, (uint8_t)rest.data[0]);
            rest = slice_sub(rest, 1, rest.length);
        }
    }
}

static struct slice filled(const char *form, enum place place, const struct values *values, struct slice before,
                           struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, CALL_MAX);
    buffer_add_slice(&out, before);
    fill(&out, form != NULL ? form : "", place, values);
    struct slice text = out.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&out));
    buffer_release(&out);
    return text;
}

/* The text as UTF-16BE (RFC 2781 section 2.1), in hexadecimal. */
static struct slice hex_of(struct slice text, struct arena *arena)
{
    struct buffer out;
    uint32_t c = 0;
    buffer_init(&out, CALL_MAX);
    while (utf8_next(&text, &c)) {
        if (c > 0xFFFF) {
            buffer_printf(&out, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            buffer_printf(&out, "%04X", c);
        }
    }
    struct slice hex = out.failed ? (struct slice){NULL, 0} : arena_dup(arena, buffer_slice(&out));
    buffer_release(&out);
    return hex;
}

/* RFC 7617: the base 64 of "user:password". */
static struct slice basic_of(const struct gateway_account *account, struct arena *arena)
{
    struct slice pair = arena_printf(arena, "%.*s:%.*s", SLICE_ARGS(account->user), SLICE_ARGS(account->password));
    size_t room = sodium_base64_ENCODED_LEN(pair.length, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(arena, room);
    if (text == NULL || pair.data == NULL) {
        return (struct slice){NULL, 0};
    }
    (void)sodium_bin2base64(text, room, (const unsigned char *)pair.data, pair.length, sodium_base64_VARIANT_ORIGINAL);
    return slice_of(text);
}

bool gateway_send_can(const struct gateway_kind *kind)
{
    return kind->send.path != NULL;
}

bool gateway_send_make(const struct gateway_kind *kind, const struct gateway_account *account,
                       const struct gateway_text *text, struct arena *arena, struct gateway_call *call)
{
    const struct gateway_send_form *form = &kind->send;
    bool ucs2 = sms_segment_count(text->text).ucs2;
    struct values values = {
        .account = account,
        .text = text,
        .base = account->base.length > 0 ? account->base : slice_of(form->base),
        .coding = slice_of(ucs2 ? form->coding_ucs2 : form->coding),
        .basic = basic_of(account, arena),
        .hex = hex_of(text->text, arena),
    };
    if (!gateway_send_can(kind) || values.base.length == 0) {
        return false;
    }
    enum place place = slice_starts_with(slice_of(form->type), SLICE("application/json")) ? IN_JSON
                       : slice_starts_with(slice_of(form->type), SLICE("text/plain"))     ? IN_TEXT
                                                                                          : IN_URL;
    *call = (struct gateway_call){
        .method = HTTP_POST,
        .url = filled(form->path, IN_URL, &values, values.base, arena),
        .type = slice_of(form->type),
        .headers = filled(form->headers, IN_HEADER, &values, SLICE(""), arena),
        .body =
            filled(ucs2 && form->body_ucs2 != NULL ? form->body_ucs2 : form->body, place, &values, SLICE(""), arena),
    };
    return call->url.data != NULL && call->headers.data != NULL && call->body.data != NULL && !arena->failed;
}

static enum gateway_sending by_status(unsigned status)
{
    if (status / 100 == 2) {
        return GATEWAY_TAKEN;
    }
    if (status == 401 || status == 402 || status == 403 || status == 404 || status / 100 == 3) {
        return GATEWAY_CLOSED;
    }
    return status == 408 || status == 429 || status / 100 == 5 ? GATEWAY_AGAIN : GATEWAY_NEVER;
}

static bool fits(const struct gateway_verdict *verdict, unsigned status, const struct tree *json, struct slice body,
                 struct arena *arena)
{
    struct slice word = slice_of(verdict->word);
    struct slice said = verdict->where != NULL ? gateway_field_of(json, verdict->where, arena) : slice_trim(body);
    bool begins = word.length > 0 && word.data[word.length - 1] == '*';
    if (verdict->status != 0 && verdict->status != status) {
        return false;
    }
    return word.length == 0 ||
           (begins ? slice_starts_with(said, slice_sub(word, 0, word.length - 1)) : slice_equal(said, word));
}

/* Between quotation marks in plain text (`Success "id"`), or at a path of JSON. */
static struct slice id_of(const struct gateway_send_form *form, const struct tree *json, struct slice body,
                          struct arena *arena)
{
    struct slice before, id = SLICE("");
    if (form->id == NULL) {
        return id;
    }
    if (form->id[0] != '"') {
        return gateway_field_of(json, form->id, arena);
    }
    return slice_split(&body, '"', &before) && slice_split(&body, '"', &id) ? id : SLICE("");
}

enum gateway_sending gateway_send_read(const struct gateway_kind *kind, unsigned status, struct slice body,
                                       struct arena *arena, struct slice *id)
{
    const struct gateway_send_form *form = &kind->send;
    const struct tree *json = json_read(arena, body);
    enum gateway_sending sending = by_status(status);
    for (const struct gateway_verdict *verdict = form->verdicts;
         verdict != NULL && verdict->sending != GATEWAY_VERDICTS_END; verdict++) {
        if (fits(verdict, status, json, body, arena)) {
            sending = verdict->sending;
            break;
        }
    }
    *id = sending == GATEWAY_TAKEN ? id_of(form, json, body, arena) : SLICE("");
    return sending;
}
