/* SPDX-License-Identifier: Apache-2.0
 * Open, check, fill in the gateway's form. */
#include "courier/hand_over.h"

#include "core/json_read.h"
#include "core/tree.h"
#include "gateway/receipt_url.h"
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

/* A check-in's sender is the number itself; a contact is an object that has it. */
static bool open_number(struct seal_opener *opener, const struct message_taken_row *message, struct arena *arena,
                        struct slice *number)
{
    uint8_t row[SEALED_ROW_SIZE];
    struct slice plain;
    struct seal_place place = {"check_in", "sender", sealed_row_uuid(&message->check_in_id, row)};
    if (message->to_check_in) {
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

bool hand_over_make(const struct hand_over *hand_over, const struct lane *lane, const struct message_taken_row *message,
                    struct arena *arena, struct gateway_call *call, const char **reason)
{
    uint8_t row[SEALED_ROW_SIZE];
    char reference[UUID_TEXT_SIZE + 1];
    struct gateway_text text = {.reference = uuid_format(&message->message_id, reference)};
    struct seal_place place = {"message", "text", sealed_row_uuid(&message->message_id, row)};
    if (!sealed_cell_open(hand_over->opener, &message->text, &place, arena, &text.text) ||
        !open_number(hand_over->opener, message, arena, &text.to)) {
        *reason = "unreadable";
        return false;
    }
    if (!is_number(text.to)) {
        *reason = "no_number";
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
