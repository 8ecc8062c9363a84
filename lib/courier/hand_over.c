/* SPDX-License-Identifier: Apache-2.0
 * Open, check, fill in the gateway's form. */
#include "courier/hand_over.h"

#include "core/buffer.h"
#include "core/case_code.h"
#include "core/json_read.h"
#include "core/json_text.h"
#include "core/tree.h"
#include "domain/broadcast.h"
#include "gateway/receipt_url.h"
#include "seal/locked.h"
#include "store/sealed_row.h"

enum { DIGITS_MIN = 7, DIGITS_MAX = 15 };

/* E.164 (ITU-T, section 6): a plus and at most fifteen digits. Short codes and names that send are never answered: they are machines. */
static bool is_number(struct slice to)
{
    bool digits = to.length > DIGITS_MIN && to.length <= DIGITS_MAX + 1 && to.data[0] == '+';
    for (size_t i = 1; digits && i < to.length; i++) {
        digits = to.data[i] >= '0' && to.data[i] <= '9';
    }
    return digits;
}

/* A check-in's sender, and what is sealed with a text, is the number itself; a contact is an object that has it. */
static bool open_number(struct seal_opener *opener, const struct message_taken_row *message, struct arena *arena,
                        struct slice *number)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct slice plain;
    struct seal_place place = {"check_in", "sender", sealed_row_uuid(&message->check_in_id, row)};
    if (message->to_number) {
        place = (struct seal_place){"message", "to", sealed_row_uuid(&message->message_id, row)};
    }
    if (message->to_check_in || message->to_number) {
        return sealed_cell_open(opener, &message->to, &place, arena, number);
    }
    place = (struct seal_place){"contact", "value", sealed_row_member(message->registration_id, message->contact, row)};
    if (!sealed_cell_open(opener, &message->to, &place, arena, &plain)) {
        return false;
    }
    const struct tree *e164 = tree_member(json_read(arena, plain), SLICE("e164"));
    *number = e164 != NULL && e164->kind == TREE_TEXT ? e164->text : SLICE("");
    return true;
}

/* What a broadcast says to this party, or the words that were written to it alone. */
static bool open_words(struct seal_opener *opener, const struct message_taken_row *message, struct arena *arena,
                       struct slice *text)
{
    uint8_t row[SEALED_ROW_SIZE];
    char code[CASE_CODE_TEXT_SIZE + 1];
    struct slice words;
    struct seal_place own = {"message", "text", sealed_row_uuid(&message->message_id, row)};
    if (!message->is_broadcast) {
        if (!sealed_cell_open(opener, &message->text, &own, arena, &words)) {
            return false;
        }
    } else {
        struct seal_place shared = {"broadcast_text", "text", sealed_row_uuid(&message->text_id, row)};
        if (!sealed_cell_open(opener, &message->text, &shared, arena, &words)) {
            return false;
        }
    }
    *text = broadcast_fill_in(arena, words, case_code_format(message->registration_id, code));
    return text->data != NULL;
}

static bool open_text(const struct hand_over *hand_over, const struct message_taken_row *message, struct arena *arena,
                      struct gateway_text *text, const char **reason)
{
    if (!open_words(hand_over->opener, message, arena, &text->text) ||
        !open_number(hand_over->opener, message, arena, &text->to)) {
        *reason = "unreadable";
        return false;
    }
    *reason = "no_number";
    return is_number(text->to);
}

bool hand_over_pack(const struct hand_over *hand_over, const struct lane *lane, const struct message_taken_row *message,
                    struct slice id, struct arena *arena, struct slice *parcel, const char **reason)
{
    struct gateway_text text = {.receipts = SLICE("")};
    struct buffer json;
    if (!open_text(hand_over, message, arena, &text, reason)) {
        return false;
    }
    buffer_init(&json, LOCKED_PLAIN_MAX);
    buffer_add_text(&json, "{\"to\":");
    json_text_add(&json, text.to);
    buffer_add_text(&json, ",\"message\":");
    json_text_add(&json, text.text);
    buffer_add_text(&json, ",\"uuid\":");
    json_text_add(&json, id);
    buffer_add_text(&json, "}");
    struct slice owner = arena_printf(arena, "%s/%.*s", lane->name, SLICE_ARGS(id));
    *parcel = !json.failed && owner.data != NULL ? locked_make(hand_over->keys, owner, buffer_slice(&json), arena)
                                                 : (struct slice){NULL, 0};
    locked_wipe(buffer_slice(&json));
    buffer_release(&json);
    *reason = "not_for_gateway";
    return parcel->data != NULL;
}

bool hand_over_make(const struct hand_over *hand_over, const struct lane *lane, const struct message_taken_row *message,
                    struct arena *arena, struct gateway_call *call, const char **reason)
{
    char reference[UUID_TEXT_SIZE + 1];
    struct gateway_text text = {.reference = uuid_format(&message->message_id, reference)};
    if (!open_text(hand_over, message, arena, &text, reason)) {
        return false;
    }
    text.receipts = receipt_url_make(hand_over->keys, slice_of(hand_over->public_url), slice_of(lane->name),
                                     &message->message_id, arena);
    *reason = "not_for_gateway";
    return text.receipts.data != NULL && gateway_send_make(lane->kind, &lane->account, &text, arena, call);
}

enum delivery_event hand_over_read(const struct gateway_kind *kind, const struct web_answer *answer,
                                   struct arena *arena, struct slice *id)
{
    *id = SLICE("");
    if (answer->outcome != WEB_ANSWERED) {
        return answer->outcome == WEB_NOT_SENT ? DELIVERY_NOT_NOW : DELIVERY_UNANSWERED;
    }
    switch (gateway_send_read(kind, answer->status, answer->body, arena, id)) {
    case GATEWAY_TAKEN:
        return DELIVERY_TAKEN;
    case GATEWAY_NEVER:
        return DELIVERY_REFUSED;
    case GATEWAY_CLOSED:
        return DELIVERY_SHUT;
    case GATEWAY_AGAIN:
    case GATEWAY_VERDICTS_END:
        break;
    }
    return DELIVERY_NOT_NOW;
}
