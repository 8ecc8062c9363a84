/* SPDX-License-Identifier: Apache-2.0
 * What goes into an answer and comes out of a field: templates, times and character sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/clock.h"
#include "core/utf8.h"
#include "gateway/answer.h"
#include "gateway/charset.h"
#include "gateway/time.h"

enum { ARENA_MAX = 1 << 20 };

static void test_answers(void **state)
{
    static const struct {
        const char *kind, *reply, *content;
    } answers[] = {
        {"kannel", "", ""},
        {"kannel", "Merci {from} & <b>", "Merci {from} & <b>"},
        {"jasmin", "Merci", "ACK/Jasmin"},
        {"twilio", "", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>"},
        {"twilio", "a & b < {text}",
         "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Message>a &amp; b &lt; {text}</Message></Response>"},
        {"smssync", "", "{\"payload\":{\"success\":true,\"error\":null}}"},
        {"smssync", "say \"1\"",
         "{\"payload\":{\"success\":true,\"error\":null,\"task\":\"send\",\"messages\":[{\"to\":\"+22790123456\","
         "\"message\":\"say \\\"1\\\"\"}]}}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct arena arena;
        arena_init(&arena, ARENA_MAX);
        struct slice content = gateway_answer(gateway_kind_find(slice_of(answers[i].kind)), slice_of(answers[i].reply),
                                              SLICE("+22790123456"), &arena);
        assert_true(slice_equal(content, slice_of(answers[i].content)));
        arena_release(&arena);
    }
}

static void test_times(void **state)
{
    static const struct {
        const char *text, *time;
    } times[] = {
        {"0", "1970-01-01T00:00:00.000Z"},
        {"1719045971", "2024-06-22T08:46:11.000Z"},
        {"1719045971000", "2024-06-22T08:46:11.000Z"},
        {"99999999999", "5138-11-16T09:46:39.000Z"},
        {"100000000000", "1973-03-03T09:46:40.000Z"},
        {"2016-08-14 10:13:54", "2016-08-14T10:13:54.000Z"},
        {" 2016-08-14T10:13:54 ", "2016-08-14T10:13:54.000Z"},
        {"2016-10-06T09:28:39.220+0000", "2016-10-06T09:28:39.220Z"},
        {"2016-10-06T09:28:39-0730", "2016-10-06T16:58:39.000Z"},
        {"2016-10-06T09:28:39-07:30", "2016-10-06T16:58:39.000Z"},
        {"2016-10-06T09:28:39Z", "2016-10-06T09:28:39.000Z"},
    };
    static const char *const none[] = {"",
                                       "yesterday",
                                       "2016-10-06",
                                       "2016-13-06T09:28:39Z",
                                       "2016-10-06T09:28:39+00000",
                                       "-1",
                                       "999999999999999",
                                       "Jan 1, 2015 1:02:03 PM"};
    int64_t at = 0;
    char text[TIME_TEXT_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        assert_true(gateway_time_parse(slice_of(times[i].text), &at));
        assert_true(slice_equal(time_format(at, text), slice_of(times[i].time)));
    }
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        assert_false(gateway_time_parse(slice_of(none[i]), &at));
    }
}

static void test_character_sets(void **state)
{
    static const struct {
        bool ucs2;
        struct slice charset, raw;
        const char *text;
    } sets[] = {
        {false, SLICE_INIT("UTF-8"), SLICE_INIT("bless\xc3\xa9"), "bless\xc3\xa9"},
        {true, SLICE_INIT("UTF-16BE"), SLICE_INIT("\x02W\0A"), "\xc9\x97\x41"},
        {true, SLICE_INIT(""), SLICE_INIT("\0O\0K"), "OK"},
        {true, SLICE_INIT(""), SLICE_INIT("\xd8\x3d\xde\x00"), "\xf0\x9f\x98\x80"},
        {true, SLICE_INIT(""), SLICE_INIT("\xd8\x3d\0A"), "\xef\xbf\xbd\x41"},
        {true, SLICE_INIT(""), SLICE_INIT("\0A\0"), "A\xef\xbf\xbd"},
        {false, SLICE_INIT("8-BIT"), SLICE_INIT("\xe9"), "\xc3\xa9"},
        {false, SLICE_INIT("UTF-8"), SLICE_INIT("a\xff\x01z"), "a\xef\xbf\xbd z"},
        {false, SLICE_INIT(""), SLICE_INIT(""), ""},
        {false, SLICE_INIT(""), SLICE_INIT("bless\xe9"), "bless\xc3\xa9"},
        {false, SLICE_INIT("KOI8-R"), SLICE_INIT("caf\xe9 \x80 \x93x\x94"),
         "caf\xc3\xa9 \xe2\x82\xac \xe2\x80\x9cx\xe2\x80\x9d"},
        {false, SLICE_INIT("KOI8-R"), SLICE_INIT("caf\xc3\xa9"), "caf\xc3\xa9"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        struct arena arena;
        struct slice text;
        arena_init(&arena, ARENA_MAX);
        assert_true(charset_decode(&arena, sets[i].charset, sets[i].ucs2, sets[i].raw, &text));
        assert_true(utf8_is_text(text));
        assert_true(slice_equal(text, slice_of(sets[i].text)));
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_character_sets),
    };
    return cmocka_run_group_tests_name("gateway text", tests, NULL, NULL);
}
