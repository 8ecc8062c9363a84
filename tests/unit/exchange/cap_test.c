/* SPDX-License-Identifier: Apache-2.0
 * Alerts: escaping, names, times, the tables, and the feed of several. Well-formedness is looked at in tests/integration. */
#include "exchange/cap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { OUT_MAX = 64 * 1024 };

static const struct cap_info infos[] = {
    {SLICE_INIT("en"), SLICE_INIT("Ordered departure"), SLICE_INIT("Niger"), SLICE_INIT("Leave if you can & may.")},
    {SLICE_INIT("fr"), SLICE_INIT("Départ ordonné"), SLICE_INIT("Niger"), SLICE_INIT("")},
};

static struct cap_alert alert_make(void)
{
    return (struct cap_alert){
        .sender = SLICE("muster.example"),
        .id = SLICE("ner-2023"),
        .sent_us = INT64_C(1690995845678000), /* 2023-08-02T17:04:05.678Z */
        .country = SLICE("NE"),
        .posture = POSTURE_ORDERED_DEPARTURE,
        .advisory_level = 4,
        .infos = infos,
        .info_count = 2,
    };
}

static size_t count_of(const struct buffer *out, const char *needle)
{
    size_t count = 0;
    struct slice rest = buffer_slice(out);
    for (size_t at = 0; (at = slice_find(rest, slice_of(needle))) < rest.length; count++) {
        rest = slice_sub(rest, at + strlen(needle), rest.length);
    }
    return count;
}

static void assert_written(const struct cap_alert *alert, const char *needle, size_t times)
{
    struct buffer out;
    buffer_init(&out, OUT_MAX);
    cap_write(&out, alert);
    assert_false(out.failed);
    if (count_of(&out, needle) != times) {
        fail_msg("not %zu times %s in:\n%.*s", times, needle, SLICE_ARGS(buffer_slice(&out)));
    }
    buffer_release(&out);
}

static void test_escaping(void **state)
{
    static const struct {
        struct slice text;
        const char *written;
    } rows[] = {
        {SLICE_INIT(""), ""},
        {SLICE_INIT("plain"), "plain"},
        {SLICE_INIT("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&apos;"},
        {SLICE_INIT("]]>"), "]]&gt;"},
        {SLICE_INIT("&amp;"), "&amp;amp;"},
        {SLICE_INIT("t\tn\nr\r"), "t\tn\nr&#13;"},
        {SLICE_INIT("\x01\x1b"), "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {SLICE_INIT("a\0b"), "a\xEF\xBF\xBD"
                             "b"},
        {SLICE_INIT("\xEF\xBF\xBE"), "\xEF\xBF\xBD"},                         /* U+FFFE is no character of XML */
        {SLICE_INIT("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* a surrogate */
        {SLICE_INIT("\xC3"), "\xEF\xBF\xBD"},
        {SLICE_INIT("Tillabéri \xF0\x9F\x98\x80"), "Tillabéri \xF0\x9F\x98\x80"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer out;
        buffer_init(&out, OUT_MAX);
        cap_escape(&out, rows[i].text);
        assert_false(out.failed);
        assert_int_equal(out.length, strlen(rows[i].written));
        assert_true(slice_equal(buffer_slice(&out), slice_of(rows[i].written)));
        buffer_release(&out);
    }
}

static void test_one_alert(void **state)
{
    static const char *const once[] = {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">",
        "<identifier>ner-2023.1690995845678000</identifier>",
        "<sender>muster.example</sender>",
        "<sent>2023-08-02T17:04:05-00:00</sent>",
        "<status>Actual</status>",
        "<msgType>Alert</msgType>",
        "<scope>Public</scope>",
        "<language>fr</language>",
        "<event>Départ ordonné</event>",
        "<headline>Niger: Ordered departure</headline>",
        "<description>Leave if you can &amp; may.</description>",
        "<description>", /* an empty one is left out */
    };
    static const char *const for_each_language[] = {
        "<info>",
        "<category>Safety</category>",
        "<areaDesc>Niger</areaDesc>",
        "<geocode><valueName>ISO 3166-1</valueName><value>NE</value></geocode>",
    };
    const struct cap_alert alert = alert_make();
    (void)state;
    for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
        assert_written(&alert, once[i], 1);
    }
    for (size_t i = 0; i < sizeof(for_each_language) / sizeof(for_each_language[0]); i++) {
        assert_written(&alert, for_each_language[i], 2);
    }
}

/* CAP 1.2 section 3.2.1. */
static void test_names(void **state)
{
    struct cap_alert alert = alert_make();
    (void)state;
    alert.sender = SLICE("a b,c<d&e\xC3\xA9");
    alert.id = SLICE("x y,<&>'\"");
    assert_written(&alert, "<sender>a_b_c_d_e__</sender>", 1);
    assert_written(&alert, "<identifier>x_y______.1690995845678000</identifier>", 1);
    alert.sender = SLICE("");
    assert_written(&alert, "<sender>localhost</sender>", 1);
}

static void test_meanings(void **state)
{
    static const struct {
        enum posture posture;
        unsigned level;
        bool evacuating;
        const char *written;
    } rows[] = {
        {POSTURE_NORMAL, 1, false,
         "<responseType>Monitor</responseType>\n<urgency>Future</urgency>\n<severity>Minor</severity>\n"
         "<certainty>Possible</certainty>"},
        {POSTURE_AUTHORIZED_DEPARTURE, 3, false,
         "<responseType>Avoid</responseType>\n<urgency>Expected</urgency>\n<severity>Severe</severity>\n"
         "<certainty>Likely</certainty>"},
        {POSTURE_ORDERED_DEPARTURE, 4, false,
         "<responseType>Avoid</responseType>\n<urgency>Immediate</urgency>\n<severity>Extreme</severity>\n"
         "<certainty>Observed</certainty>"},
        {POSTURE_SUSPENDED_OPERATIONS, 4, true,
         "<responseType>Evacuate</responseType>\n<urgency>Immediate</urgency>\n<severity>Extreme</severity>\n"
         "<certainty>Observed</certainty>"},
        {POSTURE_NORMAL, 9, false,
         "<responseType>Monitor</responseType>\n<urgency>Future</urgency>\n<severity>Unknown</severity>\n"
         "<certainty>Possible</certainty>"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cap_alert alert = alert_make();
        alert.posture = rows[i].posture;
        alert.advisory_level = rows[i].level;
        alert.evacuating = rows[i].evacuating;
        assert_written(&alert, rows[i].written, 2);
    }
}

static void test_feed(void **state)
{
    struct cap_alert alerts[] = {alert_make(), alert_make()};
    struct buffer out;
    (void)state;
    alerts[1].id = SLICE("nga-2023");
    alerts[1].sent_us += INT64_C(86400000000);
    buffer_init(&out, OUT_MAX);
    cap_write_feed(&out, SLICE("muster.example"), 0, alerts, 2);
    assert_false(out.failed);
    assert_int_equal(count_of(&out, "<?xml"), 1);
    assert_int_equal(count_of(&out, "<entry>"), 2);
    assert_int_equal(count_of(&out, "<content type=\"application/cap+xml\">\n<alert "), 2);
    assert_int_equal(count_of(&out, "</title>\n<updated>2023-08-03T17:04:05-00:00</updated>\n<author>"), 1);
    assert_int_equal(count_of(&out, "<id>https://muster.example/alerts.cap#nga-2023.1691082245678000</id>"), 1);
    buffer_clear(&out);
    cap_write_feed(&out, SLICE("muster.example"), 0, NULL, 0);
    assert_int_equal(count_of(&out, "<entry>"), 0);
    assert_int_equal(count_of(&out, "<updated>1970-01-01T00:00:00-00:00</updated>"), 1);
    buffer_release(&out);
}

static void test_no_room(void **state)
{
    const struct cap_alert alert = alert_make();
    (void)state;
    for (size_t maximum = 1; maximum < 1024; maximum += 61) {
        struct buffer out;
        buffer_init(&out, maximum);
        cap_write(&out, &alert);
        assert_true(out.failed && out.length <= maximum);
        buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaping), cmocka_unit_test(test_one_alert), cmocka_unit_test(test_names),
        cmocka_unit_test(test_meanings), cmocka_unit_test(test_feed),      cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
