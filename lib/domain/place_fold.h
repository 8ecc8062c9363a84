/* SPDX-License-Identifier: Apache-2.0
 * A place as it was typed, folded to plain words: "L'Aéroport" is "l aeroport". */
#ifndef DOMAIN_PLACE_FOLD_H
#define DOMAIN_PLACE_FOLD_H

#include <stddef.h>

#include "core/slice.h"

enum {
    PLACE_FOLD_MAX = 256, /* of PLACE_TEXT_MAX characters; what is longer is read to that */
    PLACE_FOLD_WORDS_MAX = 32,
};

struct place_folded {
    char text[PLACE_FOLD_MAX]; /* letters and digits, words parted by single spaces */
    size_t length;
    size_t words[PLACE_FOLD_WORDS_MAX + 1]; /* where each begins; one past the last: where the next would */
    size_t count;
};

/* Folds valid UTF-8. */
void place_fold(struct slice typed, struct place_folded *folded);
/* All of it. */
struct slice place_folded_text(const struct place_folded *folded);
/* Words [first, first + count) with the spaces between them. */
struct slice place_folded_words(const struct place_folded *folded, size_t first, size_t count);

#endif
