/* SPDX-License-Identifier: Apache-2.0
 * How many people a message speaks of. */
#include "domain/sms_extract.h"

#include "domain/check_in.h"

enum { NUMBER_DIGITS_MAX = 3 };

static bool has_meaning(const struct sms_text *text, size_t token, enum sms_meaning meaning)
{
    return token < text->count && text->tokens[token].row != NULL && text->tokens[token].row->meaning == meaning;
}

static bool in_range(int64_t number)
{
    return number >= 1 && number <= PEOPLE_MAX;
}

/* Digits or a number word at `token`; 0 when there is none that can count people. */
static int64_t number_at(const struct sms_text *text, size_t token)
{
    uint64_t number = 0;
    if (token >= text->count || text->tokens[token].used) {
        return 0;
    }
    if (has_meaning(text, token, SMS_NUMBER)) {
        return text->tokens[token].row->value;
    }
    struct slice word = sms_text_word(text, token);
    bool small = word.length <= NUMBER_DIGITS_MAX && slice_to_u64(word, PEOPLE_MAX, &number);
    return small ? (int64_t)number : 0;
}

/* "4people", "3enfants": the digits of a token whose letters are a word that counts. */
static int64_t number_within(const struct sms_text *text, size_t token, struct slice *unit)
{
    struct slice word = sms_text_word(text, token);
    size_t digits = 0;
    uint64_t number = 0;
    while (digits < word.length && word.data[digits] >= '0' && word.data[digits] <= '9') {
        digits++;
    }
    *unit = slice_sub(word, digits, word.length);
    bool read = digits > 0 && unit->length > 0 && slice_to_u64(slice_sub(word, 0, digits), PEOPLE_MAX, &number);
    return read && !text->tokens[token].used ? (int64_t)number : 0;
}

static enum sms_meaning meaning_of(struct slice word)
{
    static const struct {
        struct slice word;
        enum sms_meaning meaning;
    } written_together[] = {
        {SLICE_INIT("people"), SMS_PEOPLE},    {SLICE_INIT("ppl"), SMS_PEOPLE},
        {SLICE_INIT("pers"), SMS_PEOPLE},      {SLICE_INIT("persons"), SMS_PEOPLE},
        {SLICE_INIT("personnes"), SMS_PEOPLE}, {SLICE_INIT("pax"), SMS_PEOPLE},
        {SLICE_INIT("adults"), SMS_ADULTS},    {SLICE_INIT("adultes"), SMS_ADULTS},
        {SLICE_INIT("kids"), SMS_CHILDREN},    {SLICE_INIT("children"), SMS_CHILDREN},
        {SLICE_INIT("enfants"), SMS_CHILDREN},
    };
    for (size_t i = 0; i < sizeof(written_together) / sizeof(written_together[0]); i++) {
        if (slice_equal(word, written_together[i].word)) {
            return written_together[i].meaning;
        }
    }
    return SMS_FILLER;
}

struct counts {
    int64_t everybody;
    int64_t adults;
    int64_t children;
};

static bool count(struct counts *counts, enum sms_meaning meaning, int64_t number)
{
    switch (meaning) {
    case SMS_PEOPLE:
        counts->everybody = counts->everybody > 0 ? counts->everybody : number;
        return true;
    case SMS_ADULTS:
        counts->adults += number;
        return true;
    case SMS_CHILDREN:
        counts->children += number;
        return true;
    default:
        return false;
    }
}

/* A number at `token` and what it counts; true when it counted people. */
static bool count_at(const struct sms_text *text, size_t token, bool after_we_are, struct counts *counts)
{
    struct slice unit;
    int64_t together = number_within(text, token, &unit);
    if (together > 0) {
        return count(counts, meaning_of(unit), together);
    }
    int64_t number = number_at(text, token);
    bool joined = number > 0 && text->tokens[token].gap < SMS_GAP_BREAK && token + 1 < text->count;
    const struct sms_row *next = joined ? text->tokens[token + 1].row : NULL;
    if (number == 0 || (next != NULL && next->meaning == SMS_UNIT)) {
        return false;
    }
    return (next != NULL && count(counts, next->meaning, number)) ||
           (after_we_are && count(counts, SMS_PEOPLE, number));
}

void sms_people_extract(struct sms_text *text, struct sms_reading *reading)
{
    struct counts counts = {0, 0, 0};
    for (size_t i = 0; i < text->count; i++) {
        bool after_we_are = i > 0 && text->tokens[i - 1].gap < SMS_GAP_BREAK && has_meaning(text, i - 1, SMS_WE_ARE);
        if (count_at(text, i, after_we_are, &counts)) {
            text->tokens[i].used = true;
        }
    }
    int64_t sum = counts.adults > 0 ? counts.adults + counts.children : 0;
    int64_t people = counts.everybody > 0 ? counts.everybody : sum;
    if (in_range(people)) {
        reading->has_people = true;
        reading->people = people;
    }
}
