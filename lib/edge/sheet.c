/* SPDX-License-Identifier: Apache-2.0
 * The columns as a table; headings and words in any of our languages. */
#include "edge/sheet.h"

#include <string.h>

#include "edge/form_tree.h"
#include "exchange/csv.h"
#include "page/fault.h"
#include "page/text.h"
#include "store/derive.h"
#include "domain/decode_submission.h"

enum { FAULT_MAX = 2048, UNKNOWN_MAX = 300, HEADING_SHOWN_MAX = 40, PAIRS_MAX = 64, NOT_A_COLUMN = SHEET_COLUMNS };

enum { COLUMN_FAMILY_NAME, COLUMN_GIVEN_NAMES, COLUMN_BIRTH_DATE, COLUMN_PHONE = 7, COLUMN_PLACE = 10 };

static const struct column {
    struct slice name;
    const char *path; /* NULL: a contact */
    const char *label;
    const char *words; /* prefix of the texts of its codes, or NULL */
    const struct vocabulary *codes;
    const char *contact; /* its kind */
} columns[SHEET_COLUMNS] = {
    [COLUMN_FAMILY_NAME] = {SLICE_INIT("family_name"), "party/0/family_name", "label.family_name", NULL, NULL, NULL},
    [COLUMN_GIVEN_NAMES] = {SLICE_INIT("given_names"), "party/0/given_names", "label.given_names", NULL, NULL, NULL},
    [COLUMN_BIRTH_DATE] = {SLICE_INIT("birth_date"), "party/0/birth_date", "label.birth_date", NULL, NULL, NULL},
    {SLICE_INIT("citizenship"), "party/0/citizenships/0", "label.citizenship", NULL, NULL, NULL},
    {SLICE_INIT("category"), "party/0/category", "label.category", "category.", &vocabulary_party_category, NULL},
    {SLICE_INIT("document_number"), "party/0/document/number", "list.document_number", NULL, NULL, NULL},
    {SLICE_INIT("document_country"), "party/0/document/country", "label.document_country", NULL, NULL, NULL},
    [COLUMN_PHONE] = {SLICE_INIT("phone"), NULL, "label.phone", NULL, NULL, "phone"},
    {SLICE_INIT("whatsapp"), NULL, "contact_kind.whatsapp", NULL, NULL, "whatsapp"},
    {SLICE_INIT("email"), NULL, "label.email", NULL, NULL, "email"},
    [COLUMN_PLACE] = {SLICE_INIT("place"), "location/place", "field.location.place", NULL, NULL, NULL},
    {SLICE_INIT("admin1"), "location/admin1", "label.admin1", NULL, NULL, NULL},
    {SLICE_INIT("intent"), "intent", "field.intent", "intent.", &vocabulary_intent, NULL},
    {SLICE_INIT("needs"), "party/0/needs", "field.needs", "need.", &vocabulary_need, NULL},
    {SLICE_INIT("note"), "party/0/needs_note", "list.note", NULL, NULL, NULL},
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
    while (column < SHEET_COLUMNS && !is_called(heading, columns[column].name, columns[column].label)) {
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

static void read_headings(struct sheet *sheet, struct arena *arena, const struct csv_row *row,
                          struct headings *headings)
{
    bool found[SHEET_COLUMNS + 1] = {false};
    struct buffer unknown;
    buffer_init(&unknown, UNKNOWN_MAX);
    headings->line = CSV_COLUMNS_MAX;
    for (size_t i = 0; i < row->count; i++) {
        unsigned column = column_of(row->cells[i]);
        bool twice = column < NOT_A_COLUMN && found[column];
        headings->columns[i] = twice ? NOT_A_COLUMN : column;
        found[column] = true;
        if (slice_equal(row->cells[i], SLICE("line"))) {
            headings->line = i;
        } else if ((twice || column == NOT_A_COLUMN) && row->cells[i].length > 0 && !is_ours(row->cells[i])) {
            buffer_add_text(&unknown, unknown.length > 0 ? ", " : "");
            buffer_add_slice(&unknown, cut(row->cells[i]));
        }
    }
    sheet->unknown = unknown.failed ? SLICE("…") : arena_dup(arena, buffer_slice(&unknown));
    buffer_release(&unknown);
    if (!found[COLUMN_FAMILY_NAME] && !found[COLUMN_GIVEN_NAMES]) {
        sheet->refusal = "list.no_names";
    }
}

/* --- reading --- */

static void read_row(struct sheet_row *row, const struct csv_row *from, const struct headings *headings, bool carried)
{
    uint64_t line = 0;
    row->line = from->line;
    for (size_t i = 0; i < from->count; i++) {
        if (headings->columns[i] < NOT_A_COLUMN) {
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
}

/* --- a row as a registration --- */

struct pairs {
    struct form form;
    unsigned contacts[SHEET_COLUMNS]; /* the column of each contact */
    size_t contact_count;
};

static void add(struct pairs *pairs, struct slice name, struct slice value)
{
    if (pairs->form.count < PAIRS_MAX) {
        pairs->form.pairs[pairs->form.count++] = (struct form_pair){name, value};
    }
}

/* A code, or what it is called in any language; as typed when it is neither, which is a fault with a name. */
static struct slice code_of(const struct column *column, struct slice typed)
{
    for (unsigned code = 0; code < column->codes->count; code++) {
        struct slice name = vocabulary_name(column->codes, code);
        if (slice_equal_nocase(typed, name)) {
            return name;
        }
        for (size_t i = 0; i < page_language_count(); i++) {
            if (slice_equal_nocase(typed, page_text_of(page_language_at(i), column->words, name))) {
                return name;
            }
        }
    }
    return typed;
}

/* Takes up to `most` digits off the front, and the mark behind them. */
static bool take_number(struct slice *rest, size_t most, uint64_t *value)
{
    size_t length = 0;
    while (length < rest->length && length < most && rest->data[length] >= '0' && rest->data[length] <= '9') {
        length++;
    }
    struct slice digits = slice_sub(*rest, 0, length);
    bool marked = length == rest->length || strchr("/.-", rest->data[length]) != NULL;
    *rest = slice_sub(*rest, length + 1, rest->length);
    return marked && slice_to_u64(digits, UINT32_MAX, value);
}

/* Spreadsheets turn 1985-03-27 into 27/03/1985, or 3/27/1985 where it is usual: read when only one of both is a date. */
static struct slice date_of(struct arena *arena, struct slice typed)
{
    struct slice rest = typed;
    uint64_t first = 0, second = 0, year = 0;
    if (!take_number(&rest, 2, &first) || !take_number(&rest, 2, &second) || !take_number(&rest, 4, &year) ||
        rest.length > 0 || year < 1000) {
        return typed;
    }
    if (first > 12 || first == second) {
        return arena_printf(arena, "%04u-%02u-%02u", (unsigned)year, (unsigned)second, (unsigned)first);
    }
    return second > 12 ? arena_printf(arena, "%04u-%02u-%02u", (unsigned)year, (unsigned)first, (unsigned)second)
                       : typed;
}

static void add_words(struct pairs *pairs, const struct column *column, struct slice cell)
{
    size_t from = pairs->form.count;
    /* of more words than there are codes some are wrong, and that is named: the rest need not be looked up */
    while (cell.length > 0 && pairs->form.count < PAIRS_MAX && pairs->form.count - from <= column->codes->count) {
        size_t end = 0;
        while (end < cell.length && strchr(",;/|\n", cell.data[end]) == NULL) {
            end++;
        }
        struct slice one = slice_trim(slice_sub(cell, 0, end));
        if (one.length > 0) {
            add(pairs, slice_of(column->path), code_of(column, one));
        }
        cell = slice_sub(cell, end + 1, cell.length);
    }
}

static void add_contact(struct pairs *pairs, struct arena *arena, unsigned column, struct slice cell)
{
    unsigned index = (unsigned)pairs->contact_count;
    pairs->contacts[pairs->contact_count++] = column;
    add(pairs, arena_printf(arena, "contacts/%u/kind", index), slice_of(columns[column].contact));
    add(pairs, arena_printf(arena, "contacts/%u/value", index), cell);
}

static void add_cells(struct pairs *pairs, struct arena *arena, const struct sheet_row *row)
{
    for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
        struct slice cell = row->cells[i];
        if (cell.length == 0) {
            continue;
        }
        if (columns[i].contact != NULL) {
            add_contact(pairs, arena, i, cell);
        } else if (columns[i].codes == &vocabulary_need) {
            add_words(pairs, &columns[i], cell);
        } else if (columns[i].codes != NULL) {
            add(pairs, slice_of(columns[i].path), code_of(&columns[i], cell));
        } else {
            add(pairs, slice_of(columns[i].path), i == COLUMN_BIRTH_DATE ? date_of(arena, cell) : cell);
        }
    }
}

static bool make_pairs(struct pairs *pairs, struct arena *arena, const struct sheet_row *row,
                       const struct sheet_context *context)
{
    char upload[UUID_TEXT_SIZE + 1], line[SLICE_U64_MAX], id[UUID_TEXT_SIZE + 1];
    struct uuid client_id;
    *pairs = (struct pairs){.form = {.pairs = arena_array(arena, PAIRS_MAX, sizeof(struct form_pair))}};
    if (pairs->form.pairs == NULL ||
        !derive_message_id(context->keys, SLICE("list"), uuid_format(&context->upload, upload),
                           slice_of_u64(row->line, line), SLICE("row"), &client_id)) {
        return false;
    }
    add(pairs, SLICE("crisis"), context->crisis);
    add(pairs, SLICE("client_id"), arena_dup(arena, uuid_format(&client_id, id)));
    add(pairs, SLICE("language"), context->language);
    for (size_t i = 0; i < context->form->count; i++) {
        if (slice_starts_with(context->form->pairs[i].name, SLICE("reporter/"))) {
            add(pairs, context->form->pairs[i].name, context->form->pairs[i].value);
        }
    }
    add_cells(pairs, arena, row);
    return true;
}

static bool decode(struct pairs *pairs, const struct sheet_context *context, struct arena *arena,
                   struct registration *registration, struct tree **content, struct field_errors *errors)
{
    struct decoder decoder = {arena, errors, true};
    *registration = (struct registration){.has_client_id = false};
    *content = form_tree_new(arena, &pairs->form, errors);
    if (*content == NULL) {
        return false;
    }
    decode_registration(&decoder, *content, registration);
    return registration_validate(registration, context->country, context->today, errors) && !arena->failed;
}

bool sheet_row_decode(const struct sheet_row *row, const struct sheet_context *context, struct arena *arena,
                      struct registration *registration, struct tree **content, struct field_errors *errors)
{
    struct pairs pairs;
    return make_pairs(&pairs, arena, row, context) && decode(&pairs, context, arena, registration, content, errors);
}

/* --- faults --- */

static unsigned column_at(const struct pairs *pairs, struct slice path)
{
    if (slice_starts_with(path, SLICE("contacts/")) && path.length > sizeof("contacts/") - 1) {
        size_t index = (size_t)(path.data[sizeof("contacts/") - 1] - '0');
        return index < pairs->contact_count ? pairs->contacts[index] : NOT_A_COLUMN;
    }
    for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
        if (columns[i].path != NULL && slice_starts_with(path, slice_of(columns[i].path))) {
            return i;
        }
    }
    return slice_equal(path, SLICE("party")) ? COLUMN_FAMILY_NAME : NOT_A_COLUMN;
}

static void add_fault(struct buffer *out, const struct pairs *pairs, const struct field_error *error,
                      const struct page_language *language)
{
    struct slice path = slice_of(error->path);
    unsigned column = column_at(pairs, path);
    buffer_add_text(out, out->length > 0 ? " · " : "");
    if (column < NOT_A_COLUMN) {
        buffer_add_slice(out, page_text(language, columns[column].label));
    } else {
        page_field_name(out, language, path);
    }
    buffer_add_text(out, ": ");
    page_field_message(out, language, error);
}

static void judge_row(struct sheet_row *row, struct arena *arena, const struct sheet_context *context,
                      const struct page_language *language)
{
    enum { SCRATCH_MAX = 1024 * 1024 };
    struct arena scratch;
    struct pairs pairs;
    struct field_errors errors = {.count = 0};
    struct registration registration;
    struct tree *content = NULL;
    struct buffer words;
    arena_init(&scratch, SCRATCH_MAX);
    buffer_init(&words, FAULT_MAX);
    bool made = make_pairs(&pairs, &scratch, row, context);
    if (!made || !decode(&pairs, context, &scratch, &registration, &content, &errors)) {
        for (size_t i = 0; i < errors.count; i++) {
            add_fault(&words, &pairs, &errors.items[i], language);
        }
        if (errors.count == 0 || words.failed) {
            buffer_clear(&words);
            buffer_add_slice(&words, page_text(language, "problem.503.detail"));
        }
        row->fault = arena_dup(arena, buffer_slice(&words));
    }
    buffer_release(&words);
    arena_release(&scratch);
}

void sheet_judge(struct sheet *sheet, struct arena *arena, const struct sheet_context *context,
                 const struct page_language *language)
{
    sheet->faulty = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        judge_row(&sheet->rows[i], arena, context, language);
        sheet->faulty += sheet->rows[i].fault.length > 0 ? 1 : 0;
    }
}

struct slice sheet_row_name(const struct sheet_row *row, struct arena *arena)
{
    struct slice given = row->cells[COLUMN_GIVEN_NAMES];
    struct slice family = row->cells[COLUMN_FAMILY_NAME];
    return slice_trim(arena_printf(arena, "%.*s %.*s", SLICE_ARGS(given), SLICE_ARGS(family)));
}

struct slice sheet_row_place(const struct sheet_row *row)
{
    return row->cells[COLUMN_PLACE];
}

struct slice sheet_row_phone(const struct sheet_row *row)
{
    return row->cells[COLUMN_PHONE];
}

/* --- writing --- */

void sheet_write(const struct sheet *sheet, struct buffer *out)
{
    char line[SLICE_U64_MAX];
    csv_add_cell(out, SLICE("line"), '\0');
    for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
        csv_add_cell(out, columns[i].name, ',');
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
        csv_add_cell(out, page_text(language, columns[i].label), i > 0 ? separator : '\0');
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
