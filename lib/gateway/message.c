/* SPDX-License-Identifier: Apache-2.0
 * Fields to messages, as the gateway's row says. */
#include "gateway/message.h"

#include <sodium.h>

#include "core/utf8.h"
#include "gateway/charset.h"
#include "gateway/time.h"
#include "net/percent.h"

/* Kannel's %c and Jasmin's data_coding, which is SMPP's (3.4, section 5.2.19). Both write UCS-2 so, and neither means anything else by it. */
static bool is_ucs2(const struct gateway_message_form *form, struct slice coding)
{
    return slice_equal(coding, form->hex != NULL ? SLICE("8") : SLICE("2"));
}

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
    struct slice hex = gateway_field(fields, item, form->hex, arena);
    struct slice charset = gateway_field(fields, item, form->charset, arena);
    bool ucs2 = is_ucs2(form, gateway_field(fields, item, form->coding, arena));
    bool is_utf8 = charset.length == 0 || slice_equal_nocase(charset, SLICE("UTF-8"));
    if (ucs2 && hex.length > 0) {
        raw = octets_of_hex(hex, arena);
    } else if (form->escapes && !is_utf8 && !percent_decode(arena, PERCENT_FORM, raw, &raw)) {
        raw = gateway_field(fields, item, form->text, arena); /* it was none, then: as it stands */
    }
    return charset_decode(arena, charset, ucs2, raw, text);
}

static void read_part(const struct gateway_message_form *form, const struct gateway_fields *fields,
                      const struct tree *item, struct arena *arena, struct gateway_part *part)
{
    uint64_t number = 0, total = 0;
    struct slice reference = gateway_field(fields, item, form->part_reference, arena);
    if (reference.length > 0 && reference.length <= GATEWAY_NAME_MAX &&
        slice_to_u64(gateway_field(fields, item, form->part_total, arena), GATEWAY_PARTS_MAX, &total) &&
        slice_to_u64(gateway_field(fields, item, form->part_number, arena), total, &number) && number > 0 &&
        total > 1) {
        *part = (struct gateway_part){reference, (unsigned)number, (unsigned)total};
    }
}

static bool is_name(struct slice text)
{
    return text.length <= GATEWAY_NAME_MAX && utf8_is_text(text);
}

/* READ, or why not. */
static enum gateway_reading read_one(const struct gateway_message_form *form, const struct gateway_fields *fields,
                                     const struct tree *item, struct arena *arena, struct gateway_message *message)
{
    *message = (struct gateway_message){
        .from = gateway_field(fields, item, form->from, arena),
        .to = gateway_field(fields, item, form->to, arena),
        .id = gateway_field(fields, item, form->id, arena),
        .at = gateway_field(fields, item, form->at, arena),
    };
    if (message->from.length == 0 || !is_name(message->from) || !is_name(message->id)) {
        return GATEWAY_MALFORMED;
    }
    message->has_at = gateway_time_parse(message->at, &message->at_us);
    read_part(form, fields, item, arena, &message->part);
    return read_text(form, fields, item, arena, &message->text) && !arena->failed ? GATEWAY_READ : GATEWAY_NO_MEMORY;
}

static bool is_another_event(const struct gateway_message_form *form, const struct gateway_fields *fields,
                             struct arena *arena)
{
    return form->event != NULL &&
           !slice_equal(gateway_field(fields, fields->json, form->event, arena), slice_of(form->event_text));
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
        if (reading == GATEWAY_NO_MEMORY) {
            break;
        }
        *count += reading == GATEWAY_READ ? 1 : 0;
        item = item != NULL ? item->next : NULL;
    }
    if (arena->failed) {
        return GATEWAY_NO_MEMORY;
    }
    return *count > 0 ? GATEWAY_READ : GATEWAY_MALFORMED;
}
