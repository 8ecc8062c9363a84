/* SPDX-License-Identifier: Apache-2.0
 * Words typed badly: the word of the tables that was meant, when it is near enough to be believed.
 *
 * Fear, thumbs and strange alphabets change a letter or two ("traped", "blssée", "taimkao"). A word that no table has is
 * read as the one it is nearest to: one edit away from five letters on, two from eight. Two rules keep this from doing
 * harm. Only words that lean to help, needs or denial are looked for first; "safe" and "departed" are guessed only when no
 * cry is near at all, for a wrong guess there leaves somebody alone. And a word that stands anywhere in a table, a word
 * with a digit in it, or a part of a place name is what it is; where an operator brought that name, it may hide a cry. */
#ifndef DOMAIN_SMS_SPELLING_H
#define DOMAIN_SMS_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/slice.h"
#include "domain/gazetteer.h"
#include "domain/sms_text.h"

enum {
    SMS_SPELLING_LETTERS_MAX = 24, /* longer is no word of our languages */
    SMS_SPELLING_WORDS_MAX = 8192, /* of all tables */
};

/* How many letters must be added, left out, changed or swapped with their neighbour to make `b` of `a` (optimal string
 * alignment: no letter is edited twice); `max` + 1 when it takes more than `max`. Folded UTF-8, counted in letters; a word
 * longer than the limit is only equal or too far. Symmetric; 0 only for equal words. */
unsigned sms_spelling_distance(struct slice a, struct slice b, unsigned max);

/* For each token that nothing understood yet, notes the word it was meant to be (sms_text_word then gives that word), for
 * phrases to be matched again. Returns whether there was any. Words of `names` are left as they are; `hides` says whether one that is
 * not of the shipped places is as near to a cry, and would be taken for it were it none of theirs. Costs each token a few short lists, and
 * a message a bounded number of comparisons, whatever it says. */
bool sms_spelling_correct(struct sms_text *text, const struct gazetteer *names, bool *hides);

/* The word of the tables at `place`, from 1. */
struct slice sms_spelling_word(unsigned place);
/* Words in the tables, for a test of the limit. */
size_t sms_spelling_count(void);

#endif
