/* SPDX-License-Identifier: Apache-2.0
 * Folding is the text messages' (sms_text.h), and beyond it the letters that messages have no use for. */
#include "domain/name.h"

#include <stdint.h>
#include <string.h>

#include "core/utf8.h"
#include "domain/name_sound.h"
#include "domain/sms_text.h"

/* U+1E00 to U+1EFF without their marks, as sms_fold.c has the ones before; a blank where no letter is. */
static const char additional[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
                                 "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
                                 "wwwwwwwwwwxxxxyyzzzzzzhtwy    s aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
                                 "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy      ";
enum { ADDITIONAL_FIRST = 0x1E00, ADDITIONAL_LAST = 0x1EFF };
_Static_assert(sizeof(additional) - 1 == ADDITIONAL_LAST - ADDITIONAL_FIRST + 1, "one letter a code point");

static size_t fold(uint32_t c, char folded[8])
{
    if (c >= ADDITIONAL_FIRST && c <= ADDITIONAL_LAST) {
        folded[0] = additional[c - ADDITIONAL_FIRST];
        return 1;
    }
    if (c == 0x1A0 || c == 0x1A1 || c == 0x1AF || c == 0x1B0) { /* Vietnamese o and u with a horn */
        folded[0] = c < 0x1AF ? 'o' : 'u';
        return 1;
    }
    if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) { /* Greek and Cyrillic capitals */
        c += 0x20;
    }
    return sms_text_fold(c, folded);
}

/* What is neither a letter nor passed over ends a word. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static void finish(struct name_tokens *tokens, size_t *length)
{
    if (*length == 0) {
        return;
    }
    struct name_token *token = &tokens->items[tokens->count++];
    token->spelling[*length] = '\0';
    name_sound(slice_make(token->spelling, *length), token->sound);
    *length = 0;
}

void name_add(struct name_tokens *tokens, struct slice text)
{
    size_t length = 0;
    while (text.length > 0 && tokens->count < NAME_TOKENS_MAX) {
        char *spelling = tokens->items[tokens->count].spelling;
        char folded[8] = " ";
        uint32_t c = 0;
        size_t size = 1;
        if (utf8_next(&text, &c)) {
            size = fold(c, folded);
        } else {
            text = slice_sub(text, 1, text.length);
        }
        if (size == 0 || folded[0] == '\'') { /* N'Diaye and Ndiaye are one */
            continue;
        }
        if (!is_letter(folded[0])) {
            finish(tokens, &length);
        } else if (length + size <= NAME_SPELLING_MAX) {
            memcpy(spelling + length, folded, size);
            length += size;
        }
    }
    if (tokens->count < NAME_TOKENS_MAX) {
        finish(tokens, &length);
    }
}

bool name_join(const struct name_token *first, const struct name_token *second, struct name_token *joined)
{
    size_t head = strlen(first->spelling), tail = strlen(second->spelling);
    if (head + tail > NAME_SPELLING_MAX) {
        return false;
    }
    memcpy(joined->spelling, first->spelling, head);
    memcpy(joined->spelling + head, second->spelling, tail + 1);
    name_sound(slice_make(joined->spelling, head + tail), joined->sound);
    return true;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80;
}

size_t name_letters(const struct name_token *token)
{
    size_t letters = 0;
    for (const char *c = token->spelling; *c != '\0'; c++) {
        letters += is_continuation(*c) ? 0 : 1;
    }
    return letters;
}

bool name_prefix(const struct name_token *token, size_t letters, struct slice *prefix)
{
    size_t seen = 0, at = 0;
    for (; token->spelling[at] != '\0'; at++) {
        if (!is_continuation(token->spelling[at]) && seen++ == letters) {
            break;
        }
    }
    *prefix = slice_make(token->spelling, at);
    return seen >= letters;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, by bytes: accents are off, and other scripts differ by as much either way. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned row[NAME_SPELLING_MAX + 1];
    for (size_t j = 0; j <= b_length; j++) {
        row[j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned above = row[j];
            unsigned changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = least(changed, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[b_length];
}

unsigned name_likeness(const struct name_token *a, const struct name_token *b)
{
    size_t a_length = strlen(a->spelling), b_length = strlen(b->spelling);
    size_t longest = a_length > b_length ? a_length : b_length;
    if (longest == 0) {
        return 0;
    }
    return 100 - 100 * distance(a->spelling, a_length, b->spelling, b_length) / (unsigned)longest;
}

bool name_tells(const struct name_token *token)
{
    static const char *const particles[] = {"abd", "bin", "ben",    "bint", "dan",   "del", "der",
                                            "des", "dit", "epouse", "hadj", "hadja", "les", "mint",
                                            "mme", "mrs", "nee",    "ould", "the",   "van", "von"};
    if (name_letters(token) < 3) {
        return strlen(token->spelling) >= 4; /* two letters of another script say more than two of ours */
    }
    for (size_t i = 0; i < sizeof(particles) / sizeof(particles[0]); i++) {
        if (strcmp(particles[i], token->spelling) == 0) {
            return false;
        }
    }
    return true;
}
