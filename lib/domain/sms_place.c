/* SPDX-License-Identifier: Apache-2.0
 * Finding a name of the gazetteer among words. */
#include "domain/sms_extract.h"

#include <string.h>

#include "domain/gazetteer.h"

enum { NAME_BYTES_MAX = GAZETTEER_NAME_MAX + 16, FOUND_MAX = 16 };

/* A name among the words. */
struct found {
    const struct gazetteer_place *first; /* of `count` places of that name */
    size_t count;
    size_t at;
    size_t words;
    bool is_there; /* the sender says to be in it */
};

struct search {
    struct sms_text *text;
    const struct gazetteer *gazetteer;
    struct found found[FOUND_MAX];
    size_t count;
};

static struct slice typed_word(const struct sms_text *text, size_t token)
{
    return slice_sub(sms_text_folded(text), text->tokens[token].from, text->tokens[token].to);
}

/* Tokens [first, first + count) joined by single spaces, as `word_of` gives each, when none is used or parted from the next; else the empty slice. */
static struct slice join(const struct sms_text *text, size_t first, size_t count,
                         struct slice (*word_of)(const struct sms_text *text, size_t token), char name[NAME_BYTES_MAX])
{
    size_t length = 0;
    for (size_t i = first; i < first + count; i++) {
        if (i >= text->count || text->tokens[i].used || (i > first && text->tokens[i - 1].gap >= SMS_GAP_BREAK)) {
            return (struct slice){NULL, 0};
        }
        struct slice word = word_of(text, i);
        if (length + word.length + 1 > NAME_BYTES_MAX) {
            return (struct slice){NULL, 0};
        }
        if (length > 0) {
            name[length++] = ' ';
        }
        memcpy(name + length, word.data, word.length);
        length += word.length;
    }
    return slice_make(name, length);
}

/* The preposition before `token`: its value, 1 for being somewhere ("in"), 0 for going ("to"); -1 for none. */
static int preposition_before(const struct sms_text *text, size_t token)
{
    const struct sms_row *before = token > 0 ? text->tokens[token - 1].row : NULL;
    bool joined = before != NULL && text->tokens[token - 1].gap < SMS_GAP_BREAK;
    return joined && before->meaning == SMS_PREPOSITION ? (int)before->value : -1;
}

/* What an operator brought is no place where a word of the tables is meant: one that is both is a place only where one may follow. */
static bool counts(const struct search *search, const struct found *found, size_t token)
{
    bool behind = preposition_before(search->text, token) >= 0;
    bool town = found->first->kind == GAZETTEER_TOWN;
    bool ordinary = town ? found->first->common_word : found->words == 1 && search->text->tokens[token].row != NULL;
    return behind || !ordinary;
}

static bool find_at(const struct search *search, size_t token, struct found *found)
{
    char name[NAME_BYTES_MAX];
    for (found->words = GAZETTEER_WORDS_MAX; found->words > 0; found->words--) {
        struct slice joined = join(search->text, token, found->words, sms_text_word, name);
        found->first = joined.length > 0 ? gazetteer_find(search->gazetteer, joined, &found->count) : NULL;
        if (found->first != NULL && counts(search, found, token)) {
            found->at = token;
            found->is_there = preposition_before(search->text, token) == 1;
            return true;
        }
    }
    return false;
}

static void find_all(struct search *search)
{
    size_t words = 0;
    for (size_t i = 0; i < search->text->count && search->count<FOUND_MAX; i += words> 0 ? words : 1) {
        struct found *found = &search->found[search->count];
        words = 0;
        if (find_at(search, i, found)) {
            words = found->words;
            search->count++;
        }
    }
}

static const struct gazetteer_place *town_in(const struct found *found)
{
    return found->first->kind == GAZETTEER_TOWN ? found->first : NULL;
}

/* Which of the places of that name is in the town that `town` names, or NULL. */
static const struct gazetteer_place *within(const struct found *found, const struct found *town)
{
    for (size_t i = 0; town_in(town) != NULL && i < found->count; i++) {
        if (strcmp(found->first[i].within, town->first->name) == 0) {
            return &found->first[i];
        }
    }
    return NULL;
}

/* Of a text nobody can be asked: a name that several places have, or that is an ordinary word, has no position of its own. */
static const struct gazetteer_place *alone(const struct found *found)
{
    return town_in(found) != NULL || (found->count == 1 && !found->first->common_word) ? found->first : NULL;
}

static const struct found *choose(const struct search *search)
{
    const struct found *best = NULL;
    for (size_t i = 0; i < search->count; i++) {
        const struct found *found = &search->found[i];
        if (best == NULL || (found->is_there && !best->is_there)) {
            best = found;
        }
    }
    return best;
}

static void take_place(const struct gazetteer_place *place, struct slice typed, struct sms_reading *reading)
{
    struct location *location = &reading->location;
    location->given = true;
    location->place = typed;
    if (!location->has_position && place != NULL) {
        location->has_position = true;
        location->lat = place->lat;
        location->lon = place->lon;
        location->has_accuracy = true;
        location->accuracy_m = gazetteer_accuracy(place->kind);
    }
}

/* Understood; words that the tables know are listened to all the same. */
static void use(struct sms_text *text, const struct found *found)
{
    for (size_t i = found->at; i < found->at + found->words; i++) {
        text->tokens[i].used = true;
    }
}

void sms_place_extract(struct sms_text *text, const struct gazetteer *gazetteer, struct sms_reading *reading)
{
    struct search search = {.text = text, .gazetteer = gazetteer};
    find_all(&search);
    const struct found *best = choose(&search);
    if (best == NULL) {
        return;
    }
    const struct gazetteer_place *place = alone(best);
    const struct found *town = NULL;
    for (size_t i = 0; i < search.count && town == NULL; i++) {
        const struct found *other = &search.found[i];
        if (within(best, other) != NULL) { /* "Plateau, Niamey" */
            place = within(best, other);
            town = other;
        } else if (within(other, best) != NULL) { /* "in Niamey, Plateau" */
            place = within(other, best);
            town = best;
            best = other;
        }
    }
    /* Other names stay unread, so that a person looks at a message with several. */
    bool next = town != NULL && town->at == best->at + best->words;
    size_t end = next ? town->at + town->words : best->at + best->words;
    take_place(place, sms_text_typed(text, best->at, end - 1), reading);
    use(text, best);
    if (town != NULL) {
        use(text, town);
    }
}

/* A corrected word, and one that no cry has: "au secourss" is a cry, whatever is called so. */
static bool may_be_kept(const struct sms_text *text, size_t first, size_t count)
{
    bool corrected = false;
    bool own = false;
    for (size_t i = first; i < first + count && i < text->count; i++) {
        corrected = corrected || text->tokens[i].meant > 0;
        const struct sms_row *row = text->tokens[i].row;
        own = own || (text->tokens[i].meant == 0 && (row == NULL || row->meaning == SMS_ORDINARY));
    }
    return corrected && own;
}

void sms_place_keep(struct sms_text *text, const struct gazetteer *gazetteer)
{
    char name[NAME_BYTES_MAX];
    for (size_t first = 0; first < text->count; first++) {
        for (size_t words = GAZETTEER_WORDS_MAX; words > 1; words--) {
            size_t count = 0;
            struct slice joined =
                may_be_kept(text, first, words) ? join(text, first, words, typed_word, name) : SLICE("");
            if (joined.length == 0 || gazetteer_find(gazetteer, joined, &count) == NULL) {
                continue;
            }
            for (size_t i = first; i < first + words; i++) {
                text->tokens[i].meant = 0;
            }
        }
    }
}
