/* SPDX-License-Identifier: Apache-2.0
 * Folding what was typed, then looking for names: the same, among other words, begun, misspelled. */
#include "domain/place_match.h"

#include <string.h>

#include "core/utf8.h"
#include "domain/sms_position.h"
#include "domain/sms_text.h"

enum {
    FOLDED_MAX = 256, /* of PLACE_TEXT_MAX characters; what is longer is read to that */
    WORDS_MAX = 32,
    NAME_MAX = 40,
    BEGUN_FROM = 4,    /* letters that a name must begin with */
    MISSPELL_FROM = 4, /* shorter words are near too many names */
    TWO_ERRORS_FROM = 7,
    NAME_CHARACTERS_MAX = 80,
};
#define PLUS_CODE_ACCURACY_M 14.0 /* half of a cell of ten symbols */

struct folded {
    char text[FOLDED_MAX]; /* letters and digits, words parted by single spaces */
    size_t length;
    size_t words[WORDS_MAX + 1]; /* where each begins; one past the last: where the next would */
    size_t count;
};

static bool is_part_of_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static void fold_words(struct slice typed, struct folded *folded)
{
    uint32_t code_point = 0;
    bool within = false;
    folded->length = 0;
    folded->count = 0;
    while (utf8_next(&typed, &code_point)) {
        char bytes[8];
        size_t length = sms_text_fold(code_point, bytes);
        for (size_t i = 0; i < length && folded->length + 2 < FOLDED_MAX; i++) {
            bool letter = is_part_of_word(bytes[i]);
            if (letter && !within) {
                if (folded->count == WORDS_MAX) {
                    break;
                }
                if (folded->length > 0) {
                    folded->text[folded->length++] = ' ';
                }
                folded->words[folded->count++] = folded->length;
            }
            within = letter;
            if (letter) {
                folded->text[folded->length++] = bytes[i];
            }
        }
    }
    folded->words[folded->count] = folded->length + 1;
}

/* Words [first, first + count) with the spaces between them. */
static struct slice words_of(const struct folded *folded, size_t first, size_t count)
{
    size_t from = folded->words[first];
    return slice_make(folded->text + from, folded->words[first + count] - 1 - from);
}

static void add_choice(struct place_match *match, const struct gazetteer_place *place)
{
    for (size_t i = 0; i < match->count; i++) {
        if (strcmp(match->choices[i]->name, place->name) == 0) {
            return;
        }
    }
    if (match->count < PLACE_CHOICES_MAX) {
        match->choices[match->count++] = place;
    }
}

/* Names as they are in the gazetteer. One that is an ordinary word too must be all that was typed. */
static void find_names(const struct folded *folded, struct place_match *match)
{
    size_t taken = 0;
    for (size_t i = 0; i<folded->count; i += taken> 0 ? taken : 1) {
        taken = 0;
        for (size_t words = GAZETTEER_WORDS_MAX; words > 0 && taken == 0; words--) {
            const struct gazetteer_place *place =
                i + words <= folded->count ? gazetteer_find(words_of(folded, i, words)) : NULL;
            if (place != NULL && (!place->common_word || words == folded->count)) {
                add_choice(match, place);
                taken = words;
            }
        }
    }
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Letters to change, drop, add or swap with a neighbour (optimal string alignment), of words up to NAME_MAX. */
static size_t misspellings(struct slice a, struct slice b)
{
    size_t rows[3][NAME_MAX + 1];
    if (a.length > NAME_MAX || b.length > NAME_MAX) {
        return NAME_MAX;
    }
    for (size_t j = 0; j <= b.length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.length; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i - 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t other = a.data[i - 1] != b.data[j - 1];
            now[j] = smallest(before[j] + 1, now[j - 1] + 1, before[j - 1] + other);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1]) {
                size_t swapped = rows[(i - 2) % 3][j - 2] + 1;
                now[j] = swapped < now[j] ? swapped : now[j];
            }
        }
    }
    return rows[a.length % 3][b.length];
}

static size_t allowed(size_t length)
{
    return length < MISSPELL_FROM ? 0 : length < TWO_ERRORS_FROM ? 1 : 2;
}

/* Towns whose names have that many letters other, for words that may be meant so. */
static void find_misspelled(struct slice said, size_t errors, struct place_match *match)
{
    for (size_t i = 0; errors <= allowed(said.length) && i < gazetteer_count(); i++) {
        const struct gazetteer_place *place = gazetteer_at(i);
        if (misspellings(said, slice_of(place->folded)) == errors) {
            add_choice(match, place);
        }
    }
}

static void find_begun(struct slice said, struct place_match *match)
{
    for (size_t i = 0; said.length >= BEGUN_FROM && i < gazetteer_count(); i++) {
        if (slice_starts_with(slice_of(gazetteer_at(i)->folded), said)) {
            add_choice(match, gazetteer_at(i));
        }
    }
}

/* All that was typed, begun or misspelled; else each of its words. */
static void find_likely(const struct folded *folded, struct place_match *match)
{
    struct slice all = slice_make(folded->text, folded->length);
    find_begun(all, match);
    find_misspelled(all, 1, match);
    find_misspelled(all, 2, match);
    for (size_t errors = 1; match->count == 0 && errors <= 2; errors++) {
        for (size_t i = 0; i < folded->count; i++) {
            find_misspelled(words_of(folded, i, 1), errors, match);
        }
    }
}

/* What stands in brackets at the very end; empty when nothing does. */
static struct slice bracketed(struct slice typed)
{
    struct slice text = slice_trim(typed);
    if (text.length < 3 || text.data[text.length - 1] != ')') {
        return SLICE("");
    }
    size_t open = text.length - 1;
    while (open > 0 && text.data[open] != '(') {
        open--;
    }
    return text.data[open] == '(' ? slice_sub(text, open + 1, text.length - 1) : SLICE("");
}

static bool find_chosen(struct slice typed, struct place_match *match)
{
    struct folded folded;
    struct slice chosen = bracketed(typed);
    if (chosen.length == 0) {
        return false;
    }
    fold_words(chosen, &folded);
    const struct gazetteer_place *place = gazetteer_find(slice_make(folded.text, folded.length));
    if (place != NULL) {
        add_choice(match, place);
    }
    return place != NULL;
}

static bool find_position(struct slice typed, struct place_match *match)
{
    char text[FOLDED_MAX];
    size_t length = 0;
    uint32_t code_point = 0;
    struct sms_position position;
    while (utf8_next(&typed, &code_point) && length + 8 < sizeof(text)) {
        char bytes[8];
        size_t more = sms_text_fold(code_point, bytes);
        memcpy(text + length, bytes, more);
        length += more;
    }
    if (!sms_position_find(slice_make(text, length), &position)) {
        return false;
    }
    match->lat = position.lat;
    match->lon = position.lon;
    return true;
}

void place_match(struct slice typed, struct slice country, struct place_match *match)
{
    struct folded folded;
    *match = (struct place_match){.finding = PLACE_IS_WORDS};
    if (find_position(typed, match)) {
        match->finding = PLACE_IS_POSITION;
        return;
    }
    if (!slice_equal(country, SLICE(GAZETTEER_COUNTRY))) {
        return;
    }
    if (find_chosen(typed, match)) {
        match->finding = PLACE_IS_TOWN;
        return;
    }
    fold_words(typed, &folded);
    find_names(&folded, match);
    if (match->count == 1) {
        match->finding = PLACE_IS_TOWN;
        return;
    }
    if (match->count == 0) {
        find_likely(&folded, match);
    }
    match->finding = match->count > 0 ? PLACE_IS_DOUBTFUL : PLACE_IS_WORDS;
}

void place_match_position(struct location *location, struct slice country)
{
    struct place_match match;
    if (location->has_position || location->place.length == 0) {
        return;
    }
    place_match(location->place, country, &match);
    if (match.finding == PLACE_IS_POSITION) {
        location->lat = match.lat;
        location->lon = match.lon;
        location->accuracy_m = PLUS_CODE_ACCURACY_M;
    } else if (match.finding == PLACE_IS_TOWN) {
        location->lat = match.choices[0]->lat;
        location->lon = match.choices[0]->lon;
        location->accuracy_m = GAZETTEER_ACCURACY_M;
    } else {
        return;
    }
    location->has_position = true;
    location->has_accuracy = true;
}

size_t place_match_near(double lat, double lon, double km, struct slice country,
                        const struct gazetteer_place *near[PLACE_CHOICES_MAX])
{
    double away[PLACE_CHOICES_MAX];
    size_t count = 0;
    if (!slice_equal(country, SLICE(GAZETTEER_COUNTRY))) {
        return 0;
    }
    for (size_t i = 0; i < gazetteer_count(); i++) {
        const struct gazetteer_place *place = gazetteer_at(i);
        double metres = distance_m(lat, lon, place->lat, place->lon);
        size_t at = count;
        bool known = metres > km * 1000;
        for (size_t k = 0; !known && k < count; k++) {
            known = strcmp(near[k]->name, place->name) == 0;
        }
        while (at > 0 && metres < away[at - 1]) {
            at--;
        }
        if (known || at == PLACE_CHOICES_MAX) {
            continue;
        }
        count += count < PLACE_CHOICES_MAX ? 1 : 0;
        for (size_t k = count - 1; k > at; k--) {
            near[k] = near[k - 1];
            away[k] = away[k - 1];
        }
        near[at] = place;
        away[at] = metres;
    }
    return count;
}

struct slice place_match_chosen(struct arena *arena, struct slice typed, struct slice name)
{
    struct folded folded;
    typed = slice_trim(typed);
    fold_words(name, &folded);
    const struct gazetteer_place *place = gazetteer_find(slice_make(folded.text, folded.length));
    if (place == NULL || utf8_length(typed) + NAME_CHARACTERS_MAX > PLACE_TEXT_MAX) {
        return typed;
    }
    if (typed.length == 0) {
        return slice_of(place->name);
    }
    return arena_printf(arena, "%.*s (%s)", SLICE_ARGS(typed), place->name);
}
