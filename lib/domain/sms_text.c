/* SPDX-License-Identifier: Apache-2.0
 * Cutting a folded message into tokens and finding the phrases of the tables in it. */
#include "domain/sms_text.h"

#include <string.h>

#include "core/utf8.h"
#include "domain/sms_spelling.h"

static void add_folded(struct sms_text *text, char folded, uint16_t origin)
{
    text->folded[text->folded_length] = folded;
    text->origin[text->folded_length++] = origin;
}

static void fold_all(struct sms_text *text)
{
    struct slice rest = text->original;
    text->folded_length = 0;
    while (rest.length > 0) {
        char folded[8] = " ";
        uint32_t c = 0;
        size_t size = 1;
        uint16_t at = (uint16_t)(text->original.length - rest.length);
        char byte = rest.data[0];
        if (byte >= ' ' && byte < 0x7F &&
            text->folded_length < SMS_FOLDED_MAX) { /* as sms_text_fold, without its tables */
            add_folded(text, byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte, at);
            rest = (struct slice){rest.data + 1, rest.length - 1};
            continue;
        }
        if (utf8_next(&rest, &c)) {
            size = sms_text_fold(c, folded);
        } else {
            rest = slice_sub(rest, 1, rest.length);
        }
        for (size_t i = 0; i < size && text->folded_length < SMS_FOLDED_MAX; i++) {
            add_folded(text, folded[i], at);
        }
    }
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

bool sms_text_is_number(struct slice word)
{
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] < '0' || word.data[i] > '9') {
            return false;
        }
    }
    return word.length > 0;
}

/* "heeelp", "SOOOS": no word of our languages has one letter three times in a row, people in fear do. Only in words of
 * letters, for a case code may. */
static uint16_t draw_together(char *word, uint16_t from, uint16_t to)
{
    uint16_t kept = from;
    for (uint16_t i = from; i < to; i++) {
        if (word[i] >= '0' && word[i] <= '9') {
            return to;
        }
    }
    for (uint16_t i = from; i < to;) {
        uint16_t run = 1;
        while (i + run < to && word[i + run] == word[i] && (unsigned char)word[i] < 0x80) {
            run++;
        }
        for (uint16_t j = 0; j < (run >= 3 ? 1 : run); j++) {
            word[kept++] = word[i];
        }
        i = (uint16_t)(i + run);
    }
    return kept;
}

/* Reads what stands from *at to the next word. "s.o.s" is one run of letters to a reader, so a lone full stop between
 * letters that stand alone is no break. */
static enum sms_gap read_gap(const struct sms_text *text, size_t *at, bool single_letter)
{
    size_t first = *at;
    enum sms_gap gap = SMS_GAP_SPACE;
    while (*at < text->folded_length && !is_word_byte(text->folded[*at])) {
        char c = text->folded[(*at)++];
        if (c == '?') {
            gap = SMS_GAP_QUESTION;
        } else if (strchr(".,;!\n()[]{}/|", c) != NULL && gap != SMS_GAP_QUESTION) {
            gap = SMS_GAP_BREAK;
        } else if (c == '-' && gap == SMS_GAP_SPACE) {
            gap = SMS_GAP_HYPHEN;
        }
    }
    bool dotted = single_letter && *at == first + 1 && text->folded[first] == '.';
    if (*at == text->folded_length && gap != SMS_GAP_QUESTION) {
        return SMS_GAP_BREAK;
    }
    return dotted ? SMS_GAP_SPACE : gap;
}

static void cut(struct sms_text *text)
{
    size_t at = 0;
    text->count = 0;
    (void)read_gap(text, &at, false);
    while (at < text->folded_length && text->count < SMS_TOKENS_MAX) {
        struct sms_token *token = &text->tokens[text->count++];
        *token = (struct sms_token){.from = (uint16_t)at};
        while (at < text->folded_length && is_word_byte(text->folded[at])) {
            at++;
        }
        token->end = (uint16_t)at;
        token->to = draw_together(text->folded, token->from, token->end);
        token->gap = (uint8_t)read_gap(text, &at, token->end - token->from == 1);
    }
    bool asked = false;
    for (size_t i = text->count; i > 0; i--) {
        struct sms_token *token = &text->tokens[i - 1];
        asked = token->gap >= SMS_GAP_BREAK ? token->gap == SMS_GAP_QUESTION : asked;
        token->asked = asked;
    }
}

void sms_text_read(struct sms_text *text, struct slice original)
{
    text->original = slice_sub(original, 0, SMS_TEXT_MAX);
    fold_all(text);
    cut(text);
}

struct slice sms_text_folded(const struct sms_text *text)
{
    return slice_make(text->folded, text->folded_length);
}

struct slice sms_text_word(const struct sms_text *text, size_t token)
{
    const struct sms_token *t = &text->tokens[token];
    if (t->meant > 0) {
        return sms_spelling_word(t->meant);
    }
    return slice_make(text->folded + t->from, (size_t)(t->to - t->from));
}

struct slice sms_text_typed(const struct sms_text *text, size_t first, size_t last)
{
    size_t end = text->tokens[last].end;
    size_t to = end < text->folded_length ? text->origin[end] : text->original.length;
    return slice_trim(slice_sub(text->original, text->origin[text->tokens[first].from], to));
}

void sms_text_use(struct sms_text *text, size_t from, size_t to)
{
    for (size_t i = 0; i < text->count && text->tokens[i].from < to; i++) {
        if (text->tokens[i].end > from) {
            text->tokens[i].used = true;
        }
    }
}

/* Arabic writes "and", "the", "in the" and "to" onto the word. */
static const struct slice arabic_prefixes[] = {SLICE_INIT(""),    SLICE_INIT("و"),  SLICE_INIT("ال"), SLICE_INIT("وال"),
                                               SLICE_INIT("بال"), SLICE_INIT("لل"), SLICE_INIT("ل"),  SLICE_INIT("ب")};
enum { ARABIC_PREFIX_COUNT = sizeof(arabic_prefixes) / sizeof(arabic_prefixes[0]), ARABIC_STEM_MIN = 4 /* bytes */ };

static bool is_arabic(struct slice word)
{
    unsigned char lead = word.length > 0 ? (unsigned char)word.data[0] : 0;
    return lead >= 0xD8 && lead <= 0xDB;
}

/* The word without its nth prefix; false when it does not have it, or too little would remain. */
static bool without_prefix(struct slice word, size_t nth, struct slice *stem)
{
    struct slice prefix = arabic_prefixes[nth];
    if (nth > 0 &&
        (!is_arabic(word) || !slice_starts_with(word, prefix) || word.length < prefix.length + ARABIC_STEM_MIN)) {
        return false;
    }
    *stem = slice_sub(word, prefix.length, word.length);
    return true;
}

static bool is_word(struct slice token, struct slice word)
{
    struct slice stem;
    for (size_t i = 0; i < (is_arabic(token) ? ARABIC_PREFIX_COUNT : 1); i++) {
        if (without_prefix(token, i, &stem) && slice_equal(stem, word)) {
            return true;
        }
    }
    return false;
}

/* How many tokens from `first` on are the phrase, when the one at `first` begins with its first word; 0 when they are not. */
static uint8_t phrase_length(const struct sms_text *text, size_t first, const struct sms_phrase *phrase)
{
    struct slice rest = slice_sub(slice_make(phrase->text, phrase->length), (size_t)phrase->first + 1, phrase->length);
    struct slice word;
    uint8_t length = 1;
    for (size_t i = first + 1; slice_split(&rest, ' ', &word); i++) {
        if (i >= text->count || text->tokens[i].used || length == SMS_PHRASE_MAX ||
            text->tokens[i - 1].gap >= SMS_GAP_BREAK || !is_word(sms_text_word(text, i), word)) {
            return 0;
        }
        length++;
    }
    return length;
}

static void match_at(struct sms_text *text, size_t at, struct slice stem)
{
    struct sms_token *token = &text->tokens[at];
    for (const struct sms_phrase *phrase = sms_words_first(stem); phrase != NULL; phrase = sms_words_next(phrase)) {
        bool begins = phrase->row->meaning != SMS_ORDINARY &&
                      slice_equal(slice_make(phrase->text, phrase->first), stem); /* or only has its hash */
        uint8_t length = begins ? phrase_length(text, at, phrase) : 0;
        /* Among equals the table that stands first: a chain runs from the last to the first. */
        if (length > 0 && length >= token->words) {
            unsigned others = length == token->words ? token->languages : 0U;
            token->words = length;
            token->row = phrase->row;
            token->languages = (uint8_t)(others | 1U << phrase->lexicon);
        }
    }
}

void sms_text_match(struct sms_text *text)
{
    struct slice stem;
    for (size_t i = 0; i < text->count;) {
        struct sms_token *token = &text->tokens[i];
        struct slice word = sms_text_word(text, i);
        for (size_t j = 0; !token->used && j < (is_arabic(word) ? ARABIC_PREFIX_COUNT : 1) && token->row == NULL; j++) {
            if (without_prefix(word, j, &stem)) {
                match_at(text, i, stem);
            }
        }
        for (size_t j = 1; j < token->words; j++) {
            text->tokens[i + j].row = token->row;
            text->tokens[i + j].languages = token->languages;
        }
        i += token->words > 0 ? token->words : 1;
    }
}

void sms_text_match_again(struct sms_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        struct sms_token *token = &text->tokens[i];
        token->row = NULL;
        token->words = 0;
        token->languages = 0;
    }
    sms_text_match(text);
    for (size_t i = 0; i < text->count; i++) {
        struct sms_token *token = &text->tokens[i];
        token->meant = token->row != NULL ? token->meant : 0; /* a word that made no phrase stays as it was typed */
    }
}
