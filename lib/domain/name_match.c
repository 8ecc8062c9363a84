/* SPDX-License-Identifier: Apache-2.0
 * Each word asked for takes its best word of the name. */
#include "domain/name_match.h"

#include <string.h>

enum { WHOLE = 100, SOUNDS_LEAST = 60, SOUNDS_SPAN = 35, BEGINS = 75, JOINED = 85, FORGIVING_FROM = 3 };

struct found {
    unsigned score;
    enum name_matched how;
};

static void better(struct found *best, unsigned score, enum name_matched how)
{
    if (score > best->score) {
        *best = (struct found){score, how};
    }
}

static bool joined_sounds(const struct name_tokens *pairs, size_t first, const char *sound)
{
    struct name_token joined;
    return first + 1 < pairs->count && name_join(&pairs->items[first], &pairs->items[first + 1], &joined) &&
           strcmp(joined.sound, sound) == 0;
}

static void compare(const struct name_token *asked, const struct name_token *word, struct found *best)
{
    size_t letters = strlen(asked->spelling);
    if (strcmp(asked->spelling, word->spelling) == 0) {
        better(best, WHOLE, NAME_MATCHED_WHOLE);
    }
    if (strcmp(asked->sound, word->sound) == 0) {
        better(best, SOUNDS_LEAST + SOUNDS_SPAN * name_likeness(asked, word) / 100, NAME_MATCHED_SOUNDS);
    }
    if (name_letters(asked) >= NAME_PREFIX_SHORT && strncmp(asked->spelling, word->spelling, letters) == 0) {
        better(best, BEGINS, NAME_MATCHED_BEGINS);
    }
}

static struct found find(const struct name_tokens *asked, size_t at, const struct name_tokens *person)
{
    struct found best = {0, NAME_MATCHED_NOT};
    for (size_t i = 0; i < person->count; i++) {
        compare(&asked->items[at], &person->items[i], &best);
        if (joined_sounds(person, i, asked->items[at].sound) || joined_sounds(asked, at, person->items[i].sound) ||
            (at > 0 && joined_sounds(asked, at - 1, person->items[i].sound))) {
            better(&best, JOINED, NAME_MATCHED_SOUNDS);
        }
    }
    return best;
}

unsigned name_match(const struct name_tokens *asked, const struct name_tokens *person, enum name_matched *how)
{
    unsigned sum = 0;
    size_t missing = 0;
    *how = NAME_MATCHED_NOT;
    for (size_t i = 0; i < asked->count; i++) {
        struct found found = find(asked, i, person);
        sum += found.score;
        missing += found.score == 0 ? 1 : 0;
        *how = found.how > *how ? found.how : *how;
    }
    if (asked->count == 0 || missing > (asked->count >= FORGIVING_FROM ? 1U : 0U)) {
        *how = NAME_MATCHED_NOT;
        return 0;
    }
    return sum / (unsigned)asked->count;
}
