/* SPDX-License-Identifier: Apache-2.0
 * A text message folded to plain letters and cut into tokens, and the phrases of the tables found among them. */
#ifndef DOMAIN_SMS_TEXT_H
#define DOMAIN_SMS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "domain/sms.h"
#include "domain/sms_words.h"

/* Folding writes at most five bytes for four (an emoji that is a word). A token needs a byte and a separator. */
enum { SMS_FOLDED_MAX = SMS_TEXT_MAX + SMS_TEXT_MAX / 4, SMS_TOKENS_MAX = SMS_FOLDED_MAX / 2 + 1 };

/* What stands between a token and the next. */
enum sms_gap {
    SMS_GAP_SPACE,    /* blanks, apostrophes, colons */
    SMS_GAP_HYPHEN,   /* a hyphen, with or without blanks */
    SMS_GAP_BREAK,    /* a full stop, comma, bracket, new line, or the end: a statement ends */
    SMS_GAP_QUESTION, /* as BREAK, with a question mark */
};

struct sms_token {
    uint16_t from; /* bytes of the folded text */
    uint16_t to;
    uint16_t
        end; /* before letters written many times were drawn together ("heeelp"): only for going back to the original */
    uint8_t gap;               /* enum sms_gap, behind it */
    bool asked;                /* its statement ends with a question mark */
    bool used;                 /* an extractor understood it */
    uint16_t meant;            /* the word it was taken for (sms_spelling_word); 0: the one that was typed */
    uint8_t words;             /* tokens of the phrase that starts here; 0 within a phrase or outside any */
    uint8_t languages;         /* a bit for the place of each table that has the phrase */
    const struct sms_row *row; /* the phrase this token belongs to, or NULL */
};

struct sms_text {
    struct slice original;
    char folded[SMS_FOLDED_MAX];
    uint16_t origin[SMS_FOLDED_MAX]; /* offset in the original of each folded byte */
    size_t folded_length;
    struct sms_token tokens[SMS_TOKENS_MAX];
    size_t count;
};

/* Lower case, accents off, digits of any script as ASCII, typographic marks as plain ones, degree signs as "*", Arabic
 * letters in one form each and without vowel signs. Returns the bytes written, at most 5. */
size_t sms_text_fold(uint32_t code_point, char folded[8]);

/* Folds and cuts. Borrows `original`. Bytes that are not UTF-8 read as blanks. */
void sms_text_read(struct sms_text *text, struct slice original);
struct slice sms_text_folded(const struct sms_text *text);
/* The folded word, or the word of the tables that it was meant to be. */
struct slice sms_text_word(const struct sms_text *text, size_t token);
/* As the sender typed tokens [first, last]. */
struct slice sms_text_typed(const struct sms_text *text, size_t first, size_t last);
/* Marks the tokens that touch folded bytes [from, to) as used. */
void sms_text_use(struct sms_text *text, size_t from, size_t to);
/* True when every byte is a digit. */
bool sms_text_is_number(struct slice word);

/* Finds phrases among the tokens not used yet, longest first, left to right; none crosses a break. */
void sms_text_match(struct sms_text *text);
/* As sms_text_match, from the beginning: for words that were corrected since (sms_spelling.h). */
void sms_text_match_again(struct sms_text *text);

#endif
