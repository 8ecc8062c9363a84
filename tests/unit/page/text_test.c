/* SPDX-License-Identifier: Apache-2.0
 * Every code has words in every language; placeholders are filled; texts for the phone are short enough. */
#include "page/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/utf8.h"
#include "domain/sms_segment.h"
#include "domain/triage.h"
#include "domain/vocabulary.h"
#include "page/fault.h"
#include "page/table.h"

enum { TEXT_MAX = 4096 };

static const struct page_language *language_at(size_t index)
{
    const struct page_language *language = page_language_at(index);
    assert_non_null(language);
    return language;
}

static void assert_has(const struct page_language *language, const char *prefix, struct slice code, const char *suffix)
{
    char key[96];
    struct slice text;
    (void)snprintf(key, sizeof(key), "%s%.*s%s", prefix, SLICE_ARGS(code), suffix);
    if (!page_text_find(language, slice_of(key), &text)) {
        fail_msg("%.*s has no %s", SLICE_ARGS(language->tag), key);
    }
    assert_true(text.length > 0 && utf8_is_text(text));
}

static void test_every_code_has_words(void **state)
{
    static const struct {
        const struct vocabulary *list;
        const char *prefix;
        const char *suffix;
    } lists[] = {
        {&vocabulary_party_category, "category.", ""},
        {&vocabulary_contact_kind, "contact_kind.", ""},
        {&vocabulary_intent, "intent.", ""},
        {&vocabulary_check_in_status, "status.", ""},
        {&vocabulary_check_in_status, "status.", ".detail"},
        {&vocabulary_channel, "channel.", ""},
        {&vocabulary_queue, "queue.", ""},
        {&vocabulary_case_state, "state.", ""},
        {&vocabulary_look_reason, "why.", ""},
        {&vocabulary_posture, "posture.", ""},
        {&vocabulary_posture, "posture.", ".detail"},
        {&vocabulary_need, "need.", ""},
        {&vocabulary_triage_reason, "reason.", ""},
    };
    (void)state;
    for (size_t l = 0; l < page_language_count(); l++) {
        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
            for (unsigned value = 0; value < lists[i].list->count; value++) {
                assert_has(language_at(l), lists[i].prefix, vocabulary_name(lists[i].list, value), lists[i].suffix);
            }
        }
        for (unsigned fault = 0; fault < FIELD_FAULT_COUNT; fault++) {
            assert_has(language_at(l), "fault.", slice_of(field_fault_code((enum field_fault)fault)), "");
        }
    }
}

static void test_every_number_has_words(void **state)
{
    static const unsigned statuses[] = {400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503};
    char number[8];
    (void)state;
    for (size_t l = 0; l < page_language_count(); l++) {
        for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
            (void)snprintf(number, sizeof(number), "%u", statuses[i]);
            assert_has(language_at(l), "problem.", slice_of(number), ".title");
            assert_has(language_at(l), "problem.", slice_of(number), ".detail");
        }
        for (unsigned i = 0; i < 12; i++) {
            (void)snprintf(number, sizeof(number), "%u", i + 1);
            assert_has(language_at(l), "month.", slice_of(number), "");
        }
        for (unsigned band = BAND_IMMEDIATE; band < BAND_COUNT; band++) {
            (void)snprintf(number, sizeof(number), "%u", band);
            assert_has(language_at(l), "band.", slice_of(number), "");
            assert_has(language_at(l), "checked_in.band.", slice_of(number), "");
        }
    }
}

static void test_keys_are_in_order(void **state)
{
    struct slice text;
    (void)state;
    for (size_t i = 0; i < page_text_key_count; i++) {
        assert_true(page_text_find(language_at(0), page_text_keys[i], &text));
        assert_ptr_equal(text.data, language_at(0)->texts[i].data);
    }
    assert_false(page_text_find(language_at(0), SLICE("no.such.key"), &text));
    assert_false(page_text_find(language_at(0), SLICE(""), &text));
    assert_true(slice_equal(page_text(language_at(0), "no.such.key"), SLICE("no.such.key")));
    assert_true(slice_equal(page_text_of(language_at(0), "status.", SLICE("no_such")), SLICE("no_such")));
}

static void assert_formats(const char *key, const struct page_field *fields, size_t count, const char *expected)
{
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    page_format(&out, language_at(0), key, fields, count);
    assert_false(out.failed);
    assert_true(slice_equal(buffer_slice(&out), slice_of(expected)));
    buffer_release(&out);
}

static void test_format(void **state)
{
    static const struct page_field both[] = {{"message", SLICE_INIT("{field}")}, {"field", SLICE_INIT("Name")}};
    (void)state;
    assert_formats("error.line", both, 2, "Name: {field}"); /* what is filled in is not read again */
    assert_formats("error.line", both, 1, "{field}: {field}");
    assert_formats("error.line", NULL, 0, "{field}: {message}");
    assert_formats("open { and shut", NULL, 0, "open { and shut"); /* an unknown key is its own text */
    assert_formats("}{", NULL, 0, "}{");
}

static void assert_time(size_t language, const struct page_clock *clock, const char *expected)
{
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    page_time(&out, language_at(language), INT64_C(1690995845000000), clock);
    assert_true(slice_equal(buffer_slice(&out), slice_of(expected)));
    buffer_release(&out);
}

static void test_time(void **state)
{
    static const struct page_clock utc = {.minutes = 60};
    static const struct page_clock niamey = {SLICE_INIT("Niamey"), 60};
    (void)state;
    assert_time(0, &utc, "2 August 2023, 17:04 UTC");
    assert_time(1, &utc,
                "2 ao\u00fbt 2023, 17\u00a0h\u00a0"
                "04 UTC");
    assert_time(0, &niamey, "2 August 2023, 18:04 (Niamey time)");
    assert_time(1, &niamey,
                "2 ao\u00fbt 2023, 18\u00a0h\u00a0"
                "04 (heure de Niamey)");
}

static void assert_when(int64_t time_us, const struct page_clock *clock, const char *expected)
{
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    page_when(&out, language_at(0), time_us, INT64_C(1690995845000000), clock);
    assert_true(slice_equal(buffer_slice(&out), slice_of(expected)));
    buffer_release(&out);
}

/* Days begin where the reader is. */
static void test_when(void **state)
{
    static const struct page_clock utc = {.minutes = 60};
    static const struct page_clock niamey = {SLICE_INIT("Niamey"), 60};
    static const int64_t now = INT64_C(1690995845000000);
    static const int64_t hour = INT64_C(3600000000);
    struct buffer name;
    (void)state;
    assert_when(now, &niamey, "18:04 today");
    assert_when(now - 18 * hour, &niamey, "00:04 today");
    assert_when(now - 18 * hour, &utc, "23:04 yesterday");
    assert_when(now + 6 * hour, &niamey, "tomorrow 00:04");
    assert_when(now + 6 * hour, &utc, "23:04 today");
    assert_when(now + 48 * hour, &niamey, "4 August 2023, 18:04");
    buffer_init(&name, TEXT_MAX);
    page_clock_name(&name, language_at(0), &niamey);
    page_clock_name(&name, language_at(0), &utc);
    assert_true(slice_equal(buffer_slice(&name), SLICE("Niamey timeUTC")));
    buffer_release(&name);
}

/* Two segments; three where the script makes it UCS-2, in which a segment holds less than half. That no other language has a character
 * that makes it so is checked by the build. */
static void assert_is_short(const struct page_language *language, const struct buffer *out)
{
    struct sms_size size = sms_segment_count(buffer_slice(out));
    assert_true(utf8_length(buffer_slice(out)) >= 40);
    assert_int_equal(size.ucs2, slice_equal(language->tag, SLICE("ar")));
    if (size.segments > (size.ucs2 ? 3 : 2)) {
        fail_msg("%s: %zu segments: %.*s", language->tag.data, size.segments, SLICE_ARGS(buffer_slice(out)));
    }
}

static void test_replies_are_short(void **state)
{
    static const struct page_field fields[] = {{"case", SLICE_INIT("K7M2Q-9QXD4")},
                                               {"place", SLICE_INIT("Central African Republic")}};
    unsigned replies = 0;
    (void)state;
    for (size_t l = 0; l < page_language_count(); l++) {
        for (size_t i = 0; i < page_text_key_count; i++) {
            if (!slice_starts_with(page_text_keys[i], SLICE("sms."))) {
                continue;
            }
            struct buffer out;
            buffer_init(&out, TEXT_MAX);
            page_format(&out, language_at(l), page_text_keys[i].data, fields, 2);
            assert_is_short(language_at(l), &out);
            assert_int_equal(slice_index(buffer_slice(&out), '{'), out.length);
            buffer_release(&out);
            replies++;
        }
    }
    assert_true(replies >= 8 * page_language_count());
}

/* To a stranger the acknowledgement and a question go as one reply. */
static void test_a_reply_with_a_question_fits_two_segments(void **state)
{
    static const struct page_field fields[] = {{"case", SLICE_INIT("K7M2Q-9QXD4")}};
    static const char *const heard[] = {"sms.cry_heard", "sms.noted"};
    static const char *const asked[] = {"sms.ask_where", "sms.ask_how_many", "sms.ask_who"};
    (void)state;
    for (size_t l = 0; l < page_language_count(); l++) {
        for (size_t i = 0; i < 6; i++) {
            struct buffer out;
            buffer_init(&out, TEXT_MAX);
            page_format(&out, language_at(l), heard[i / 3], fields, 1);
            buffer_add_byte(&out, ' ');
            page_format(&out, language_at(l), asked[i % 3], fields, 1);
            assert_is_short(language_at(l), &out);
            buffer_release(&out);
        }
    }
}

static void assert_named(const char *path, const char *expected)
{
    struct buffer out;
    buffer_init(&out, TEXT_MAX);
    page_field_name(&out, language_at(0), slice_of(path));
    assert_true(slice_equal(buffer_slice(&out), slice_of(expected)));
    buffer_release(&out);
}

static void test_field_names(void **state)
{
    (void)state;
    assert_named("party/0/birth_date", "Date of birth of person 1");
    assert_named("party/29/citizenships/4", "Citizenship of person 30");
    assert_named("party/1/needs/7", "Needs of person 2");
    assert_named("contacts/1/value", "Phone or e-mail 2");
    assert_named("location/lat", "Latitude");
    assert_named("case", "Case code");
    assert_named("party/0/shoe_size", "party/0/shoe_size");
    assert_named("", "");
    assert_named("//", "//");
    assert_named("a_member_name_that_is_so_long_that_with_its_prefix_it_would_not_fit_the_key_of_any_text_we_have",
                 "a_member_name_that_is_so_long_that_with_its_prefix_it_would_not_fit_the_key_of_any_text_we_have");
}

static void test_field_messages(void **state)
{
    (void)state;
    for (size_t l = 0; l < page_language_count(); l++) {
        for (unsigned fault = 0; fault < FIELD_FAULT_COUNT; fault++) {
            const struct field_error error = {.path = "case", .fault = (enum field_fault)fault, .limit = 4711};
            struct buffer out;
            buffer_init(&out, TEXT_MAX);
            page_field_message(&out, language_at(l), &error);
            bool limited = fault == FIELD_TOO_LONG || fault == FIELD_TOO_MANY;
            assert_int_equal(slice_find(buffer_slice(&out), SLICE("4711")) < out.length, limited);
            assert_int_equal(slice_index(buffer_slice(&out), '{'), out.length);
            buffer_release(&out);
        }
    }
}

static void test_problems_without_words(void **state)
{
    (void)state;
    const struct page_language *english = language_at(0);
    assert_true(slice_equal(page_problem_title(english, 418), page_problem_title(english, 400)));
    assert_true(slice_equal(page_problem_detail(english, 504), page_problem_detail(english, 500)));
    assert_true(slice_equal(page_problem_title(english, 412), SLICE("Someone else changed this case first")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code_has_words),
        cmocka_unit_test(test_every_number_has_words),
        cmocka_unit_test(test_keys_are_in_order),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_when),
        cmocka_unit_test(test_replies_are_short),
        cmocka_unit_test(test_a_reply_with_a_question_fits_two_segments),
        cmocka_unit_test(test_field_names),
        cmocka_unit_test(test_field_messages),
        cmocka_unit_test(test_problems_without_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
