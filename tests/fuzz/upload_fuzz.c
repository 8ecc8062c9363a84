/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as an uploaded list: as a form with a file, as a file of any alphabet, as a table; what was read, written and read again is the same. Each row
 * of a list is of one family, those that say the same and no others. */
#include <stdint.h>
#include <stdlib.h>

#include "core/utf8.h"
#include "edge/sheet.h"
#include "exchange/charset.h"
#include "exchange/csv.h"
#include "net/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS = 50 };

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void write(struct buffer *out, const struct csv_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        for (size_t k = 0; k < table->rows[i].count; k++) {
            csv_add_cell(out, table->rows[i].cells[k], k == 0 ? '\0' : ',');
        }
        csv_end_row(out);
    }
}

/* Written with commas: a heading of one cell that holds other separators is read by the quotes around it. */
static void require_same(const struct csv_table *a, const struct csv_table *b)
{
    require(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        require(a->rows[i].count == b->rows[i].count);
        for (size_t k = 0; k < a->rows[i].count; k++) {
            require(slice_equal(a->rows[i].cells[k], b->rows[i].cells[k]));
        }
    }
}

static void read_table(struct arena *arena, struct slice text)
{
    struct csv_table table, again;
    struct buffer written;
    if (csv_parse(arena, text, ROWS, &table) != CSV_OK) {
        return;
    }
    buffer_init(&written, 1 << 22);
    write(&written, &table);
    require(!written.failed);
    /* a first line "sep=" is an instruction, and a cell that ends in blanks behind its mark loses them: neither is anybody's name */
    if (!slice_starts_with(buffer_slice(&written), SLICE("sep="))) {
        require(csv_parse(arena, buffer_slice(&written), ROWS, &again) == CSV_OK);
        require_same(&table, &again);
    }
    buffer_release(&written);
}

static size_t require_family(const struct sheet *sheet, size_t head)
{
    size_t people = 0;
    for (size_t at = head, last = head; people == 0 || at != 0; last = at, at = sheet->rows[at].next) {
        require(at < sheet->count && sheet->rows[at].head == head && (people == 0 || at > last));
        require(slice_equal_nocase(sheet_row_family(&sheet->rows[at]), sheet_row_family(&sheet->rows[head])));
        people++;
    }
    require(people == sheet->rows[head].people);
    require(people == 1 || sheet_row_family(&sheet->rows[head]).length > 0);
    return people;
}

static void read_sheet(struct arena *arena, struct slice bytes, bool carried)
{
    struct sheet sheet;
    sheet_read(&sheet, arena, bytes, carried);
    size_t people = 0;
    for (size_t i = 0; sheet.refusal == NULL && i < sheet.count; i++) {
        people += sheet.rows[i].head == i ? require_family(&sheet, i) : 0;
    }
    require(sheet.refusal != NULL || people == sheet.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct slice text, bytes = slice_make(data, size);
    struct form form;
    struct multipart_file file;
    if (size > 64 * 1024) {
        return 0;
    }
    arena_init(&arena, 64 << 20);
    if (multipart_parse(&arena, SLICE("multipart/form-data; boundary=b"), bytes, &form, &file) && file.given) {
        bytes = file.bytes;
    }
    size_t line = slice_index(bytes, '\n'); /* a header of its own making, too */
    (void)multipart_parse(&arena, slice_sub(bytes, 0, line), slice_sub(bytes, line + 1, bytes.length), &form, &file);
    read_sheet(&arena, bytes, false);
    read_sheet(&arena, bytes, true);
    switch (charset_to_utf8(&arena, bytes, &text)) {
    case CHARSET_UTF_8:
    case CHARSET_UTF_16:
    case CHARSET_WINDOWS_1252:
        require(utf8_is_valid(text));
        read_table(&arena, text);
        break;
    default:
        require(text.length == 0);
        break;
    }
    arena_release(&arena);
    return 0;
}
