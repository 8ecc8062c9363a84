/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a file of places; what has no fault is written, read again and the same, and what a person types is looked for among it. */
#include <stdint.h>
#include <stdlib.h>

#include "core/utf8.h"
#include "domain/place_match.h"
#include "domain/sms.h"
#include "exchange/place_sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void look_for(struct arena *arena, const struct place_sheet *sheet, struct slice typed)
{
    struct gazetteer_row *rows = arena_array(arena, sheet->count, sizeof(*rows));
    size_t count = 0;
    for (size_t i = 0; rows != NULL && i < sheet->count; i++) {
        if (sheet->rows[i].fault.length == 0) {
            rows[count++] = sheet->rows[i].place;
        }
    }
    const struct gazetteer *gazetteer = rows != NULL ? gazetteer_make(arena, SLICE("NE"), rows, count) : NULL;
    if (gazetteer == NULL || !utf8_is_valid(typed)) {
        return;
    }
    struct place_match match;
    struct sms_reading reading;
    place_match(typed, gazetteer, &match);
    require(match.count <= PLACE_CHOICES_MAX && (match.finding != PLACE_IS_KNOWN || match.count == 1));
    sms_read_in(typed, gazetteer, &reading);
}

static void require_same(struct arena *arena, const struct place_sheet *sheet)
{
    struct buffer out;
    struct place_sheet again;
    buffer_init(&out, 4 << 20);
    place_sheet_write_heading(&out);
    for (size_t i = 0; i < sheet->count; i++) {
        place_sheet_write_row(&out, &sheet->rows[i].place);
    }
    require(!out.failed);
    place_sheet_read(&again, arena, buffer_slice(&out));
    require(again.refusal.length == 0 && again.count == sheet->count);
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct place_sheet sheet;
    struct slice bytes = slice_make(data, size);
    if (size > 16 * 1024) {
        return 0;
    }
    arena_init(&arena, 64 << 20);
    size_t line = slice_index(bytes, '\n');
    place_sheet_read(&sheet, &arena, slice_sub(bytes, line + 1, bytes.length));
    if (sheet.refusal.length == 0) {
        place_sheet_judge(&sheet, &arena, SLICE("NE"), NULL, 0);
    }
    if (sheet.refusal.length == 0) {
        look_for(&arena, &sheet, slice_sub(bytes, 0, line));
    }
    if (sheet.refusal.length == 0 && sheet.faulty == 0) {
        require_same(&arena, &sheet);
    }
    arena_release(&arena);
    return 0;
}
