/* SPDX-License-Identifier: Apache-2.0
 * The index over the tables of words. */
#include "domain/sms_words.h"

const struct sms_lexicon *sms_words_lexicon(size_t place)
{
    return place < sms_words_table_count ? &sms_words_table[place] : NULL;
}

/* Phrases by the hash of their first word, made of the constant tables at the first message and never changed after: too
 * dear to make for each (some 25 us). Roles are single threads. */
static struct {
    bool built;
    size_t count;
    uint16_t head[SMS_BUCKETS]; /* 1-based; 0 is empty */
    struct sms_phrase phrases[SMS_PHRASES_MAX];
} book;

/* FNV-1a. */
static size_t bucket_of(const char *word, size_t length)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)word[i]) * 16777619U;
    }
    return hash % SMS_BUCKETS;
}

static void add_phrase(struct slice text, const struct sms_row *row, size_t lexicon)
{
    size_t first = slice_index(text, ' ');
    size_t bucket = bucket_of(text.data, first);
    if (text.length == 0 || text.length > UINT8_MAX || book.count == SMS_PHRASES_MAX) {
        return; /* a unit test keeps the tables within the limits */
    }
    book.phrases[book.count++] =
        (struct sms_phrase){text.data, row, book.head[bucket], (uint8_t)text.length, (uint8_t)first, (uint8_t)lexicon};
    book.head[bucket] = (uint16_t)book.count;
}

static void build(void)
{
    for (size_t i = 0; i < sms_words_table_count; i++) {
        const struct sms_lexicon *lexicon = &sms_words_table[i];
        for (size_t j = 0; j < lexicon->count; j++) {
            struct slice rest = slice_of(lexicon->rows[j].phrases);
            struct slice phrase;
            while (slice_split(&rest, ',', &phrase)) {
                add_phrase(slice_trim(phrase), &lexicon->rows[j], i);
            }
        }
    }
    book.built = true;
}

static const struct sms_phrase *phrase_at(unsigned place)
{
    return place > 0 ? &book.phrases[place - 1] : NULL;
}

const struct sms_phrase *sms_words_first(struct slice word)
{
    if (!book.built) {
        build();
    }
    return phrase_at(book.head[bucket_of(word.data, word.length)]);
}

const struct sms_phrase *sms_words_next(const struct sms_phrase *phrase)
{
    return phrase_at(phrase->next);
}

size_t sms_words_count(void)
{
    if (!book.built) {
        build();
    }
    return book.count;
}
