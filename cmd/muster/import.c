/* SPDX-License-Identifier: Apache-2.0
 * `muster import places`: a file of places into a crisis's gazetteer, all of it or nothing; and the same for a sample. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "places.h"
#include "pg/pool.h"

static const char usage[] =
    "usage: muster import places --crisis ID FILE.csv   quarters, landmarks, border crossings and towns that people "
    "may name\n"
    "         all of the file, or nothing when a row is wrong; again it changes nothing, and nothing that was there is "
    "lost\n"
    "         --dry-run: says what it would do\n"
    "       muster import places --template            an example to fill in, on standard output\n";

enum { ARENA_MAX = 64 * 1024 * 1024, CHUNK = 65536 };

struct tally {
    int made, changed, same;
};

/* What the crisis has, and its country. False after saying why. */
static bool read_known(struct cli *cli, const char *crisis, struct places_known *known)
{
    struct error error = {.code = ERROR_NONE};
    if (!places_read(cli, crisis, known)) {
        return false;
    }
    if (known->country.length == 0) {
        (void)error_set(&error, ERROR_INVALID, "import", "there is no crisis \"%s\"", crisis);
        (void)cli_fail(cli, &error);
        return false;
    }
    return true;
}

static bool command(struct cli *cli, const char *statement)
{
    struct error error = {.code = ERROR_NONE};
    PGresult *result = PQexec(cli->owner, statement);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done) {
        (void)error_set(&error, ERROR_INVALID, "import", "%s", PQerrorMessage(cli->owner));
        (void)cli_fail(cli, &error);
    }
    PQclear(result);
    return done;
}

static bool put(struct cli *cli, const char *crisis, const struct gazetteer_row *place, struct arena *arena,
                struct tally *tally)
{
    struct slice others = SLICE("");
    for (size_t i = 0; i < place->other_count; i++) {
        others = arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(others), i > 0 ? "\n" : "", SLICE_ARGS(place->others[i]));
    }
    const char *const values[] = {crisis,
                                  gazetteer_kind_name(place->kind),
                                  arena_strdup(arena, place->name),
                                  arena_strdup(arena, place->within),
                                  arena_strdup(arena, others),
                                  arena_printf(arena, "%.7f", place->lat).data,
                                  arena_printf(arena, "%.7f", place->lon).data,
                                  place->common_word ? "true" : "false"};
    PGresult *result = arena->failed ? NULL : cli_run(cli, PG_PLACE_PUT, 8, values, NULL, NULL);
    if (result == NULL) {
        return false;
    }
    bool told = PQntuples(result) == 1;
    bool made = told && PQgetvalue(result, 0, 0)[0] == 't';
    tally->made += made ? 1 : 0;
    tally->changed += told && !made ? 1 : 0;
    tally->same += told ? 0 : 1;
    PQclear(result);
    return true;
}

static int tell_faults(const struct cli *cli, const struct place_sheet *sheet)
{
    json_t *faults = json_array();
    for (size_t i = 0; i < sheet->count; i++) {
        const struct place_sheet_row *row = &sheet->rows[i];
        if (row->fault.length > 0) {
            (void)json_array_append_new(faults, json_pack("{s:I,s:s%}", "line", (json_int_t)row->line, "fault",
                                                          row->fault.data, row->fault.length));
            (void)(cli->json || fprintf(stderr, "line %zu: %.*s\n", row->line, SLICE_ARGS(row->fault)));
        }
    }
    (void)cli_answer(cli, json_pack("{s:o}", "faults", faults), "Nothing was imported: %zu of %zu rows are wrong.",
                     sheet->faulty, sheet->count);
    return CLI_FAILED;
}

/* What an operator is to know of places that were taken. */
static json_t *tell_notes(const struct cli *cli, const struct place_sheet *sheet)
{
    json_t *notes = json_array();
    for (size_t i = 0; i < sheet->count; i++) {
        const struct place_sheet_row *row = &sheet->rows[i];
        if (row->near_cry.length > 0) {
            (void)json_array_append_new(notes, json_pack("{s:I,s:s%}", "line", (json_int_t)row->line, "near_cry",
                                                         row->near_cry.data, row->near_cry.length));
            (void)(cli->json ||
                   fprintf(
                       stderr,
                       "line %zu: \"%.*s\" is near a word that people cry for help with. Texts with it are heard as "
                       "cries; on forms the place is asked after, as a common word is.\n",
                       row->line, SLICE_ARGS(row->near_cry)));
        }
    }
    return notes;
}

static bool is_too_many(const struct cli *cli, const struct places_known *known, const struct tally *tally)
{
    struct error error = {.code = ERROR_NONE};
    if (known->count + (size_t)tally->made <= GAZETTEER_PLACES_MAX) {
        return false;
    }
    (void)error_set(&error, ERROR_INVALID, "import", "a crisis has at most %d places: it has %zu, these are %d more",
                    GAZETTEER_PLACES_MAX, known->count, tally->made);
    (void)cli_fail(cli, &error);
    return true;
}

/* False after saying why; the transaction is then to be rolled back. */
static bool put_all(struct cli *cli, const char *crisis, const struct places_known *known,
                    const struct place_sheet *sheet, struct tally *tally)
{
    bool put_so_far = true;
    for (size_t i = 0; put_so_far && i < sheet->count; i++) {
        struct arena scratch;
        arena_init(&scratch, CHUNK);
        put_so_far = put(cli, crisis, &sheet->rows[i].place, &scratch, tally);
        arena_release(&scratch);
    }
    return put_so_far && !is_too_many(cli, known, tally);
}

static int import(struct cli *cli, const char *crisis, struct slice bytes, struct arena *arena, bool dry)
{
    struct error error = {.code = ERROR_NONE};
    struct places_known known = {.arena = arena};
    struct place_sheet sheet;
    struct tally tally = {0, 0, 0};
    if (!read_known(cli, crisis, &known)) {
        return CLI_FAILED;
    }
    place_sheet_read(&sheet, arena, bytes);
    if (sheet.refusal.length == 0) {
        place_sheet_judge(&sheet, arena, known.country, known.rows, known.count);
    }
    if (sheet.refusal.length > 0) {
        (void)error_set(&error, ERROR_INVALID, "import", "%.*s", SLICE_ARGS(sheet.refusal));
        return cli_fail(cli, &error);
    }
    if (sheet.faulty > 0) {
        return tell_faults(cli, &sheet);
    }
    bool done = command(cli, "BEGIN") && put_all(cli, crisis, &known, &sheet, &tally);
    done = command(cli, done && !dry ? "COMMIT" : "ROLLBACK") && done;
    if (!done) {
        return CLI_FAILED;
    }
    return cli_answer(cli,
                      json_pack("{s:s,s:b,s:i,s:i,s:i,s:o}", "crisis", crisis, "dry_run", dry, "new", tally.made,
                                "changed", tally.changed, "unchanged", tally.same, "notes", tell_notes(cli, &sheet)),
                      "%s: %d new, %d changed, %d as they were.", dry ? "It would be" : "Places imported", tally.made,
                      tally.changed, tally.same);
}

/* The whole file, up to one byte more than is read; data NULL after saying why. */
static struct slice read_file(const struct cli *cli, const char *path, struct arena *arena)
{
    struct error error = {.code = ERROR_NONE};
    char *bytes = arena_alloc(arena, PLACE_SHEET_BYTES_MAX + 1);
    FILE *file = bytes != NULL ? fopen(path, "rb") : NULL;
    size_t length = file != NULL ? fread(bytes, 1, PLACE_SHEET_BYTES_MAX + 1, file) : 0;
    bool read = file != NULL && ferror(file) == 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    if (!read) {
        (void)error_set(&error, ERROR_IO, "import", "%s: %s", path, strerror(errno));
        (void)cli_fail(cli, &error);
        return (struct slice){NULL, 0};
    }
    return slice_make(bytes, length);
}

static int print_template(void)
{
    struct buffer out;
    buffer_init(&out, CHUNK);
    place_sheet_write_template(&out);
    (void)fwrite(out.data, 1, out.length, stdout);
    buffer_release(&out);
    return CLI_DONE;
}

/* The file's name: the argument behind "places" that belongs to no option. */
static const char *file_of(const struct cli *cli)
{
    const char *file = NULL;
    for (int i = 1; i < cli->argc; i++) {
        if (strcmp(cli->argv[i], "--crisis") == 0) {
            i++;
        } else if (cli->argv[i][0] != '-' && strcmp(cli->argv[i], "places") != 0) {
            file = cli->argv[i];
        }
    }
    return file;
}

int command_import(struct cli *cli)
{
    struct arena arena;
    const char *crisis = cli_option(cli, "--crisis");
    const char *file = file_of(cli);
    if (strcmp(cli_verb(cli), "places") != 0) {
        return cli_usage(usage);
    }
    if (cli_flag(cli, "--template")) {
        return print_template();
    }
    if (crisis == NULL || file == NULL) {
        return cli_usage(usage);
    }
    arena_init(&arena, ARENA_MAX);
    struct slice bytes = read_file(cli, file, &arena);
    int status = bytes.data != NULL ? import(cli, crisis, bytes, &arena, cli_flag(cli, "--dry-run")) : CLI_FAILED;
    arena_release(&arena);
    return status;
}

bool import_sample(struct cli *cli, const char *crisis, const char *text)
{
    struct arena arena;
    struct places_known known = {.arena = &arena};
    struct place_sheet sheet;
    struct tally tally = {0, 0, 0};
    arena_init(&arena, ARENA_MAX);
    bool done = read_known(cli, crisis, &known);
    if (done) {
        place_sheet_read(&sheet, &arena, slice_of(text));
        place_sheet_judge(&sheet, &arena, known.country, known.rows, known.count);
        done = sheet.refusal.length == 0 && (sheet.faulty == 0 || tell_faults(cli, &sheet) == CLI_DONE) &&
               command(cli, "BEGIN");
        done = done && put_all(cli, crisis, &known, &sheet, &tally);
        done = command(cli, done ? "COMMIT" : "ROLLBACK") && done;
    }
    arena_release(&arena);
    return done;
}
