/* SPDX-License-Identifier: Apache-2.0
 * The rows of a party as the form that a person would have filled in, decoded and judged as that; faults go back to the row and column they came from. */
#include <string.h>

#include "domain/decode_submission.h"
#include "edge/form_tree.h"
#include "edge/sheet.h"
#include "edge/sheet_columns.h"
#include "page/fault.h"
#include "page/text.h"
#include "store/derive.h"

enum {
    FAULT_MAX = 2048,
    ROOM_OF_ALL = 24, /* pairs that a party has once */
    ROOM_OF_ROW = 40, /* and for each of its rows: the columns, and more needs than there are */
    OWN_FAULTS_MAX = 64,
    SCRATCH_MAX = 1024 * 1024,
};

/* Where a value came from. */
struct origin {
    size_t row; /* within the party */
    unsigned column;
    struct slice cell;
};

/* What is wrong with the rows together; a form has no place for it. */
struct own_fault {
    size_t row;
    unsigned column;
    const char *key;
    unsigned number;
};

struct pairs {
    struct form form;
    size_t room;
    const struct sheet_row *rows[PARTY_MAX];
    size_t row_count;
    struct origin contacts[CONTACTS_MAX];
    size_t contact_count;
    size_t said_by[SHEET_COLUMNS]; /* for what a party says once: the row it is from */
    struct own_fault faults[OWN_FAULTS_MAX];
    size_t fault_count;
};

static void add(struct pairs *pairs, struct slice name, struct slice value)
{
    if (pairs->form.count < pairs->room) {
        pairs->form.pairs[pairs->form.count++] = (struct form_pair){name, value};
    }
}

static void add_own_fault(struct pairs *pairs, size_t row, unsigned column, const char *key, unsigned number)
{
    if (pairs->fault_count < OWN_FAULTS_MAX) {
        pairs->faults[pairs->fault_count++] = (struct own_fault){row, column, key, number};
    }
}

/* A code, or what it is called in any language; as typed when it is neither, which is a fault with a name. */
static struct slice code_of(const struct sheet_column *column, struct slice typed)
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

/* "party/2/needs", or as it is for what is the party's. */
static struct slice path_of(struct arena *arena, const struct sheet_column *column, size_t row)
{
    return column->of_party ? slice_of(column->path) : arena_printf(arena, "party/%zu/%s", row, column->path);
}

static void add_words(struct pairs *pairs, struct slice path, const struct sheet_column *column, struct slice cell)
{
    size_t from = pairs->form.count;
    /* of more words than there are codes some are wrong, and that is named: the rest need not be looked up */
    while (cell.length > 0 && pairs->form.count < pairs->room && pairs->form.count - from <= column->codes->count) {
        size_t end = 0;
        while (end < cell.length && strchr(",;/|\n", cell.data[end]) == NULL) {
            end++;
        }
        struct slice one = slice_trim(slice_sub(cell, 0, end));
        if (one.length > 0) {
            add(pairs, path, code_of(column, one));
        }
        cell = slice_sub(cell, end + 1, cell.length);
    }
}

/* A family's one telephone may stand in each of its rows. */
static void add_contact(struct pairs *pairs, struct arena *arena, size_t row, unsigned column, struct slice cell)
{
    size_t index = pairs->contact_count;
    for (size_t i = 0; i < index; i++) {
        if (pairs->contacts[i].column == column && slice_equal(pairs->contacts[i].cell, cell)) {
            return;
        }
    }
    if (index == CONTACTS_MAX) {
        add_own_fault(pairs, row, column, "list.family_contacts", CONTACTS_MAX);
        return;
    }
    pairs->contacts[pairs->contact_count++] = (struct origin){row, column, cell};
    add(pairs, arena_printf(arena, "contacts/%zu/kind", index), slice_of(sheet_columns[column].contact));
    add(pairs, arena_printf(arena, "contacts/%zu/value", index), cell);
}

/* True when an earlier row said it: one that says another is a fault, for a party is in one place and has one plan. */
static bool was_said(struct pairs *pairs, size_t row, unsigned column, struct slice cell)
{
    for (size_t i = 0; i < row; i++) {
        struct slice before = pairs->rows[i]->cells[column];
        if (before.length > 0) {
            if (!slice_equal_nocase(before, cell)) {
                add_own_fault(pairs, row, column, "list.family_differs", 0);
            }
            return true;
        }
    }
    pairs->said_by[column] = row;
    return false;
}

static void add_cell(struct pairs *pairs, struct arena *arena, size_t row, unsigned i, struct slice cell)
{
    const struct sheet_column *column = &sheet_columns[i];
    if (column->contact != NULL) {
        add_contact(pairs, arena, row, i, cell);
    } else if (column->path == NULL || (column->of_party && was_said(pairs, row, i, cell))) {
        return;
    } else if (column->codes == &vocabulary_need) {
        add_words(pairs, path_of(arena, column, row), column, cell);
    } else if (column->codes != NULL) {
        add(pairs, path_of(arena, column, row), code_of(column, cell));
    } else {
        add(pairs, path_of(arena, column, row), i == SHEET_COLUMN_BIRTH_DATE ? date_of(arena, cell) : cell);
    }
}

static bool has_name(const struct sheet_row *row)
{
    return row->cells[SHEET_COLUMN_FAMILY_NAME].length + row->cells[SHEET_COLUMN_GIVEN_NAMES].length > 0;
}

/* A form takes a party with one name in it; a row is there for a person. */
static void check_names(struct pairs *pairs)
{
    bool any = false;
    for (size_t i = 0; i < pairs->row_count; i++) {
        any = any || has_name(pairs->rows[i]);
    }
    for (size_t i = 0; any && i < pairs->row_count; i++) {
        if (!has_name(pairs->rows[i])) {
            add_own_fault(pairs, i, SHEET_COLUMN_FAMILY_NAME, "fault.missing", 0);
        }
    }
}

/* Past what a party may have rows are left out here: judge_party names them. */
static void take_rows(struct pairs *pairs, const struct sheet *sheet, size_t head)
{
    size_t at = head;
    do {
        pairs->rows[pairs->row_count++] = &sheet->rows[at];
        at = sheet->rows[at].next;
    } while (at != 0 && pairs->row_count < PARTY_MAX);
}

static bool make_pairs(struct pairs *pairs, struct arena *arena, const struct sheet *sheet, size_t head,
                       const struct sheet_context *context)
{
    char upload[UUID_TEXT_SIZE + 1], line[SLICE_U64_MAX], id[UUID_TEXT_SIZE + 1];
    struct uuid client_id;
    *pairs = (struct pairs){.row_count = 0};
    take_rows(pairs, sheet, head);
    pairs->room = ROOM_OF_ALL + ROOM_OF_ROW * pairs->row_count;
    pairs->form.pairs = arena_array(arena, pairs->room, sizeof(struct form_pair));
    if (pairs->form.pairs == NULL ||
        !derive_message_id(context->keys, SLICE("list"), uuid_format(&context->upload, upload),
                           slice_of_u64(sheet->rows[head].line, line), SLICE("row"), &client_id)) {
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
    for (size_t row = 0; row < pairs->row_count; row++) {
        for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
            if (pairs->rows[row]->cells[i].length > 0) {
                add_cell(pairs, arena, row, i, pairs->rows[row]->cells[i]);
            }
        }
    }
    check_names(pairs);
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

bool sheet_party_decode(const struct sheet *sheet, size_t head, const struct sheet_context *context,
                        struct arena *arena, struct registration *registration, struct tree **content)
{
    struct pairs pairs;
    struct field_errors errors = {.count = 0};
    return sheet->rows[head].people <= PARTY_MAX && make_pairs(&pairs, arena, sheet, head, context) &&
           decode(&pairs, context, arena, registration, content, &errors) && pairs.fault_count == 0;
}

/* --- faults --- */

/* Takes "party/2/" or "contacts/2/" off; false when the path is no such. */
static bool take_index(struct slice *path, struct slice prefix, size_t *index)
{
    uint64_t value = 0;
    if (!slice_starts_with(*path, prefix)) {
        return false;
    }
    struct slice rest = slice_sub(*path, prefix.length, path->length);
    size_t digits = slice_index(rest, '/');
    if (!slice_to_u64(slice_sub(rest, 0, digits), FORM_TREE_INDEX_MAX, &value)) {
        return false;
    }
    *index = (size_t)value;
    *path = slice_sub(rest, digits < rest.length ? digits + 1 : digits, rest.length);
    return true;
}

/* One is the other, or stands within it: "document" and "document/number". */
static bool is_within(struct slice path, struct slice other)
{
    size_t length = path.length < other.length ? path.length : other.length;
    struct slice rest =
        path.length > other.length ? slice_sub(path, length, path.length) : slice_sub(other, length, other.length);
    return slice_equal(slice_sub(path, 0, length), slice_sub(other, 0, length)) &&
           (rest.length == 0 || rest.data[0] == '/');
}

static unsigned column_at(struct slice path, bool of_party)
{
    for (unsigned i = 0; i < SHEET_COLUMNS; i++) {
        const struct sheet_column *column = &sheet_columns[i];
        if (column->path != NULL && column->of_party == of_party && is_within(path, slice_of(column->path))) {
            return i;
        }
    }
    return SHEET_NOT_A_COLUMN;
}

/* What belongs to no cell is said of the first row. */
static struct origin origin_of(const struct pairs *pairs, struct slice path)
{
    size_t index = 0;
    if (take_index(&path, SLICE("contacts/"), &index)) {
        return index < pairs->contact_count ? pairs->contacts[index] : (struct origin){.column = SHEET_NOT_A_COLUMN};
    }
    if (take_index(&path, SLICE("party/"), &index)) {
        return (struct origin){.row = index < pairs->row_count ? index : 0, .column = column_at(path, false)};
    }
    unsigned column = column_at(path, true);
    if (column != SHEET_NOT_A_COLUMN) {
        return (struct origin){.row = pairs->said_by[column], .column = column};
    }
    return (struct origin){.column = slice_equal(path, SLICE("party")) ? SHEET_COLUMN_FAMILY_NAME : column};
}

static void begin_fault(struct buffer *out, unsigned column, struct slice path, const struct page_language *language)
{
    buffer_add_text(out, out->length > 0 ? " · " : "");
    if (column < SHEET_NOT_A_COLUMN) {
        buffer_add_slice(out, page_text(language, sheet_columns[column].label));
    } else {
        page_field_name(out, language, path);
    }
    buffer_add_text(out, ": ");
}

static void add_counted(struct buffer *out, const struct page_language *language, const char *key, size_t number)
{
    char digits[SLICE_U64_MAX];
    page_format(out, language, key, &(struct page_field){"number", slice_of_u64(number, digits)}, 1);
}

/* All that is wrong in one row. */
static void tell_row(struct buffer *out, const struct pairs *pairs, size_t row, const struct field_errors *errors,
                     const struct page_language *language)
{
    for (size_t i = 0; i < errors->count; i++) {
        struct slice path = slice_of(errors->items[i].path);
        struct origin origin = origin_of(pairs, path);
        if (origin.row == row) {
            begin_fault(out, origin.column, path, language);
            page_field_message(out, language, &errors->items[i]);
        }
    }
    for (size_t i = 0; i < pairs->fault_count; i++) {
        const struct own_fault *fault = &pairs->faults[i];
        if (fault->row == row) {
            begin_fault(out, fault->column, SLICE(""), language);
            add_counted(out, language, fault->key, fault->number);
        }
    }
}

static void set_fault(struct sheet_row *row, struct arena *arena, struct buffer *words,
                      const struct page_language *language)
{
    if (words->failed) {
        buffer_clear(words);
        buffer_add_slice(words, page_text(language, "problem.503.detail"));
    }
    row->fault = arena_dup(arena, buffer_slice(words));
    buffer_clear(words);
}

/* Each row has what is wrong with it; those without fault of a family that has one say where it is. */
static void spread_faults(struct sheet *sheet, size_t head, struct arena *arena, struct buffer *words,
                          const struct page_language *language)
{
    size_t first = head;
    while (sheet->rows[first].fault.length == 0 && sheet->rows[first].next != 0) {
        first = sheet->rows[first].next;
    }
    bool faulty = sheet->rows[first].fault.length > 0;
    for (size_t at = head; faulty; at = sheet->rows[at].next) {
        if (sheet->rows[at].fault.length == 0) {
            add_counted(words, language, "list.family_faulty", sheet->rows[first].line);
            set_fault(&sheet->rows[at], arena, words, language);
        }
        faulty = sheet->rows[at].next != 0;
    }
}

static void tell_party(struct sheet *sheet, size_t head, struct arena *arena, struct buffer *words,
                       const struct pairs *pairs, const struct field_errors *errors,
                       const struct page_language *language)
{
    size_t at = head;
    for (size_t row = 0; row == 0 || at != 0; row++, at = sheet->rows[at].next) {
        if (row < pairs->row_count) {
            tell_row(words, pairs, row, errors, language);
        } else {
            begin_fault(words, SHEET_COLUMN_FAMILY, SLICE(""), language);
            add_counted(words, language, "list.family_too_large", PARTY_MAX);
        }
        if (words->length > 0 || words->failed) {
            set_fault(&sheet->rows[at], arena, words, language);
        }
    }
}

static void judge_party(struct sheet *sheet, size_t head, struct arena *arena, const struct sheet_context *context,
                        const struct page_language *language)
{
    struct arena scratch;
    struct pairs pairs;
    struct field_errors errors = {.count = 0};
    struct registration registration;
    struct tree *content = NULL;
    struct buffer words;
    arena_init(&scratch, SCRATCH_MAX);
    buffer_init(&words, FAULT_MAX);
    bool good = make_pairs(&pairs, &scratch, sheet, head, context) &&
                decode(&pairs, context, &scratch, &registration, &content, &errors);
    tell_party(sheet, head, arena, &words, &pairs, &errors, language);
    if (!good && errors.count == 0) {
        buffer_add_slice(&words, page_text(language, "problem.503.detail"));
        set_fault(&sheet->rows[head], arena, &words, language);
    }
    spread_faults(sheet, head, arena, &words, language);
    buffer_release(&words);
    arena_release(&scratch);
}

void sheet_judge(struct sheet *sheet, struct arena *arena, const struct sheet_context *context,
                 const struct page_language *language)
{
    sheet->faulty = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->rows[i].head == i) {
            judge_party(sheet, i, arena, context, language);
        }
    }
    for (size_t i = 0; i < sheet->count; i++) {
        sheet->faulty += sheet->rows[i].fault.length > 0 ? 1 : 0;
    }
}
