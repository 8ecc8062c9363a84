/* SPDX-License-Identifier: Apache-2.0
 * Folding what was typed, then looking for names: the same, among other words, begun, misspelled. */
#include "domain/place_match.h"

#include <string.h>

#include "core/utf8.h"
#include "domain/place_fold.h"
#include "domain/sms_position.h"
#include "domain/sms_text.h"

/* What guessing at misspelled names may take: about a millisecond, for it is on the way of a check-in and an operator may bring 20,000 names. Names
 * that are spelled as they are known are found before, and cost nothing of it. */
enum { COMPARISON = 25, EFFORT_MAX = 500000 };

enum {
    NAME_MAX = 40,
    BEGUN_FROM = 4,    /* letters that a name must begin with */
    MISSPELL_FROM = 4, /* shorter words are near too many names */
    TWO_ERRORS_FROM = 7,
    POSITION_MAX = 256,
};
#define PLUS_CODE_ACCURACY_M 14.0 /* half of a cell of ten symbols */

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

static void add_all(struct place_match *match, const struct gazetteer_place *first, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_choice(match, &first[i]);
    }
}

/* Names as they are in the gazetteer, the longest. A town's that is an ordinary word too must be all that was typed. */
static void find_names(const struct place_folded *folded, const struct gazetteer *gazetteer, struct place_match *match)
{
    size_t taken = 0;
    for (size_t i = 0; i<folded->count; i += taken> 0 ? taken : 1) {
        taken = 0;
        for (size_t words = GAZETTEER_WORDS_MAX; words > 0 && taken == 0; words--) {
            size_t count = 0;
            const struct gazetteer_place *first =
                i + words <= folded->count ? gazetteer_find(gazetteer, place_folded_words(folded, i, words), &count)
                                           : NULL;
            bool ordinary = count > 0 && first->kind == GAZETTEER_TOWN && first->common_word;
            if (count > 0 && (!ordinary || words == folded->count)) {
                add_all(match, first, count);
                taken = words;
            }
        }
    }
}

static bool is_within(const struct gazetteer_place *place, const struct gazetteer_place *town)
{
    return town->kind == GAZETTEER_TOWN && strcmp(place->within, town->name) == 0;
}

static bool has_its_town(const struct place_match *match, const struct gazetteer_place *place)
{
    bool found = false;
    for (size_t i = 0; i < match->count && place->within[0] != '\0'; i++) {
        found = found || is_within(place, match->choices[i]);
    }
    return found;
}

/* Said better by another: its town when what is in it was named, and what has the same name in towns that were not. */
static bool is_said_better(const struct place_match *match, const struct gazetteer_place *place)
{
    bool better = false;
    for (size_t i = 0; i < match->count; i++) {
        const struct gazetteer_place *other = match->choices[i];
        bool same_name = strcmp(other->folded, place->folded) == 0 && other->kind != GAZETTEER_TOWN;
        better = better || is_within(other, place) ||
                 (other != place && same_name && has_its_town(match, other) && !has_its_town(match, place));
    }
    return better;
}

/* "Plateau, Niamey" is one place. True when what remains needs no question. */
static bool narrow(struct place_match *match)
{
    struct place_match all = *match;
    match->count = 0;
    for (size_t i = 0; i < all.count; i++) {
        if (!is_said_better(&all, all.choices[i])) {
            match->choices[match->count++] = all.choices[i];
        }
    }
    const struct gazetteer_place *only = match->count == 1 ? match->choices[0] : NULL;
    return only != NULL && (only->kind == GAZETTEER_TOWN || !only->common_word || has_its_town(&all, only));
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Letters to change, drop, add or swap with a neighbour (optimal string alignment), of words up to NAME_MAX; NAME_MAX for more than two. */
static size_t misspellings(struct slice a, struct slice b)
{
    size_t rows[3][NAME_MAX + 1];
    if (a.length > NAME_MAX || b.length > NAME_MAX || a.length > b.length + 2 || b.length > a.length + 2) {
        return NAME_MAX;
    }
    for (size_t j = 0; j <= b.length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.length; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i - 1) % 3];
        size_t least = now[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t other = a.data[i - 1] != b.data[j - 1];
            now[j] = smallest(before[j] + 1, now[j - 1] + 1, before[j - 1] + other);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1]) {
                size_t swapped = rows[(i - 2) % 3][j - 2] + 1;
                now[j] = swapped < now[j] ? swapped : now[j];
            }
            least = now[j] < least ? now[j] : least;
        }
        if (least > 3) { /* a swap looks back two rows */
            return NAME_MAX;
        }
    }
    return rows[a.length % 3][b.length];
}

static size_t allowed(size_t length)
{
    return length < MISSPELL_FROM ? 0 : length < TWO_ERRORS_FROM ? 1 : 2;
}

/* Places whose names have that many letters other, for words that may be meant so. */
static void find_misspelled(struct slice said, size_t errors, const struct gazetteer *gazetteer, size_t *effort,
                            struct place_match *match)
{
    for (size_t i = 0; errors <= allowed(said.length) && i < gazetteer_count(gazetteer) && *effort >= COMPARISON; i++) {
        const struct gazetteer_place *place = gazetteer_at(gazetteer, i);
        struct slice name = slice_of(place->folded);
        size_t longer = name.length > said.length ? name.length - said.length : said.length - name.length;
        *effort -= longer <= errors ? COMPARISON : 1;
        if (longer <= errors && misspellings(said, name) == errors) {
            add_choice(match, place);
        }
    }
}

static void find_begun(struct slice said, const struct gazetteer *gazetteer, struct place_match *match)
{
    for (size_t i = 0; said.length >= BEGUN_FROM && i < gazetteer_count(gazetteer); i++) {
        if (slice_starts_with(slice_of(gazetteer_at(gazetteer, i)->folded), said)) {
            add_choice(match, gazetteer_at(gazetteer, i));
        }
    }
}

/* All that was typed, begun or misspelled; else each of its words. */
static void find_likely(const struct place_folded *folded, const struct gazetteer *gazetteer, struct place_match *match)
{
    struct slice all = place_folded_text(folded);
    find_begun(all, gazetteer, match);
    size_t effort = EFFORT_MAX;
    find_misspelled(all, 1, gazetteer, &effort, match);
    find_misspelled(all, 2, gazetteer, &effort, match);
    for (size_t errors = 1; match->count == 0 && errors <= 2; errors++) {
        for (size_t i = 0; i < folded->count; i++) {
            find_misspelled(place_folded_words(folded, i, 1), errors, gazetteer, &effort, match);
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
    size_t depth = 1; /* a crossing's own name has brackets: "Gaya - Malanville (Benin)" */
    while (open > 0 && depth > 0) {
        open--;
        depth += text.data[open] == ')' ? 1 : 0;
        depth -= text.data[open] == '(' ? 1 : 0;
    }
    return depth == 0 ? slice_sub(text, open + 1, text.length - 1) : SLICE("");
}

/* Of several places of one name none was chosen. */
static bool find_chosen(struct slice typed, const struct gazetteer *gazetteer, struct place_match *match)
{
    struct place_folded folded;
    struct slice chosen = bracketed(typed);
    size_t count = 0;
    if (chosen.length == 0) {
        return false;
    }
    place_fold(chosen, &folded);
    const struct gazetteer_place *first = gazetteer_find(gazetteer, place_folded_text(&folded), &count);
    add_all(match, first, count);
    if (match->count == 1) {
        return true;
    }
    match->count = 0;
    return false;
}

static bool find_position(struct slice typed, struct place_match *match)
{
    char text[POSITION_MAX];
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

void place_match(struct slice typed, const struct gazetteer *gazetteer, struct place_match *match)
{
    struct place_folded folded;
    *match = (struct place_match){.finding = PLACE_IS_WORDS};
    if (find_position(typed, match)) {
        match->finding = PLACE_IS_POSITION;
        return;
    }
    if (find_chosen(typed, gazetteer, match)) {
        match->finding = PLACE_IS_KNOWN;
        return;
    }
    place_fold(typed, &folded);
    find_names(&folded, gazetteer, match);
    if (match->count > 0 && narrow(match)) {
        match->finding = PLACE_IS_KNOWN;
        return;
    }
    if (match->count > 0) {
        find_begun(place_folded_text(&folded), gazetteer, match); /* "Birni" may be Birni N'Konni */
        match->finding = PLACE_IS_DOUBTFUL;
        return;
    }
    find_likely(&folded, gazetteer, match);
    match->finding = match->count > 0 ? PLACE_IS_DOUBTFUL : PLACE_IS_WORDS;
}

void place_match_position(struct location *location, const struct gazetteer *gazetteer)
{
    struct place_match match;
    if (location->has_position || location->place.length == 0) {
        return;
    }
    place_match(location->place, gazetteer, &match);
    if (match.finding == PLACE_IS_POSITION) {
        location->lat = match.lat;
        location->lon = match.lon;
        location->accuracy_m = PLUS_CODE_ACCURACY_M;
    } else if (match.finding == PLACE_IS_KNOWN) {
        location->lat = match.choices[0]->lat;
        location->lon = match.choices[0]->lon;
        location->accuracy_m = gazetteer_accuracy(match.choices[0]->kind);
    } else {
        return;
    }
    location->has_position = true;
    location->has_accuracy = true;
}

/* What a finger on a country can mean: it is wider than a quarter. */
static bool orients(const struct gazetteer_place *place)
{
    return place->kind == GAZETTEER_TOWN || place->kind == GAZETTEER_CROSSING;
}

size_t place_match_near(double lat, double lon, double km, const struct gazetteer *gazetteer,
                        const struct gazetteer_place *near[PLACE_CHOICES_MAX])
{
    double away[PLACE_CHOICES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < gazetteer_count(gazetteer); i++) {
        const struct gazetteer_place *place = gazetteer_at(gazetteer, i);
        double metres = distance_m(lat, lon, place->lat, place->lon);
        size_t at = count;
        bool known = metres > km * 1000 || !orients(place);
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

struct slice place_match_chosen(struct arena *arena, struct slice typed, struct slice name,
                                const struct gazetteer *gazetteer)
{
    struct place_folded folded;
    size_t count = 0;
    typed = slice_trim(typed);
    place_fold(name, &folded);
    const struct gazetteer_place *place = gazetteer_find(gazetteer, place_folded_text(&folded), &count);
    if (place == NULL || utf8_length(typed) + utf8_length(slice_of(place->name)) + 3 > PLACE_TEXT_MAX) {
        return typed;
    }
    if (typed.length == 0) {
        return arena_dup(arena, slice_of(place->name)); /* the gazetteer may be another before the check-in is stored */
    }
    return arena_printf(arena, "%.*s (%s)", SLICE_ARGS(typed), place->name);
}
