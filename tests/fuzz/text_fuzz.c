/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a case code, date, time, UTF-8 text, UUID, number, JSON string, telephone number, place, question or way back to a page: what is read is
 * written back as it was meant. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/buffer.h"
#include "core/case_code.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/json_text.h"
#include "core/utf8.h"
#include "desk/way_back.h"
#include "domain/field_check.h"
#include "domain/phone.h"
#include "domain/place_match.h"
#include "page/stage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void try_case_code(struct slice text)
{
    char written[CASE_CODE_TEXT_SIZE + 1];
    int64_t id = -1;
    int64_t again = -1;
    if (case_code_parse(text, &id) == CASE_CODE_OK) {
        require(id >= 0 && id <= REGISTRATION_ID_MAX);
        require(case_code_parse(case_code_format(id, written), &again) == CASE_CODE_OK && again == id);
    }
}

static void try_times(struct slice text)
{
    struct date date;
    char written[TIME_TEXT_MAX];
    int64_t time = 0;
    int64_t again = 0;
    if (date_parse(text, &date)) {
        require(date_is_valid(date) && text.length == 10);
    }
    if (time_parse(text, &time) && date_is_valid(date_of_time(time))) {
        require(time_parse(time_format(time, written), &again));
        require(again <= time && time - again < 1000); /* written in milliseconds */
    }
}

static void try_text(struct slice text)
{
    struct buffer buffer;
    uint32_t c = 0;
    struct slice rest = text;
    char bytes[4];
    while (utf8_next(&rest, &c)) {
        size_t length = utf8_encode(c, bytes);
        require(memcmp(bytes, rest.data - length, length) == 0);
    }
    require((rest.length == 0) == utf8_is_valid(text));
    buffer_init(&buffer, 6 * text.length + 2);
    json_text_add(&buffer, text);
    require(!buffer.failed && utf8_is_valid(buffer_slice(&buffer)));
    buffer_release(&buffer);
}

static void try_identifiers(struct slice text)
{
    struct uuid uuid;
    char written[UUID_TEXT_SIZE + 1];
    uint64_t number = 0;
    double real = 0;
    if (uuid_parse(text, &uuid)) {
        require(slice_equal_nocase(uuid_format(&uuid, written), text));
    }
    (void)slice_to_u64(text, UINT64_MAX, &number);
    (void)slice_to_double(text, &real);
}

static void try_fields(struct slice text)
{
    struct field_errors errors = {.count = 0};
    char e164[PHONE_E164_SIZE];
    char again[PHONE_E164_SIZE];
    (void)field_check_email(text, "email", &errors);
    (void)field_check_language(text, "language", &errors);
    (void)field_check_country(text, "country", &errors);
    if (phone_normalise(text, "NE", e164)) {
        require(e164[0] == '+' && memchr(e164, '\0', sizeof(e164)) != NULL);
        require(phone_normalise(slice_of(e164), "US", again) && strcmp(e164, again) == 0);
        char shown[PHONE_SHOWN_SIZE];
        require(phone_show(slice_of(e164), "NE", shown) && memchr(shown, '\0', sizeof(shown)) != NULL);
    }
}

/* Whatever was typed: a finding has what it says, and a choice written down is found again. */
static void try_place(struct slice text)
{
    struct place_match match;
    struct arena arena;
    place_match(text, gazetteer_of_country(SLICE("NE")), &match);
    require(match.count <= PLACE_CHOICES_MAX);
    require(match.finding != PLACE_IS_DOUBTFUL || match.count > 0);
    require(match.finding != PLACE_IS_KNOWN || match.count == 1);
    arena_init(&arena, 64 * 1024);
    if (match.finding == PLACE_IS_DOUBTFUL && utf8_is_text(text)) {
        struct slice name = slice_of(match.choices[match.count - 1]->name);
        struct slice chosen = place_match_chosen(&arena, text, name, gazetteer_of_country(SLICE("NE")));
        place_match(chosen, gazetteer_of_country(SLICE("NE")), &match);
        require(slice_equal(chosen, slice_trim(text)) ||
                (match.finding == PLACE_IS_KNOWN && slice_equal(slice_of(match.choices[0]->name), name)));
    }
    arena_release(&arena);
}

static void try_stage(struct slice text)
{
    struct page_stage stage;
    struct page_stage to;
    char written[PAGE_STAGE_TEXT];
    enum page_go go = page_go_read(text, &to);
    (void)page_stage_read(text, &stage);
    stage = page_stage_move(stage, go, to, 3, false);
    require(page_stage_read(page_stage_write(stage, written), &to) && page_stage_equal(stage, to));
    (void)page_stage_of(text);
}

/* Whatever it is, it leads to a page of ours: one slash at its beginning, and nothing that ends a header's line. */
static void try_way_back(struct slice text)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    if (way_back_is_own(text)) {
        struct slice filters = way_back_filters(&arena, text);
        require(text.data[0] == '/' && (text.length == 1 || (text.data[1] != '/' && text.data[1] != '\\')));
        require(slice_index(text, '\n') == text.length && slice_index(text, '\r') == text.length);
        require(way_back_is_own(way_back_make(&arena, way_back_path(text), filters)) || arena.failed);
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_make(data, size);
    try_case_code(text);
    try_times(text);
    try_text(text);
    try_identifiers(text);
    try_fields(text);
    try_place(text);
    try_stage(text);
    try_way_back(text);
    return 0;
}
