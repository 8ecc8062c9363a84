/* SPDX-License-Identifier: Apache-2.0
 * Fields to receipts, as the gateway's row says. */
#include "gateway/receipt.h"

#include "core/utf8.h"
#include "gateway/time.h"

/* The first word that fits; with a "*" at its end it stands for all that begin so. */
static enum gateway_delivery state_of(const struct gateway_word *words, struct slice said)
{
    for (; words->word != NULL; words++) {
        struct slice word = slice_of(words->word);
        bool begins = word.data[word.length - 1] == '*';
        if (begins ? slice_starts_with(said, slice_sub(word, 0, word.length - 1)) : slice_equal_nocase(said, word)) {
            return words->state;
        }
    }
    return GATEWAY_UNKNOWN;
}

static bool is_name(struct slice text)
{
    return text.length <= GATEWAY_NAME_MAX && utf8_is_text(text);
}

static bool read_one(const struct gateway_receipt_form *form, const struct gateway_fields *fields,
                     const struct tree *item, struct arena *arena, struct gateway_receipt *receipt)
{
    *receipt = (struct gateway_receipt){
        .reference = gateway_field(fields, item, form->reference != NULL ? form->reference : "ref", arena),
        .id = gateway_field(fields, item, form->id, arena),
        .state = state_of(form->words, gateway_field(fields, item, form->state, arena)),
        .reason = gateway_field(fields, item, form->reason, arena),
    };
    receipt->has_at = gateway_time_parse(gateway_field(fields, item, form->at, arena), &receipt->at_us);
    return (receipt->id.length > 0 || receipt->reference.length > 0) && is_name(receipt->id) &&
           is_name(receipt->reference) && is_name(receipt->reason);
}

enum gateway_reading gateway_receipt_read_all(const struct gateway_kind *kind, const struct gateway_fields *fields,
                                              struct arena *arena, struct gateway_receipt **receipts, size_t *count)
{
    const struct gateway_receipt_form *form = &kind->receipt;
    const struct tree *list = form->list != NULL ? gateway_field_list(fields, form->list) : NULL;
    size_t most = list != NULL ? list->count : 1;
    *count = 0;
    if (form->state == NULL || gateway_fields_are_none(fields) || most == 0) {
        return GATEWAY_NOTHING;
    }
    if (most > GATEWAY_MESSAGES_MAX) {
        return GATEWAY_MALFORMED;
    }
    *receipts = arena_array(arena, most, sizeof(**receipts));
    const struct tree *item = list != NULL ? list->children.first : fields->json;
    for (size_t i = 0; *receipts != NULL && i < most; i++) {
        *count += read_one(form, fields, item, arena, &(*receipts)[*count]) ? 1 : 0;
        item = item != NULL ? item->next : NULL;
    }
    if (arena->failed) {
        return GATEWAY_NO_MEMORY;
    }
    return *count > 0 ? GATEWAY_READ : GATEWAY_MALFORMED;
}
