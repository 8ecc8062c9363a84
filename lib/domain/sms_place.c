/* SPDX-License-Identifier: Apache-2.0
 * Finding a name of the gazetteer among words. */
#include "domain/sms_extract.h"

#include <string.h>

#include "domain/gazetteer.h"

enum { NAME_BYTES_MAX = 48 };

/* Tokens [first, first + count) joined by single spaces, when none is used or parted from the next; else the empty slice. */
static struct slice join(const struct sms_text *text, size_t first, size_t count, char name[NAME_BYTES_MAX])
{
    size_t length = 0;
    for (size_t i = first; i < first + count; i++) {
        if (i >= text->count || text->tokens[i].used || (i > first && text->tokens[i - 1].gap >= SMS_GAP_BREAK)) {
            return (struct slice){NULL, 0};
        }
        struct slice word = sms_text_word(text, i);
        if (length + word.length + 1 > NAME_BYTES_MAX) {
            return (struct slice){NULL, 0};
        }
        if (length > 0) {
            name[length++] = ' ';
        }
        memcpy(name + length, word.data, word.length);
        length += word.length;
    }
    return slice_make(name, length);
}

/* The preposition before `token`: its value, 1 for being somewhere ("in"), 0 for going ("to"); -1 for none. */
static int preposition_before(const struct sms_text *text, size_t token)
{
    const struct sms_row *before = token > 0 ? text->tokens[token - 1].row : NULL;
    bool joined = before != NULL && text->tokens[token - 1].gap < SMS_GAP_BREAK;
    return joined && before->meaning == SMS_PREPOSITION ? (int)before->value : -1;
}

static const struct gazetteer_place *place_at(const struct sms_text *text, size_t token, size_t *words)
{
    char name[NAME_BYTES_MAX];
    for (*words = GAZETTEER_WORDS_MAX; *words > 0; --*words) {
        struct slice joined = join(text, token, *words, name);
        const struct gazetteer_place *place = joined.length > 0 ? gazetteer_find(joined) : NULL;
        if (place != NULL && (!place->common_word || preposition_before(text, token) >= 0)) {
            return place;
        }
    }
    return NULL;
}

static void take_place(const struct gazetteer_place *place, struct slice typed, struct sms_reading *reading)
{
    struct location *location = &reading->location;
    location->given = true;
    location->place = typed;
    if (!location->has_position) {
        location->has_position = true;
        location->lat = place->lat;
        location->lon = place->lon;
        location->has_accuracy = true;
        location->accuracy_m = GAZETTEER_ACCURACY_M;
    }
}

void sms_place_extract(struct sms_text *text, struct sms_reading *reading)
{
    const struct gazetteer_place *best = NULL;
    size_t best_at = 0;
    size_t best_words = 0;
    bool best_is_there = false;
    size_t words = 0;
    for (size_t i = 0; i<text->count; i += words> 0 ? words : 1) {
        const struct gazetteer_place *place = place_at(text, i, &words);
        bool is_there = place != NULL && preposition_before(text, i) == 1;
        if (place != NULL && (best == NULL || (is_there && !best_is_there))) {
            best = place;
            best_at = i;
            best_words = words;
            best_is_there = is_there;
        }
    }
    if (best == NULL) {
        return;
    }
    /* Other names stay unread, so that a person looks at a message with several. */
    take_place(best, sms_text_typed(text, best_at, best_at + best_words - 1), reading);
    for (size_t i = 0; i < best_words; i++) {
        text->tokens[best_at + i].used = true;
    }
}
