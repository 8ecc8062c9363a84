/* SPDX-License-Identifier: Apache-2.0
 * Fields to messages, as the gateway's row says. */
#include "gateway/message.h"

#include <sodium.h>

#include "gateway/charset.h"
#include "gateway/time.h"
#include "net/percent.h"

static struct slice octets_of_hex(struct slice hex, struct arena *arena)
{
    size_t length = 0;
    char *octets = arena_alloc(arena, hex.length / 2 + 1);
    if (octets == NULL ||
        sodium_hex2bin((unsigned char *)octets, hex.length / 2 + 1, hex.data, hex.length, NULL, &length, NULL) != 0) {
        return SLICE("");
    }
    return slice_make(octets, length);
}

static bool read_text(const struct gateway_message_form *form, const struct gateway_fields *fields,
                      const struct tree *item, struct arena *arena, struct slice *text)
{
    struct slice raw = gateway_field(fields, item, form->text, arena);
    struct slice octets = SLICE("");
    struct slice charset = gateway_field(fields, item, form->charset, arena);
    bool is_utf8 = charset.length == 0 || slice_equal_nocase(charset, SLICE("UTF-8"));
    bool is_ucs2 =
        form->ucs2 != NULL && slice_equal(gateway_field(fields, item, form->coding, arena), slice_of(form->ucs2));
    if (is_ucs2 && form->hex != NULL) {
        octets = octets_of_hex(gateway_field(fields, item, form->hex, arena), arena);
    } else if (form->escapes && !is_utf8) {
        (void)percent_decode(arena, PERCENT_FORM, raw, &octets); /* where it is none it stays as it is */
    }
    raw = octets.length > 0 ? octets : raw;
    return charset_decode(arena, charset, is_ucs2, slice_sub(raw, 0, GATEWAY_TEXT_MAX), text);
}

/* 3GPP TS 23.040 section 9.2.3.24.1 and .8: elements 00 (reference of one octet) and 08 (of two), each with total and number at its end. A header
 * that tells no pieces, or one that we cannot read, still says that this is not a whole plain text. */
static void read_udh(struct slice udh, struct arena *arena, struct gateway_part *part)
{
    struct slice hex = octets_of_hex(udh, arena);
    struct slice octets = hex.length > 1 && (size_t)(unsigned char)hex.data[0] + 1 == hex.length ? hex : udh;
    const unsigned char *in = (const unsigned char *)octets.data;
    *part = (struct gateway_part){octets, 0, GATEWAY_PARTS_MAX};
    for (size_t at = 1; at + 2 <= octets.length; at += (size_t)2 + in[at + 1]) {
        size_t length = in[at + 1];
        bool tells = (in[at] == 0x00 && length == 3) || (in[at] == 0x08 && length == 4);
        if (tells && at + 2 + length <= octets.length) {
            unsigned total = in[at + length], number = in[at + 1 + length];
            *part = (struct gateway_part){slice_sub(octets, at + 2, at + length), number <= total ? number : 0, total};
            return;
        }
    }
}

static void read_part(const struct gateway_message_form *form, const struct gateway_fields *fields,
                      const struct tree *item, struct arena *arena, struct gateway_part *part)
{
    uint64_t number = 0, total = 0;
    struct slice reference = gateway_field(fields, item, form->part_reference, arena);
    struct slice udh = gateway_field(fields, item, form->udh, arena);
    if (udh.length > 0) {
        read_udh(udh, arena, part);
    } else if (reference.length > 0 &&
               slice_to_u64(gateway_field(fields, item, form->part_total, arena), GATEWAY_PARTS_MAX, &total) &&
               slice_to_u64(gateway_field(fields, item, form->part_number, arena), total, &number) && number > 0 &&
               total > 1) {
        *part = (struct gateway_part){reference, (unsigned)number, (unsigned)total};
    }
}

/* READ, or why not. */
static enum gateway_reading read_one(const struct gateway_message_form *form, const struct gateway_fields *fields,
                                     const struct tree *item, struct arena *arena, struct gateway_message *message)
{
    *message = (struct gateway_message){
        .to = gateway_field(fields, item, form->to, arena),
        .id = gateway_field(fields, item, form->id, arena),
        .at = gateway_field(fields, item, form->at, arena),
    };
    struct slice from = gateway_field(fields, item, form->from, arena);
    if (from.length == 0 || from.length > GATEWAY_NAME_MAX ||
        (form->id_length != 0 && message->id.length != form->id_length)) {
        return GATEWAY_MALFORMED;
    }
    if (form->probes && message->id.length == 0) {
        return GATEWAY_NOTHING;
    }
    message->has_at = gateway_time_parse(message->at, &message->at_us);
    read_part(form, fields, item, arena, &message->part);
    return charset_decode(arena, SLICE(""), false, from, &message->from) &&
                   read_text(form, fields, item, arena, &message->text) && !arena->failed
               ? GATEWAY_READ
               : GATEWAY_NO_MEMORY;
}

static bool is_another_event(const struct gateway_message_form *form, const struct gateway_fields *fields,
                             struct arena *arena)
{
    struct slice event = gateway_field(fields, fields->json, form->event, arena);
    struct slice rest = slice_of(form->event_texts), one;
    bool found = form->event == NULL;
    while (!found && slice_split(&rest, '|', &one)) {
        found = slice_equal(event, one);
    }
    return !found;
}

enum gateway_reading gateway_message_read_all(const struct gateway_kind *kind, const struct gateway_fields *fields,
                                              struct arena *arena, struct gateway_message **messages, size_t *count)
{
    const struct gateway_message_form *form = &kind->message;
    const struct tree *list = form->list != NULL ? gateway_field_list(fields, form->list) : NULL;
    size_t most = list != NULL ? list->count : 1;
    *count = 0;
    if (gateway_fields_are_none(fields) || most == 0 || is_another_event(form, fields, arena)) {
        return arena->failed ? GATEWAY_NO_MEMORY : GATEWAY_NOTHING;
    }
    if (most > GATEWAY_MESSAGES_MAX) {
        return GATEWAY_MALFORMED;
    }
    *messages = arena_array(arena, most, sizeof(**messages));
    const struct tree *item = list != NULL ? list->children.first : fields->json;
    for (size_t i = 0; *messages != NULL && i < most; i++) {
        enum gateway_reading reading = read_one(form, fields, item, arena, &(*messages)[*count]);
        if (reading == GATEWAY_NO_MEMORY || (reading == GATEWAY_NOTHING && most == 1)) {
            return reading;
        }
        *count += reading == GATEWAY_READ ? 1 : 0;
        item = item != NULL ? item->next : NULL;
    }
    if (arena->failed) {
        return GATEWAY_NO_MEMORY;
    }
    return *count > 0 ? GATEWAY_READ : GATEWAY_MALFORMED;
}
