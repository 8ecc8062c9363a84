/* SPDX-License-Identifier: Apache-2.0
 * Reading row by row: a cell is plain until a separator or line end, or quoted until a quote that is not doubled. */
#include "exchange/csv.h"

#include <string.h>

struct reader {
    struct arena *arena;
    struct slice text;
    size_t at;
    size_t line;
    char separator;
};

static bool ended(const struct reader *r)
{
    return r->at >= r->text.length;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static void skip_line_end(struct reader *r)
{
    if (!ended(r) && r->text.data[r->at] == '\r') {
        r->at++;
        if (ended(r) || r->text.data[r->at] != '\n') {
            r->line++;
            return;
        }
    }
    if (!ended(r) && r->text.data[r->at] == '\n') {
        r->at++;
        r->line++;
    }
}

/* What the first line has most of, outside quotes. */
static char guess_separator(struct slice text)
{
    static const char candidates[] = {',', ';', '\t'};
    size_t counts[sizeof(candidates)] = {0};
    size_t best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.length && (quoted || !is_line_end(text.data[i])); i++) {
        quoted = quoted != (text.data[i] == '"');
        for (size_t k = 0; !quoted && k < sizeof(candidates); k++) {
            counts[k] += text.data[i] == candidates[k] ? 1 : 0;
        }
    }
    for (size_t k = 1; k < sizeof(candidates); k++) {
        best = counts[k] > counts[best] ? k : best;
    }
    return candidates[best];
}

/* Excel's own way to say it. */
static void read_separator(struct reader *r)
{
    struct slice rest = slice_sub(r->text, r->at, r->text.length);
    if (slice_starts_with(rest, SLICE("sep=")) && rest.length > 5 && is_line_end(rest.data[5])) {
        r->separator = rest.data[4];
        r->at += 5;
        skip_line_end(r);
    } else {
        r->separator = guess_separator(rest);
    }
}

static bool is_formula(struct slice value)
{
    return value.length > 0 && strchr("=+-@\t\r", value.data[0]) != NULL && value.data[0] != '\0';
}

static struct slice unmarked(struct slice value)
{
    bool marked = value.length > 1 && value.data[0] == '\'' && is_formula(slice_sub(value, 1, value.length));
    return marked ? slice_sub(value, 1, value.length) : value;
}

static struct slice plain_cell(struct reader *r)
{
    size_t from = r->at;
    while (!ended(r) && r->text.data[r->at] != r->separator && !is_line_end(r->text.data[r->at])) {
        r->at++;
    }
    return slice_sub(r->text, from, r->at);
}

/* Where the cell that is being read ends: no more is taken from the arena than it needs. */
static size_t quoted_end(const struct reader *r)
{
    size_t at = r->at;
    while (at < r->text.length) {
        bool doubled = at + 1 < r->text.length && r->text.data[at + 1] == '"';
        if (r->text.data[at] == '"' && !doubled) {
            break;
        }
        at += r->text.data[at] == '"' ? 2 : 1;
    }
    return at;
}

/* Behind the opening quote. What stands between the closing quote and the next separator, which is nobody's, is kept. */
static enum csv_fault quoted_cell(struct reader *r, struct slice *cell)
{
    size_t from = r->at;
    size_t opened = r->line;
    size_t length = 0;
    char *made = NULL;
    for (;; r->at++) {
        if (ended(r)) {
            r->line = opened;
            return CSV_UNCLOSED_QUOTE;
        }
        char c = r->text.data[r->at];
        bool doubled = c == '"' && r->at + 1 < r->text.length && r->text.data[r->at + 1] == '"';
        if (c == '"' && !doubled) {
            break;
        }
        r->line += c == '\n' || (c == '\r' && !(r->at + 1 < r->text.length && r->text.data[r->at + 1] == '\n')) ? 1 : 0;
        if (doubled && made == NULL) {
            made = arena_alloc(r->arena, quoted_end(r) - from);
            if (made == NULL) {
                return CSV_NO_MEMORY;
            }
            memcpy(made, r->text.data + from, length);
        }
        if (made != NULL) {
            made[length] = c;
        }
        length++;
        r->at += doubled ? 1 : 0;
    }
    *cell = made != NULL ? slice_make(made, length) : slice_sub(r->text, from, from + length);
    r->at++;
    struct slice behind = plain_cell(r);
    if (slice_trim(behind).length > 0) {
        *cell = arena_printf(r->arena, "%.*s%.*s", SLICE_ARGS(*cell), SLICE_ARGS(behind));
    }
    return cell->data != NULL ? CSV_OK : CSV_NO_MEMORY;
}

static enum csv_fault read_row(struct reader *r, struct slice cells[CSV_COLUMNS_MAX], size_t *count)
{
    *count = 0;
    for (;;) {
        enum csv_fault fault = CSV_OK;
        if (*count == CSV_COLUMNS_MAX) {
            return CSV_TOO_MANY_COLUMNS;
        }
        struct slice cell = SLICE("");
        if (!ended(r) && r->text.data[r->at] == '"') {
            r->at++;
            fault = quoted_cell(r, &cell);
        } else {
            cell = plain_cell(r);
        }
        if (fault != CSV_OK) {
            return fault;
        }
        cells[(*count)++] = unmarked(slice_trim(cell));
        if (ended(r) || r->text.data[r->at] != r->separator) {
            skip_line_end(r);
            return CSV_OK;
        }
        r->at++;
    }
}

static bool is_empty(const struct slice cells[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cells[i].length > 0) {
            return false;
        }
    }
    return true;
}

static enum csv_fault add_row(struct reader *r, struct csv_table *table, size_t most, size_t line,
                              const struct slice cells[], size_t count)
{
    if (is_empty(cells, count)) {
        return CSV_OK;
    }
    if (table->count == most) {
        return CSV_TOO_MANY_ROWS;
    }
    struct csv_row *row = &table->rows[table->count];
    *row = (struct csv_row){line, arena_array(r->arena, count, sizeof(*row->cells)), count};
    if (row->cells == NULL) {
        return CSV_NO_MEMORY;
    }
    memcpy(row->cells, cells, count * sizeof(*cells));
    table->count++;
    return CSV_OK;
}

enum csv_fault csv_parse(struct arena *arena, struct slice text, size_t most, struct csv_table *table)
{
    struct slice cells[CSV_COLUMNS_MAX];
    struct reader reader = {.arena = arena, .text = text, .line = 1};
    enum csv_fault fault = CSV_OK;
    *table = (struct csv_table){.rows = arena_array(arena, most, sizeof(*table->rows))};
    if (table->rows == NULL) {
        return CSV_NO_MEMORY;
    }
    read_separator(&reader);
    while (fault == CSV_OK && !ended(&reader)) {
        size_t count = 0;
        size_t line = reader.line;
        fault = read_row(&reader, cells, &count);
        if (fault == CSV_OK) {
            fault = add_row(&reader, table, most, line, cells, count);
            table->line = line;
        } else {
            table->line = reader.line;
        }
    }
    return fault;
}

static bool must_be_quoted(struct slice value)
{
    for (size_t i = 0; i < value.length; i++) {
        if (strchr("\",;\r\n\t", value.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}

void csv_add_cell(struct buffer *out, struct slice value, char separator)
{
    bool quoted = must_be_quoted(value);
    if (separator != '\0') {
        buffer_add_byte(out, (uint8_t)separator);
    }
    buffer_add_text(out, quoted ? "\"" : "");
    buffer_add_text(out, is_formula(value) ? "'" : "");
    for (size_t i = 0; i < value.length; i++) {
        buffer_add_text(out, value.data[i] == '"' ? "\"" : "");
        buffer_add_byte(out, (uint8_t)value.data[i]);
    }
    buffer_add_text(out, quoted ? "\"" : "");
}

void csv_end_row(struct buffer *out)
{
    buffer_add_text(out, "\r\n");
}
