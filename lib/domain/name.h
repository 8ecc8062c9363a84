/* SPDX-License-Identifier: Apache-2.0
 * Names of people as they are compared: without case and accents, cut into words, each with a key for its sound, so that Aïchatou, Aishatu
 * and Aisha-tou are one name whoever wrote it down. The keys are part of the stored index (store/name_index.h): who changes them has every name
 * indexed anew. */
#ifndef DOMAIN_NAME_H
#define DOMAIN_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"

enum {
    NAME_TOKENS_MAX = 8,    /* words of one name; what comes after is not looked at */
    NAME_SPELLING_MAX = 32, /* bytes */
    NAME_SOUND_MAX = 12,    /* symbols of a sound; where there is none it is the spelling's */
    NAME_PREFIX_SHORT = 3,  /* letters: from how many a beginning is found */
    NAME_PREFIX_LONG = 5,
};

struct name_token {
    char spelling[NAME_SPELLING_MAX + 1]; /* folded; NUL-terminated */
    char sound[NAME_SPELLING_MAX + 1]; /* as heard in French, English, Hausa or Arabic; NUL-terminated, never empty */
};

struct name_tokens {
    struct name_token items[NAME_TOKENS_MAX];
    size_t count;
};

/* Adds the words of a name, as many as have room: call it for the given names, then for the family's. Bytes that are not UTF-8 separate. */
void name_add(struct name_tokens *tokens, struct slice text);

/* Two neighbours as one word, for what one writer puts together and another apart. False when it would be too long. */
bool name_join(const struct name_token *first, const struct name_token *second, struct name_token *joined);

/* The first `letters` letters of the spelling; false when it has fewer. */
bool name_prefix(const struct name_token *token, size_t letters, struct slice *prefix);
size_t name_letters(const struct name_token *token);

/* How alike two spellings are, 0 to 100. */
unsigned name_likeness(const struct name_token *a, const struct name_token *b);

/* Whether the word tells two people apart: not an initial, nor "el", "de", "bin" and their like. */
bool name_tells(const struct name_token *token);

#endif
