/* SPDX-License-Identifier: Apache-2.0
 * Folding letter by letter, as texts are folded. */
#include "domain/place_fold.h"

#include <stdbool.h>
#include <stdint.h>

#include "core/utf8.h"
#include "domain/sms_text.h"

static bool is_part_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

void place_fold(struct slice typed, struct place_folded *folded)
{
    uint32_t code_point = 0;
    bool within = false;
    folded->length = 0;
    folded->count = 0;
    while (utf8_next(&typed, &code_point)) {
        char bytes[8];
        size_t length = sms_text_fold(code_point, bytes);
        for (size_t i = 0; i < length && folded->length + 2 < PLACE_FOLD_MAX; i++) {
            bool letter = is_part_of_word(bytes[i]);
            if (letter && !within) {
                if (folded->count == PLACE_FOLD_WORDS_MAX) {
                    break;
                }
                if (folded->length > 0) {
                    folded->text[folded->length++] = ' ';
                }
                folded->words[folded->count++] = folded->length;
            }
            within = letter;
            if (letter) {
                folded->text[folded->length++] = bytes[i];
            }
        }
    }
    folded->words[folded->count] = folded->length + 1;
}

struct slice place_folded_text(const struct place_folded *folded)
{
    return slice_make(folded->text, folded->length);
}

struct slice place_folded_words(const struct place_folded *folded, size_t first, size_t count)
{
    size_t from = folded->words[first];
    return slice_make(folded->text + from, folded->words[first + count] - 1 - from);
}
