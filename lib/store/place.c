/* SPDX-License-Identifier: Apache-2.0
 * Rows of place_known.sql and place_list.sql. */
#include "store/place.h"

#include "pg/pool.h"
#include "store/crisis.h"

bool place_row_texts(const PGresult *result, int row, int from, struct gazetteer_row *place)
{
    struct slice others = pg_get_slice(result, row, from + 3);
    struct slice other;
    *place = (struct gazetteer_row){
        .name = pg_get_slice(result, row, from + 1),
        .within = pg_get_slice(result, row, from + 2),
    };
    while (place->other_count < GAZETTEER_OTHER_NAMES_MAX && slice_split(&others, '\n', &other)) {
        place->others[place->other_count++] = other;
    }
    return gazetteer_kind_read(pg_get_slice(result, row, from), &place->kind);
}

bool place_named_read(const PGresult *result, int row, struct place_named_row *place)
{
    place->lat = pg_get_float8(result, row, 1);
    place->lon = pg_get_float8(result, row, 2);
    return gazetteer_kind_read(pg_get_slice(result, row, 0), &place->kind);
}

/* Of place_known.sql, which comes in binary. */
static bool read_row(const PGresult *result, int row, struct gazetteer_row *place)
{
    bool named = place_row_texts(result, row, 3, place);
    place->lat = pg_get_float8(result, row, 7);
    place->lon = pg_get_float8(result, row, 8);
    place->common_word = pg_get_bool(result, row, 9);
    return named;
}

/* Rows of one crisis, from `first` on: how many. */
static int rows_of_one(const PGresult *result, int first)
{
    struct slice crisis = pg_get_slice(result, first, 1);
    int end = first;
    while (end < PQntuples(result) && slice_equal(pg_get_slice(result, end, 1), crisis)) {
        end++;
    }
    return end - first;
}

bool place_sets_read(const PGresult *result, struct arena *arena, int64_t *edition, struct place_set **sets,
                     size_t *count)
{
    bool made = true;
    *edition = pg_get_int(result, 0, 0);
    *count = 0;
    *sets = arena_array(arena, CRISES_MAX, sizeof(**sets));
    for (int first = 1, rows = 0; made && *sets != NULL && first < PQntuples(result) && *count < CRISES_MAX;
         first += rows) {
        struct place_set *set = &(*sets)[*count];
        rows = rows_of_one(result, first);
        struct gazetteer_row *places = arena_array(arena, (size_t)rows, sizeof(*places));
        size_t read = 0;
        for (int i = 0; places != NULL && i < rows && read < GAZETTEER_PLACES_MAX; i++) {
            read += read_row(result, first + i, &places[read]) ? 1 : 0;
        }
        set->crisis = arena_dup(arena, pg_get_slice(result, first, 1));
        set->gazetteer = places != NULL ? gazetteer_make(arena, pg_get_slice(result, first, 2), places, read) : NULL;
        made = set->gazetteer != NULL;
        ++*count;
    }
    return made && *sets != NULL && !arena->failed;
}
