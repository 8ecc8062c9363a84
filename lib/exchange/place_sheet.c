/* SPDX-License-Identifier: Apache-2.0
 * Cells to a place, and what can be wrong with one. */
#include "exchange/place_sheet.h"

#include <string.h>

#include "core/utf8.h"
#include "domain/place.h"
#include "domain/place_fold.h"
#include "domain/sms.h"
#include "exchange/charset.h"
#include "exchange/csv.h"

/* What is in a town is near it: farther away somebody took latitude for longitude, or the wrong town. */
#define WITHIN_M 60000.0
enum { NAME_CHARACTERS_MAX = 60, SHOWN_MAX = 60 };

enum column { NAME, OTHER_NAMES, KIND, LATITUDE, LONGITUDE, WITHIN, COMMON, COLUMNS };
static const char *const headings[COLUMNS] = {
    [NAME] = "name",           [OTHER_NAMES] = "other names", [KIND] = "kind",          [LATITUDE] = "latitude",
    [LONGITUDE] = "longitude", [WITHIN] = "within",           [COMMON] = "common word",
};

struct reading {
    struct arena *arena;
    struct place_sheet *sheet;
    size_t first_line;  /* of the table, less one */
    size_t at[COLUMNS]; /* where each column is; CSV_COLUMNS_MAX: nowhere */
};

/* A cell is shown as far as it helps. */
static struct slice cut(struct slice cell)
{
    size_t end = cell.length < SHOWN_MAX ? cell.length : SHOWN_MAX;
    while (end > 0 && end < cell.length && ((unsigned char)cell.data[end] & 0xC0) == 0x80) {
        end--;
    }
    return slice_sub(cell, 0, end);
}

/* The first fault of a row is told. */
static void fault(struct arena *arena, struct place_sheet_row *row, enum column column, const char *words,
                  struct slice cell)
{
    if (row->fault.length == 0) {
        row->fault = arena_printf(arena, "%s: %s%s%.*s%s", headings[column], words, cell.length > 0 ? ", not \"" : "",
                                  SLICE_ARGS(cut(cell)), cell.length > 0 ? "\"" : "");
    }
}

static struct slice cell_at(const struct reading *reading, const struct csv_row *from, enum column column)
{
    size_t at = reading->at[column];
    return at < from->count ? slice_trim(from->cells[at]) : SLICE("");
}

static double read_degrees(const struct reading *reading, const struct csv_row *from, enum column column, double most,
                           struct place_sheet_row *row)
{
    double degrees = 0;
    struct slice cell = cell_at(reading, from, column);
    char *text = arena_strdup(reading->arena, cell);
    char *comma = text != NULL ? strchr(text, ',') : NULL;
    if (comma != NULL) {
        *comma = '.'; /* as spreadsheets of many languages write it */
    }
    if (!slice_to_double(slice_of(text), &degrees) || degrees < -most || degrees > most) {
        fault(reading->arena, row, column, most < 100 ? "degrees north, -90 to 90" : "degrees east, -180 to 180", cell);
        return 0;
    }
    return degrees;
}

enum cry { CRY_NONE, CRY_NEAR, CRY_SAID };

/* "help" as a place would be taken for one in every cry; "hellp" may be one typed badly. A word that nobody cries with beside it ("National
 * Hospital") makes it a name. */
static enum cry cry_of(struct slice name)
{
    struct sms_reading reading;
    sms_read(name, &reading);
    bool said = reading.has_status || reading.trapped || reading.under_fire || reading.wants_evacuation;
    if ((said && reading.certainty == SMS_SURE) || reading.stop || reading.start || reading.asks_code) {
        return CRY_SAID;
    }
    return said && !reading.left_over ? CRY_NEAR : CRY_NONE;
}

/* Texts with such a word are heard as the cry (sms_read_in), and the place is not taken without a question. */
static void mark(struct place_sheet_row *row, struct slice name)
{
    row->place.common_word = true;
    row->near_cry = row->near_cry.length > 0 ? row->near_cry : name;
}

static void check_name(const struct reading *reading, enum column column, struct slice name,
                       struct place_sheet_row *row)
{
    struct place_folded folded;
    place_fold(name, &folded);
    if (folded.length < 2 || folded.count > GAZETTEER_WORDS_MAX || folded.length > GAZETTEER_NAME_MAX ||
        utf8_length(name) > NAME_CHARACTERS_MAX) {
        fault(reading->arena, row, column, "a name has 2 to 60 characters, at most 6 words", name);
        return;
    }
    enum cry cry = cry_of(name);
    if (cry == CRY_SAID) {
        fault(reading->arena, row, column, "texts with these words say how somebody is: find another spelling", name);
    } else if (cry == CRY_NEAR) {
        mark(row, name);
    }
}

static void read_others(const struct reading *reading, struct slice cell, struct place_sheet_row *row)
{
    struct gazetteer_row *place = &row->place;
    while (cell.length > 0) {
        size_t end = 0;
        while (end < cell.length && strchr("|;/\n,", cell.data[end]) == NULL) {
            end++;
        }
        struct slice one = slice_trim(slice_sub(cell, 0, end));
        cell = slice_sub(cell, end + 1, cell.length);
        if (one.length == 0) {
            continue;
        }
        if (place->other_count == GAZETTEER_OTHER_NAMES_MAX) {
            fault(reading->arena, row, OTHER_NAMES, "at most 12, parted by |", one);
            return;
        }
        check_name(reading, OTHER_NAMES, one, row);
        place->others[place->other_count++] = one;
    }
}

static bool read_yes(struct slice cell, bool *yes)
{
    *yes = slice_equal_nocase(cell, SLICE("yes")) || slice_equal(cell, SLICE("1"));
    return *yes || cell.length == 0 || slice_equal_nocase(cell, SLICE("no")) || slice_equal(cell, SLICE("0"));
}

static void read_row(const struct reading *reading, const struct csv_row *from, struct place_sheet_row *row)
{
    struct gazetteer_row *place = &row->place;
    row->line = from->line + reading->first_line;
    place->name = cell_at(reading, from, NAME);
    place->within = cell_at(reading, from, WITHIN);
    check_name(reading, NAME, place->name, row);
    read_others(reading, cell_at(reading, from, OTHER_NAMES), row);
    if (!gazetteer_kind_read(cell_at(reading, from, KIND), &place->kind)) {
        fault(reading->arena, row, KIND, "town, quarter, landmark or crossing", cell_at(reading, from, KIND));
    }
    place->lat = read_degrees(reading, from, LATITUDE, 90, row);
    place->lon = read_degrees(reading, from, LONGITUDE, 180, row);
    if (place->lat == 0 && place->lon == 0) {
        fault(reading->arena, row, LATITUDE, "0, 0 is what a broken receiver says", SLICE(""));
    }
    if (place->kind == GAZETTEER_QUARTER && place->within.length == 0) {
        fault(reading->arena, row, WITHIN, "a quarter is within a town", SLICE(""));
    }
    if (place->kind == GAZETTEER_TOWN && place->within.length > 0) {
        fault(reading->arena, row, WITHIN, "empty for a town", place->within);
    }
    bool common_word = false;
    if (!read_yes(cell_at(reading, from, COMMON), &common_word)) {
        fault(reading->arena, row, COMMON, "yes or no", cell_at(reading, from, COMMON));
    }
    place->common_word = place->common_word || common_word;
}

static void refuse(const struct reading *reading, const char *words, size_t line)
{
    reading->sheet->refusal =
        line > 0 ? arena_printf(reading->arena, "line %zu: %s", line + reading->first_line, words) : slice_of(words);
}

static bool read_headings(struct reading *reading, const struct csv_row *row)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        reading->at[column] = CSV_COLUMNS_MAX;
    }
    for (size_t i = 0; i < row->count; i++) {
        struct slice cell = slice_trim(row->cells[i]);
        size_t column = 0;
        while (column < COLUMNS && !slice_equal_nocase(cell, slice_of(headings[column]))) {
            column++;
        }
        if (column < COLUMNS && reading->at[column] == CSV_COLUMNS_MAX) {
            reading->at[column] = i;
        } else if (cell.length > 0) {
            reading->sheet->refusal = arena_printf(
                reading->arena, "line %zu: the heading \"%.*s\" is %s", row->line + reading->first_line,
                SLICE_ARGS(cut(cell)), column < COLUMNS ? "there twice" : "not one of those that --template prints");
            return false;
        }
    }
    for (size_t column = 0; column <= LONGITUDE; column++) {
        if (reading->at[column] == CSV_COLUMNS_MAX && column != OTHER_NAMES) {
            reading->sheet->refusal =
                arena_printf(reading->arena, "line %zu: there is no heading \"%s\": --template prints them",
                             row->line + reading->first_line, headings[column]);
            return false;
        }
    }
    return true;
}

/* Lines before the table that begin with "#" say where it is from. */
static struct slice without_comments(struct reading *reading, struct slice text)
{
    while (slice_starts_with(text, SLICE("#"))) {
        size_t end = slice_index(text, '\n');
        text = slice_sub(text, end + 1, text.length);
        reading->first_line++;
    }
    return text;
}

static void read_table(struct reading *reading, const struct csv_table *table)
{
    struct place_sheet *sheet = reading->sheet;
    if (table->count < 2) {
        refuse(reading, "there is no row under the heading", 0);
        return;
    }
    if (!read_headings(reading, &table->rows[0])) {
        return;
    }
    sheet->rows = arena_array(reading->arena, table->count, sizeof(*sheet->rows));
    for (size_t i = 1; sheet->rows != NULL && i < table->count; i++) {
        struct place_sheet_row *row = &sheet->rows[sheet->count++];
        read_row(reading, &table->rows[i], row);
        sheet->faulty += row->fault.length > 0 ? 1 : 0;
    }
}

static const char *fault_of(enum csv_fault fault)
{
    static const char *const words[] = {
        [CSV_OK] = "",
        [CSV_TOO_MANY_ROWS] = "more than 2000 places: give several files",
        [CSV_TOO_MANY_COLUMNS] = "this row has too many columns",
        [CSV_UNCLOSED_QUOTE] = "a quotation mark is opened here and never closed",
        [CSV_NO_MEMORY] = "out of memory",
    };
    return words[fault];
}

void place_sheet_read(struct place_sheet *sheet, struct arena *arena, struct slice bytes)
{
    struct reading reading = {.arena = arena, .sheet = sheet};
    struct csv_table table;
    struct slice text;
    *sheet = (struct place_sheet){.count = 0};
    enum charset charset = charset_to_utf8(arena, bytes, &text);
    if (bytes.length > PLACE_SHEET_BYTES_MAX) {
        refuse(&reading, "larger than a megabyte", 0);
    } else if (charset == CHARSET_WORKBOOK) {
        refuse(&reading, "a spreadsheet's own file: save it as CSV", 0);
    } else if (charset == CHARSET_BINARY || charset == CHARSET_NO_MEMORY) {
        refuse(&reading, "not a text", 0);
    } else {
        text = without_comments(&reading, text);
        enum csv_fault fault = csv_parse(arena, text, GAZETTEER_PLACES_MAX + 1, &table);
        if (fault != CSV_OK) {
            refuse(&reading, fault_of(fault), table.line);
        } else {
            read_table(&reading, &table);
        }
    }
    if (arena->failed) {
        *sheet = (struct place_sheet){.refusal = SLICE("out of memory")};
    }
}

/* --- against each other --- */

static bool is_same(const struct gazetteer_row *a, const struct gazetteer_row *b)
{
    return a->kind == b->kind && slice_equal(a->name, b->name) && slice_equal(a->within, b->within);
}

static void check_once(struct place_sheet *sheet, struct arena *arena, size_t index)
{
    struct place_sheet_row *row = &sheet->rows[index];
    for (size_t i = 0; i < index; i++) {
        if (is_same(&sheet->rows[i].place, &row->place)) {
            row->fault = arena_printf(arena, "%s: the same place is in line %zu", headings[NAME], sheet->rows[i].line);
            return;
        }
    }
}

static const struct gazetteer *towns_of(const struct place_sheet *sheet, struct arena *arena, struct slice country,
                                        const struct gazetteer_row *known, size_t count)
{
    struct gazetteer_row *towns = arena_array(arena, sheet->count + count, sizeof(*towns));
    size_t found = 0;
    for (size_t i = 0; towns != NULL && i < count; i++) {
        if (known[i].kind == GAZETTEER_TOWN) {
            towns[found++] = known[i];
        }
    }
    for (size_t i = 0; towns != NULL && i < sheet->count; i++) {
        if (sheet->rows[i].fault.length == 0 && sheet->rows[i].place.kind == GAZETTEER_TOWN) {
            towns[found++] = sheet->rows[i].place;
        }
    }
    return towns != NULL ? gazetteer_make(arena, country, towns, found) : NULL;
}

static void check_within(struct arena *arena, const struct gazetteer *towns, struct place_sheet_row *row)
{
    struct gazetteer_row *place = &row->place;
    struct place_folded folded;
    if (place->within.length == 0) {
        return;
    }
    place_fold(place->within, &folded);
    const struct gazetteer_place *town = gazetteer_town(towns, place_folded_text(&folded));
    if (town == NULL) {
        fault(arena, row, WITHIN, "a town that is known, or has a row of its own", place->within);
        return;
    }
    place->within = slice_of(town->name);
    if (distance_m(place->lat, place->lon, town->lat, town->lon) > WITHIN_M) {
        fault(arena, row, LATITUDE,
              "more than 60 km from the town that it is within: are latitude and longitude changed about?", SLICE(""));
    }
}

static bool has_name(const struct gazetteer_row *place, struct slice name)
{
    for (size_t i = 0; i < place->other_count; i++) {
        if (slice_equal(place->others[i], name)) {
            return true;
        }
    }
    return false;
}

/* Other names are added to those that a place has: more than are read would be kept and never found. */
static void check_room(struct arena *arena, const struct gazetteer_row *known, size_t count,
                       struct place_sheet_row *row)
{
    for (size_t i = 0; i < count && row->fault.length == 0; i++) {
        size_t names = known[i].other_count;
        bool same = slice_equal(known[i].name, row->place.name) && slice_equal(known[i].within, row->place.within);
        for (size_t k = 0; same && k < row->place.other_count; k++) {
            names += has_name(&known[i], row->place.others[k]) ? 0 : 1;
            if (names > GAZETTEER_OTHER_NAMES_MAX) {
                fault(arena, row, OTHER_NAMES, "at most 12 with those that the place has already",
                      row->place.others[k]);
                break;
            }
        }
    }
}

void place_sheet_judge(struct place_sheet *sheet, struct arena *arena, struct slice country,
                       const struct gazetteer_row *known, size_t count)
{
    const struct gazetteer *towns = towns_of(sheet, arena, country, known, count);
    sheet->faulty = 0;
    if (towns == NULL) {
        *sheet = (struct place_sheet){.refusal = SLICE("out of memory")};
        return;
    }
    for (size_t i = 0; i < sheet->count; i++) {
        struct place_sheet_row *row = &sheet->rows[i];
        if (row->fault.length == 0) {
            check_within(arena, towns, row);
        }
        if (row->fault.length == 0) {
            check_once(sheet, arena, i);
        }
        if (row->fault.length == 0) {
            check_room(arena, known, count, row);
        }
        sheet->faulty += row->fault.length > 0 ? 1 : 0;
    }
}

/* --- writing --- */

void place_sheet_write_heading(struct buffer *out)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        csv_add_cell(out, slice_of(headings[column]), column > 0 ? ',' : '\0');
    }
    csv_end_row(out);
}

void place_sheet_write_row(struct buffer *out, const struct gazetteer_row *place)
{
    struct buffer others;
    buffer_init(&others, GAZETTEER_OTHER_NAMES_MAX * 256);
    for (size_t i = 0; i < place->other_count; i++) {
        buffer_add_text(&others, i > 0 ? "|" : "");
        buffer_add_slice(&others, place->others[i]);
    }
    csv_add_cell(out, place->name, '\0');
    csv_add_cell(out, buffer_slice(&others), ',');
    csv_add_cell(out, slice_of(gazetteer_kind_name(place->kind)), ',');
    for (int i = 0; i < 2; i++) {
        buffer_clear(&others);
        buffer_printf(&others, "%.10g", i == 0 ? place->lat : place->lon);
        buffer_add_text(out, ",");
        buffer_add_slice(out, buffer_slice(&others));
    }
    csv_add_cell(out, place->within, ',');
    csv_add_cell(out, place->common_word ? SLICE("yes") : SLICE(""), ',');
    csv_end_row(out);
    buffer_release(&others);
}

void place_sheet_write_template(struct buffer *out)
{
    static const struct gazetteer_row examples[] = {
        {GAZETTEER_TOWN, SLICE_INIT("Birni N'Konni"), SLICE_INIT(""), {SLICE_INIT("Konni")}, 1, 13.796, 5.2503, false},
        {GAZETTEER_QUARTER,
         SLICE_INIT("Yantala"),
         SLICE_INIT("Niamey"),
         {SLICE_INIT("Yantala Haut"), SLICE_INIT("Yantala Bas")},
         2,
         13.537,
         2.083,
         false},
        {GAZETTEER_LANDMARK,
         SLICE_INIT("Kennedy Bridge"),
         SLICE_INIT("Niamey"),
         {SLICE_INIT("Pont Kennedy")},
         1,
         13.504,
         2.104,
         false},
        {GAZETTEER_CROSSING,
         SLICE_INIT("Labbezanga (Mali)"),
         SLICE_INIT(""),
         {SLICE_INIT("Labbezanga")},
         1,
         14.96,
         0.7,
         false},
    };
    place_sheet_write_heading(out);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        place_sheet_write_row(out, &examples[i]);
    }
}
