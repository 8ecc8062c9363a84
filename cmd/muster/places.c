/* SPDX-License-Identifier: Apache-2.0
 * `muster places`: what may be named in a crisis, as a list or as a file to change; and taking one out. */
#include "places.h"

#include <stdio.h>
#include <string.h>

#include "pg/pool.h"
#include "store/place.h"

static const char usage[] =
    "usage: muster places list --crisis ID [--csv]    those brought by import; --csv: as a file for import\n"
    "       muster places remove --crisis ID --kind KIND --name NAME [--within TOWN]\n";

enum { ARENA_MAX = 16 * 1024 * 1024, CSV_MAX = 4 * 1024 * 1024 };

/* The command line reads texts. */
static bool read_row(const PGresult *result, int row, struct gazetteer_row *place)
{
    return !PQgetisnull(result, row, 0) && place_row_texts(result, row, 0, place) &&
           slice_to_double(pg_get_slice(result, row, 4), &place->lat) &&
           slice_to_double(pg_get_slice(result, row, 5), &place->lon);
}

static void keep(struct arena *arena, struct gazetteer_row *place)
{
    place->name = arena_dup(arena, place->name);
    place->within = arena_dup(arena, place->within);
    for (size_t i = 0; i < place->other_count; i++) {
        place->others[i] = arena_dup(arena, place->others[i]);
    }
}

bool places_read(struct cli *cli, const char *crisis, struct places_known *known)
{
    const char *const values[] = {crisis};
    PGresult *result = cli_run(cli, PG_PLACE_LIST, 1, values, NULL, NULL);
    if (result == NULL) {
        return false;
    }
    int rows = PQntuples(result);
    known->rows = arena_array(known->arena, (size_t)rows + 1, sizeof(*known->rows));
    known->country = rows > 0 ? arena_dup(known->arena, pg_get_slice(result, 0, 7)) : SLICE("");
    for (int i = 0; known->rows != NULL && i < rows; i++) {
        if (read_row(result, i, &known->rows[known->count])) {
            known->rows[known->count].common_word = PQgetvalue(result, i, 6)[0] == 't';
            keep(known->arena, &known->rows[known->count++]);
        }
    }
    PQclear(result);
    return known->rows != NULL && !known->arena->failed;
}

static int print_csv(const struct places_known *known)
{
    struct buffer out;
    buffer_init(&out, CSV_MAX);
    place_sheet_write_heading(&out);
    for (size_t i = 0; i < known->count; i++) {
        place_sheet_write_row(&out, &known->rows[i]);
    }
    bool whole = !out.failed && fwrite(out.data, 1, out.length, stdout) == out.length;
    buffer_release(&out);
    return whole ? CLI_DONE : CLI_FAILED;
}

static json_t *place_as_json(const struct gazetteer_row *place)
{
    json_t *others = json_array();
    for (size_t i = 0; i < place->other_count; i++) {
        (void)json_array_append_new(others, json_stringn(place->others[i].data, place->others[i].length));
    }
    return json_pack("{s:s,s:s%,s:s%,s:o,s:f,s:f,s:b}", "kind", gazetteer_kind_name(place->kind), "name",
                     place->name.data, place->name.length, "within",
                     place->within.data != NULL ? place->within.data : "", place->within.length, "other_names", others,
                     "lat", place->lat, "lon", place->lon, "common_word", place->common_word);
}

static int print_list(const struct cli *cli, const struct places_known *known)
{
    json_t *places = json_array();
    for (size_t i = 0; i < known->count; i++) {
        const struct gazetteer_row *place = &known->rows[i];
        (void)json_array_append_new(places, place_as_json(place));
        (void)(cli->json ||
               printf("%-9s %.*s%s%.*s  %.4f, %.4f\n", gazetteer_kind_name(place->kind), SLICE_ARGS(place->name),
                      place->within.length > 0 ? ", " : "", SLICE_ARGS(place->within), place->lat, place->lon));
    }
    return cli_answer(cli, json_pack("{s:o}", "places", places), "%zu places", known->count);
}

static int list(struct cli *cli, const char *crisis)
{
    struct error error = {.code = ERROR_NONE};
    struct arena arena;
    arena_init(&arena, ARENA_MAX);
    struct places_known known = {.arena = &arena};
    int status = CLI_FAILED;
    if (places_read(cli, crisis, &known) && known.country.length == 0) {
        (void)error_set(&error, ERROR_INVALID, "places", "there is no crisis \"%s\"", crisis);
        (void)cli_fail(cli, &error);
    } else if (known.country.length > 0) {
        status = cli_flag(cli, "--csv") ? print_csv(&known) : print_list(cli, &known);
    }
    arena_release(&arena);
    return status;
}

static int remove_place(struct cli *cli, const char *crisis)
{
    struct error error = {.code = ERROR_NONE};
    const char *within = cli_option(cli, "--within");
    const char *const values[] = {crisis, cli_option(cli, "--kind"), cli_option(cli, "--name"),
                                  within != NULL ? within : ""};
    PGresult *result = cli_run(cli, PG_PLACE_REMOVE, 4, values, NULL, NULL);
    if (result == NULL) {
        return CLI_FAILED;
    }
    bool gone = PQntuples(result) == 1;
    PQclear(result);
    if (!gone) {
        (void)error_set(&error, ERROR_INVALID, "places",
                        "there is no such place: muster places list says which there are");
        return cli_fail(cli, &error);
    }
    return cli_answer(cli, json_pack("{s:s,s:s}", "crisis", crisis, "removed", values[2]),
                      "%s is no place of %s any more.", values[2], crisis);
}

int command_places(struct cli *cli)
{
    const char *crisis = cli_option(cli, "--crisis");
    const char *verb = cli_verb(cli);
    if (strcmp(verb, "list") == 0 && crisis != NULL) {
        return list(cli, crisis);
    }
    if (strcmp(verb, "remove") == 0 && crisis != NULL && cli_option(cli, "--kind") != NULL &&
        cli_option(cli, "--name") != NULL) {
        return remove_place(cli, crisis);
    }
    return cli_usage(usage);
}
