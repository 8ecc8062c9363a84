/* SPDX-License-Identifier: Apache-2.0
 * The columns as a table; headings in any of our languages; who is of one family. */
#include "edge/sheet.h"

#include <string.h>

#include "edge/sheet_columns.h"
#include "exchange/csv.h"
#include "page/text.h"

enum { UNKNOWN_MAX = 300, HEADING_SHOWN_MAX = 40 };

const struct sheet_column sheet_columns[SHEET_COLUMNS] = {
    [SHEET_COLUMN_FAMILY_NAME] = {SLICE_INIT("family_name"), "family_name", false, "label.family_name", NULL, NULL,
                                  NULL},
    [SHEET_COLUMN_GIVEN_NAMES] = {SLICE_INIT("given_names"), "given_names", false, "label.given_names", NULL, NULL,
                                  NULL},
    [SHEET_COLUMN_BIRTH_DATE] = {SLICE_INIT("birth_date"), "birth_date", false, "label.birth_date", NULL, NULL, NULL},
    {SLICE_INIT("citizenship"), "citizenships/0", false, "label.citizenship", NULL, NULL, NULL},
    {SLICE_INIT("category"), "category", false, "label.category", "category.", &vocabulary_party_category, NULL},
    {SLICE_INIT("document_number"), "document/number", false, "list.document_number", NULL, NULL, NULL},
    {SLICE_INIT("document_country"), "document/country", false, "label.document_country", NULL, NULL, NULL},
    [SHEET_COLUMN_PHONE] = {SLICE_INIT("phone"), NULL, false, "label.phone", NULL, NULL, "phone"},
    {SLICE_INIT("whatsapp"), NULL, false, "contact_kind.whatsapp", NULL, NULL, "whatsapp"},
    {SLICE_INIT("email"), NULL, false, "label.email", NULL, NULL, "email"},
    [SHEET_COLUMN_PLACE] = {SLICE_INIT("place"), "location/place", true, "field.location.place", NULL, NULL, NULL},
    {SLICE_INIT("admin1"), "location/admin1", true, "label.admin1", NULL, NULL, NULL},
    {SLICE_INIT("intent"), "intent", true, "field.intent", "intent.", &vocabulary_intent, NULL},
    {SLICE_INIT("needs"), "needs", false, "field.needs", "need.", &vocabulary_need, NULL},
    {SLICE_INIT("note"), "needs_note", false, "list.note", NULL, NULL, NULL},
    [SHEET_COLUMN_FAMILY] = {SLICE_INIT("family"), NULL, false, "list.family", NULL, NULL, NULL},
};

/* --- headings --- */

static bool is_called(struct slice heading, struct slice name, const char *label)
{
    if (slice_equal_nocase(heading, name)) {
        return true;
    }
    for (size_t i = 0; i < page_language_count(); i++) {
        if (slice_equal_nocase(heading, page_text(page_language_at(i), label))) {
            return true;
        }
    }
    return false;
}

static unsigned column_of(struct slice heading)
{
    unsigned column = 0;
    while (column < SHEET_COLUMNS && !is_called(heading, sheet_columns[column].name, sheet_columns[column].label)) {
        column++;
    }
    return column;
}

/* What we wrote beside the columns ourselves, in a file that comes back. */
static bool is_ours(struct slice heading)
{
    return is_called(heading, SLICE("line"), "list.line") || is_called(heading, SLICE("error"), "list.error");
}

/* Shown, not stored: never in the middle of a letter. */
static struct slice cut(struct slice heading)
{
    size_t length = heading.length < HEADING_SHOWN_MAX ? heading.length : HEADING_SHOWN_MAX;
    while (length < heading.length && length > 0 && ((uint8_t)heading.data[length] & 0xC0) == 0x80) {
        length--;
    }
    return slice_sub(heading, 0, length);
}

struct headings {
    unsigned columns[CSV_COLUMNS_MAX];
    size_t line; /* where the carried lines are; CSV_COLUMNS_MAX: nowhere */
};

/* A "Family" beside given names, and no family name, is the name: people who share it are not one party for that. */
static void forget_families(const struct csv_row *row, struct headings *headings, struct buffer *unknown)
{
    for (size_t i = 0; i < row->count; i++) {
        if (headings->columns[i] == SHEET_COLUMN_FAMILY) {
            headings->columns[i] = SHEET_NOT_A_COLUMN;
            buffer_add_text(unknown, unknown->length > 0 ? ", " : "");
            buffer_add_slice(unknown, cut(row->cells[i]));
        }
    }
}

static void read_headings(struct sheet *sheet, struct arena *arena, const struct csv_row *row,
                          struct headings *headings)
{
    bool found[SHEET_COLUMNS + 1] = {false};
    struct buffer unknown;
    buffer_init(&unknown, UNKNOWN_MAX);
    headings->line = CSV_COLUMNS_MAX;
    for (size_t i = 0; i < row->count; i++) {
        unsigned column = column_of(row->cells[i]);
        bool twice = column < SHEET_NOT_A_COLUMN && found[column];
        headings->columns[i] = twice ? SHEET_NOT_A_COLUMN : column;
        found[column] = true;
        if (slice_equal(row->cells[i], SLICE("line"))) {
            headings->line = i;
        } else if ((twice || column == SHEET_NOT_A_COLUMN) && row->cells[i].length > 0 && !is_ours(row->cells[i])) {
            buffer_add_text(&unknown, unknown.length > 0 ? ", " : "");
            buffer_add_slice(&unknown, cut(row->cells[i]));
        }
    }
    if (found[SHEET_COLUMN_FAMILY] && !found[SHEET_COLUMN_FAMILY_NAME]) {
        forget_families(row, headings, &unknown);
    }
    sheet->unknown = unknown.failed ? SLICE("…") : arena_dup(arena, buffer_slice(&unknown));
    buffer_release(&unknown);
    if (!found[SHEET_COLUMN_FAMILY_NAME] && !found[SHEET_COLUMN_GIVEN_NAMES]) {
        sheet->refusal = "list.no_names";
    }
}

/* --- reading --- */

static void read_row(struct sheet_row *row, const struct csv_row *from, const struct headings *headings, bool carried)
{
    uint64_t line = 0;
    row->line = from->line;
    for (size_t i = 0; i < from->count; i++) {
        if (headings->columns[i] < SHEET_NOT_A_COLUMN) {
            row->cells[headings->columns[i]] = from->cells[i];
        }
        if (carried && i == headings->line && slice_to_u64(from->cells[i], UINT32_MAX, &line)) {
            row->line = (size_t)line;
        }
    }
}

static const char *refusal_of(enum csv_fault fault)
{
    static const char *const keys[] = {
        [CSV_OK] = NULL,
        [CSV_TOO_MANY_ROWS] = "list.too_many_rows",
        [CSV_TOO_MANY_COLUMNS] = "list.too_many_columns",
        [CSV_UNCLOSED_QUOTE] = "list.unclosed_quote",
        [CSV_NO_MEMORY] = "problem.503.detail",
    };
    return keys[fault];
}

static bool is_text(struct sheet *sheet, struct slice text)
{
    if (sheet->charset == CHARSET_WORKBOOK) {
        sheet->refusal = "list.workbook";
    } else if (sheet->charset == CHARSET_BINARY) {
        sheet->refusal = "list.not_text";
    } else if (sheet->charset == CHARSET_NO_MEMORY) {
        sheet->refusal = "problem.503.detail";
    } else if (slice_trim(text).length == 0) {
        sheet->refusal = "list.empty";
    }
    return sheet->refusal == NULL;
}

/* --- families --- */

struct slice sheet_row_family(const struct sheet_row *row)
{
    return row->cells[SHEET_COLUMN_FAMILY];
}

/* The last row so far that says the same; itself when there is none. */
static size_t last_of_family(const struct sheet *sheet, size_t row)
{
    struct slice family = sheet_row_family(&sheet->rows[row]);
    for (size_t i = row; family.length > 0 && i > 0; i--) {
        if (slice_equal_nocase(sheet_row_family(&sheet->rows[i - 1]), family)) {
            return i - 1;
        }
    }
    return row;
}

/* At most 500 rows: each looked up among those before it. */
static void join_families(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        struct sheet_row *row = &sheet->rows[i];
        size_t before = last_of_family(sheet, i);
        row->head = before == i ? i : sheet->rows[before].head;
        row->next = 0;
        row->people = before == i ? 1 : 0;
        if (before != i) {
            sheet->rows[before].next = i;
            sheet->rows[row->head].people++;
        }
    }
}

void sheet_read(struct sheet *sheet, struct arena *arena, struct slice bytes, bool carried)
{
    struct slice text;
    struct csv_table table;
    struct headings headings;
    *sheet = (struct sheet){.charset = charset_to_utf8(arena, bytes, &text)};
    if (bytes.length > SHEET_BYTES_MAX * (carried ? 4 : 1)) {
        sheet->refusal = "list.too_large";
    }
    if (sheet->refusal != NULL || !is_text(sheet, text)) {
        return;
    }
    sheet->refusal = refusal_of(csv_parse(arena, text, SHEET_ROWS_MAX + 1, &table));
    sheet->refusal_line = table.line;
    if (sheet->refusal != NULL) {
        return;
    }
    if (table.count < 2) {
        sheet->refusal = "list.empty";
        return;
    }
    read_headings(sheet, arena, &table.rows[0], &headings);
    sheet->rows = arena_array(arena, table.count, sizeof(*sheet->rows));
    for (size_t i = 1; sheet->rows != NULL && i < table.count; i++) {
        read_row(&sheet->rows[sheet->count++], &table.rows[i], &headings, carried);
    }
    join_families(sheet);
}

struct slice sheet_row_name(const struct sheet_row *row, struct arena *arena)
{
    struct slice given = row->cells[SHEET_COLUMN_GIVEN_NAMES];
    struct slice family = row->cells[SHEET_COLUMN_FAMILY_NAME];
    return slice_trim(arena_printf(arena, "%.*s %.*s", SLICE_ARGS(given), SLICE_ARGS(family)));
}

struct slice sheet_row_place(const struct sheet_row *row)
{
    return row->cells[SHEET_COLUMN_PLACE];
}

struct slice sheet_row_phone(const struct sheet_row *row)
{
    return row->cells[SHEET_COLUMN_PHONE];
}

/* --- writing --- */

void sheet_write(const struct sheet *sheet, struct buffer *out)
{
    char line[SLICE_U64_MAX];
    csv_add_cell(out, SLICE("line"), '\0');
    for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
        csv_add_cell(out, sheet_columns[i].name, ',');
    }
    csv_end_row(out);
    for (size_t k = 0; k < sheet->count; k++) {
        csv_add_cell(out, slice_of_u64(sheet->rows[k].line, line), '\0');
        for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
            csv_add_cell(out, sheet->rows[k].cells[i], ',');
        }
        csv_end_row(out);
    }
}

char sheet_separator(const struct page_language *language)
{
    return slice_equal(language->tag, SLICE("en")) ? ',' : ';';
}

static void write_headings(struct buffer *out, const struct page_language *language, bool faults)
{
    char separator = sheet_separator(language);
    buffer_add_text(out, "\xEF\xBB\xBF");
    for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
        csv_add_cell(out, page_text(language, sheet_columns[i].label), i > 0 ? separator : '\0');
    }
    if (faults) {
        csv_add_cell(out, page_text(language, "list.line"), separator);
        csv_add_cell(out, page_text(language, "list.error"), separator);
    }
    csv_end_row(out);
}

void sheet_write_template(struct buffer *out, const struct page_language *language)
{
    write_headings(out, language, false);
}

void sheet_write_faulty(const struct sheet *sheet, struct buffer *out, const struct page_language *language)
{
    char line[SLICE_U64_MAX];
    char separator = sheet_separator(language);
    write_headings(out, language, true);
    for (size_t k = 0; k < sheet->count; k++) {
        const struct sheet_row *row = &sheet->rows[k];
        if (row->fault.length == 0) {
            continue;
        }
        for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
            csv_add_cell(out, row->cells[i], i > 0 ? separator : '\0');
        }
        csv_add_cell(out, slice_of_u64(row->line, line), separator);
        csv_add_cell(out, row->fault, separator);
        csv_end_row(out);
    }
}
