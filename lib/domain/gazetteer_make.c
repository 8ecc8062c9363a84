/* SPDX-License-Identifier: Apache-2.0
 * Towns first, for what is in them is named by them; then every place under each of its names, put in order. */
#include "domain/gazetteer_make.h"

#include <stdlib.h>
#include <string.h>

#include "domain/gazetteer_table.h"
#include "domain/place_fold.h"

static const char *const kinds[] = {
    [GAZETTEER_TOWN] = "town",
    [GAZETTEER_QUARTER] = "quarter",
    [GAZETTEER_LANDMARK] = "landmark",
    [GAZETTEER_CROSSING] = "crossing",
};

bool gazetteer_kind_read(struct slice name, enum gazetteer_kind *kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_equal_nocase(name, slice_of(kinds[i]))) {
            *kind = (enum gazetteer_kind)i;
            return true;
        }
    }
    return false;
}

const char *gazetteer_kind_name(enum gazetteer_kind kind)
{
    return kinds[kind];
}

struct making {
    struct arena *arena;
    struct gazetteer_place *places;
    size_t count;
};

static int by_name(const void *a, const void *b)
{
    const struct gazetteer_place *one = a;
    const struct gazetteer_place *other = b;
    int order = strcmp(one->folded, other->folded);
    order = order != 0 ? order : (int)one->kind - (int)other->kind;
    return order != 0 ? order : strcmp(one->name, other->name);
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* The same name of the same place, again, is dropped when all is in order. */
static void add(struct making *making, struct slice name, const struct gazetteer_place *like, bool common_word)
{
    struct place_folded folded;
    place_fold(name, &folded);
    if (folded.count == 0 || folded.count > GAZETTEER_WORDS_MAX || folded.length > GAZETTEER_NAME_MAX) {
        return;
    }
    struct gazetteer_place *place = &making->places[making->count];
    *place = *like;
    place->common_word = common_word;
    place->folded = arena_strdup(making->arena, place_folded_text(&folded));
    making->count += place->folded != NULL ? 1 : 0;
}

static void add_names(struct making *making, const struct gazetteer_row *row, const struct gazetteer_place *like)
{
    add(making, row->name, like, row->common_word);
    for (size_t i = 0; i < row->other_count; i++) {
        add(making, row->others[i], like, row->common_word);
    }
    if (like->within[0] != '\0') {
        add(making, slice_of(like->name), like, false);
    }
}

static const struct gazetteer_place *town_of(const struct making *making, struct slice name)
{
    struct place_folded folded;
    place_fold(name, &folded);
    for (size_t i = 0; folded.count > 0 && i < making->count; i++) {
        const struct gazetteer_place *place = &making->places[i];
        if (place->kind == GAZETTEER_TOWN && slice_equal(slice_of(place->folded), place_folded_text(&folded))) {
            return place;
        }
    }
    return NULL;
}

/* One that is there already is moved to where the row has it, under all its names. */
static void add_town(struct making *making, const struct gazetteer_row *row)
{
    const struct gazetteer_place *known = town_of(making, row->name);
    const char *old = known != NULL ? known->name : NULL;
    struct gazetteer_place like = {.name = arena_strdup(making->arena, row->name),
                                   .within = "",
                                   .lat = row->lat,
                                   .lon = row->lon,
                                   .kind = GAZETTEER_TOWN};
    if (like.name == NULL) {
        return;
    }
    for (size_t i = 0; old != NULL && i < making->count; i++) {
        struct gazetteer_place *place = &making->places[i];
        if (place->kind == GAZETTEER_TOWN && strcmp(place->name, old) == 0) {
            place->name = like.name;
            place->lat = row->lat;
            place->lon = row->lon;
        }
    }
    add_names(making, row, &like);
}

static void add_place(struct making *making, const struct gazetteer_row *row)
{
    const struct gazetteer_place *town = row->within.length > 0 ? town_of(making, row->within) : NULL;
    struct slice within = town != NULL ? slice_of(town->name) : row->within;
    struct slice name = within.length > 0
                            ? arena_printf(making->arena, "%.*s, %.*s", SLICE_ARGS(row->name), SLICE_ARGS(within))
                            : row->name;
    struct gazetteer_place like = {.name = arena_strdup(making->arena, name),
                                   .within = arena_strdup(making->arena, within),
                                   .lat = row->lat,
                                   .lon = row->lon,
                                   .kind = row->kind};
    if (like.name != NULL && like.within != NULL) {
        add_names(making, row, &like);
    }
}

static size_t names_of(const struct gazetteer_row *rows, size_t count)
{
    size_t names = 0;
    for (size_t i = 0; i < count; i++) {
        names += 2 + rows[i].other_count;
    }
    return names;
}

static void drop_repeated(struct making *making)
{
    size_t kept = 0;
    for (size_t i = 0; i < making->count; i++) {
        if (kept == 0 || by_name(&making->places[kept - 1], &making->places[i]) != 0) {
            making->places[kept++] = making->places[i];
        }
    }
    making->count = kept;
}

static bool collect_words(struct making *making, struct gazetteer *made)
{
    struct slice *words = arena_array(making->arena, making->count * GAZETTEER_WORDS_MAX + 1, sizeof(*words));
    size_t count = 0;
    size_t kept = 0;
    for (size_t i = 0; words != NULL && i < making->count; i++) {
        struct slice name = slice_of(making->places[i].folded);
        while (slice_split(&name, ' ', &words[count])) {
            count++;
        }
    }
    if (words == NULL) {
        return false;
    }
    qsort(words, count, sizeof(*words), by_bytes);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !slice_equal(words[kept - 1], words[i])) {
            words[kept++] = words[i];
        }
    }
    made->words = words;
    made->word_count = kept;
    return true;
}

const struct gazetteer *gazetteer_make(struct arena *arena, struct slice country, const struct gazetteer_row *rows,
                                       size_t count)
{
    const struct gazetteer *base = gazetteer_of_country(country);
    struct gazetteer *made = arena_alloc(arena, sizeof(*made));
    struct making making = {.arena = arena};
    making.places = arena_array(arena, base->count + names_of(rows, count) + 1, sizeof(*making.places));
    if (made == NULL || making.places == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < base->count; i++) {
        making.places[making.count++] = base->places[i];
    }
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            if (rows[i].kind == GAZETTEER_TOWN && pass == 0) {
                add_town(&making, &rows[i]);
            } else if (rows[i].kind != GAZETTEER_TOWN && pass == 1) {
                add_place(&making, &rows[i]);
            }
        }
    }
    qsort(making.places, making.count, sizeof(*making.places), by_name);
    drop_repeated(&making);
    made->shipped = base;
    made->places = making.places;
    made->count = making.count;
    return collect_words(&making, made) && !arena->failed ? made : NULL;
}
