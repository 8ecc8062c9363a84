/* SPDX-License-Identifier: Apache-2.0
 * Quarters, landmarks and crossings beside towns: as people type them on a form, and in a text. */
#include "domain/gazetteer_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "domain/place_match.h"
#include "domain/sms.h"

#define NAMES(...)                                                                                                     \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

static const struct gazetteer_row rows[] = {
    {GAZETTEER_QUARTER, SLICE_INIT("Plateau"), SLICE_INIT("niamey"), NAMES(SLICE_INIT("Plato")), 1, 13.525, 2.098,
     true},
    {GAZETTEER_QUARTER, SLICE_INIT("Plateau"), SLICE_INIT("Zinder"), NAMES(SLICE_INIT("Plato")), 1, 13.81, 8.99, true},
    {GAZETTEER_QUARTER, SLICE_INIT("Yantala"), SLICE_INIT("Niamey"),
     NAMES(SLICE_INIT("Yantala Bas"), SLICE_INIT("\xd9\x8a\xd8\xa7\xd9\x86\xd8\xaa\xd8\xa7\xd9\x84\xd8\xa7")), 2,
     13.537, 2.083, false},
    {GAZETTEER_QUARTER, SLICE_INIT("A\xc3\xa9roport"), SLICE_INIT("Niamey"), NAMES(SLICE_INIT("")), 1, 13.469, 2.183,
     true},
    {GAZETTEER_LANDMARK, SLICE_INIT("Diori Hamani Airport"), SLICE_INIT("Niamey"),
     NAMES(SLICE_INIT("A\xc3\xa9roport"), SLICE_INIT("Filin jirgi")), 2, 13.4815, 2.1836, true},
    {GAZETTEER_LANDMARK, SLICE_INIT("Kennedy Bridge"), SLICE_INIT("Niamey"), NAMES(SLICE_INIT("Pont Kennedy")), 1,
     13.504, 2.104, false},
    {GAZETTEER_LANDMARK, SLICE_INIT("Safe"), SLICE_INIT("Niamey"), NAMES(SLICE_INIT("")), 0, 13.504, 2.104, false},
    {GAZETTEER_LANDMARK, SLICE_INIT("Blessed Help Centre"), SLICE_INIT("Niamey"), NAMES(SLICE_INIT("")), 0, 13.5, 2.1,
     false},
    {GAZETTEER_LANDMARK, SLICE_INIT("Hellp"), SLICE_INIT("Niamey"), NAMES(SLICE_INIT("Aidezz")), 1, 13.51, 2.11, true},
    {GAZETTEER_LANDMARK, SLICE_INIT("Pont Blesze"), SLICE_INIT("Niamey"),
     NAMES(SLICE_INIT("Taimakoo"), SLICE_INIT("Gaakasinai"), SLICE_INIT("Au Secourss"),
           SLICE_INIT("\xd9\x85\xd8\xb3\xd8\xa7\xd8\xb9\xd8\xaf\xd9\x87\xd9\x87")),
     4, 13.52, 2.12, false},
    {GAZETTEER_QUARTER, SLICE_INIT("Terminous"), SLICE_INIT("Niamey"), NAMES(SLICE_INIT("")), 0, 13.509, 2.107, false},
    {GAZETTEER_QUARTER, SLICE_INIT("Birni"), SLICE_INIT("Zinder"), NAMES(SLICE_INIT("")), 0, 13.797, 8.985, true},
    {GAZETTEER_CROSSING, SLICE_INIT("Assamaka - In Guezzam (Algeria)"), SLICE_INIT(""), NAMES(SLICE_INIT("Assamaka")),
     1, 19.35, 5.77, false},
    {GAZETTEER_TOWN, SLICE_INIT("Birni N'Konni"), SLICE_INIT(""), NAMES(SLICE_INIT("Konniville")), 1, 13.79, 5.26,
     false},
    {GAZETTEER_TOWN, SLICE_INIT("Makalondi"), SLICE_INIT(""), NAMES(SLICE_INIT("")), 0, 12.82, 1.69, false},
};

static struct arena arena;
static const struct gazetteer *gazetteer;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    gazetteer = gazetteer_make(&arena, SLICE("NE"), rows, sizeof(rows) / sizeof(rows[0]));
    return gazetteer != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* The choices as "a|b", with "=" in front when it needs no question. */
static void assert_form(const char *typed, const char *wanted)
{
    struct place_match match;
    char seen[512] = "";
    place_match(slice_of(typed), gazetteer, &match);
    (void)snprintf(seen, sizeof(seen), "%s", match.finding == PLACE_IS_KNOWN ? "=" : "");
    for (size_t i = 0; i < match.count; i++) {
        size_t length = strlen(seen);
        (void)snprintf(seen + length, sizeof(seen) - length, "%s%s", i > 0 ? "|" : "", match.choices[i]->name);
    }
    if (strcmp(seen, wanted) != 0) {
        fail_msg("%s: %s, not %s", typed, seen, wanted);
    }
}

static void test_forms(void **state)
{
    (void)state;
    assert_form("yantala", "=Yantala, Niamey");
    assert_form("YANTALA BAS, behind the school", "=Yantala, Niamey");
    assert_form("\xd9\x8a\xd8\xa7\xd9\x86\xd8\xaa\xd8\xa7\xd9\x84\xd8\xa7", "=Yantala, Niamey");
    assert_form("Niamey, Yantala", "=Yantala, Niamey");
    assert_form("pont kennedy", "=Kennedy Bridge, Niamey");
    assert_form("le pont Kennedy \xc3\xa0 Niamey", "=Kennedy Bridge, Niamey");
    assert_form("assamaka", "=Assamaka - In Guezzam (Algeria)");
    assert_form("Makalondi", "=Makalondi");
    assert_form("konniville", "=Birni N'Konni");
    assert_form("Konni", "=Birni N'Konni");
}

static void test_several_of_a_name_are_asked_after(void **state)
{
    (void)state;
    assert_form("Plato", "Plateau, Niamey|Plateau, Zinder");
    assert_form("Plateau, Zinder", "=Plateau, Zinder");
    assert_form("plato niamey", "=Plateau, Niamey");
    assert_form("the house (Plateau, Zinder)", "=Plateau, Zinder");
    assert_form("the house (Plateau)", "Plateau, Niamey|Plateau, Zinder");
    assert_form("Makalondi (Assamaka - In Guezzam (Algeria))", "=Assamaka - In Guezzam (Algeria)");
    assert_form("yentala", "Yantala, Niamey");
    assert_form("Birni", "Birni, Zinder|Birnin Gaour\xc3\xa9|Birni N'Konni");
}

static void test_ordinary_words_are_asked_after(void **state)
{
    (void)state;
    assert_form("filin jirgi", "Diori Hamani Airport, Niamey");
    assert_form("filin jirgi, Niamey", "=Diori Hamani Airport, Niamey");
    assert_form("a\xc3\xa9roport", "A\xc3\xa9roport, Niamey|Diori Hamani Airport, Niamey");
    assert_form("l'a\xc3\xa9roport de Zinder", "A\xc3\xa9roport, Niamey|Diori Hamani Airport, Niamey|Zinder");
}

static void test_what_is_chosen_is_found_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < gazetteer_count(gazetteer); i++) {
        struct slice name = slice_of(gazetteer_at(gazetteer, i)->name);
        struct slice chosen = place_match_chosen(&arena, SLICE("the third house"), name, gazetteer);
        char *text = arena_strdup(&arena, chosen);
        char *wanted = arena_strdup(&arena, arena_printf(&arena, "=%.*s", SLICE_ARGS(name)));
        assert_non_null(wanted);
        assert_form(text, wanted);
    }
}

static void test_near_are_towns_and_crossings(void **state)
{
    const struct gazetteer_place *near[PLACE_CHOICES_MAX];
    (void)state;
    size_t count = place_match_near(13.53, 2.09, 60, gazetteer, near);
    assert_in_range(count, 1, PLACE_CHOICES_MAX);
    assert_string_equal(near[0]->name, "Niamey");
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(near[i]->within, "");
    }
    assert_int_equal(place_match_near(19.35, 5.77, 5, gazetteer, near), 1);
}

static struct sms_reading text(const char *words)
{
    struct sms_reading reading;
    sms_read_in(slice_of(words), gazetteer, &reading);
    return reading;
}

static void assert_text(const char *words, const char *place, double lat, double lon)
{
    struct sms_reading reading = text(words);
    struct location *at = &reading.location;
    bool near = lat == 0 ? !at->has_position : at->has_position && distance_m(at->lat, at->lon, lat, lon) < 100;
    if (!near || !slice_equal(at->place, slice_of(place))) {
        fail_msg("%s: %.*s %.3f %.3f", words, SLICE_ARGS(at->place), at->lat, at->lon);
    }
}

static void test_texts(void **state)
{
    (void)state;
    assert_text("we are safe in Yantala", "Yantala", 13.537, 2.083);
    assert_text("safe. yantala bas", "yantala bas", 13.537, 2.083);
    assert_text("SAFE at Pont Kennedy Niamey", "Pont Kennedy Niamey", 13.504, 2.104);
    assert_text("safe in Niamey, near Pont Kennedy", "Pont Kennedy", 13.504, 2.104);
    assert_text("safe in Plateau, Zinder", "Plateau, Zinder", 13.81, 8.99);
    assert_text("safe in Plateau", "Plateau", 0, 0);
    assert_text("help at Assamaka", "Assamaka", 19.35, 5.77);
    assert_text("safe in Dosso", "Dosso", 13.049, 3.1937);
    struct sms_reading reading = text("safe in yantala");
    assert_true(reading.has_status && reading.status == STATUS_SAFE && !reading.left_over);
    assert_true(reading.location.accuracy_m < GAZETTEER_ACCURACY_M);
}

/* Whatever an operator names a place, a text says what it said. */
static void test_a_name_hides_no_word(void **state)
{
    (void)state;
    struct sms_reading reading = text("we are safe");
    assert_true(reading.has_status && reading.status == STATUS_SAFE && !reading.location.given);
    reading = text("we are not safe in Safe");
    assert_true(reading.has_status && reading.status != STATUS_SAFE);
    reading = text("Blessed help centre");
    assert_true(reading.location.has_position && reading.has_status && reading.status == STATUS_NEED_HELP);
}

/* One letter off a cry, in each of the citizens' languages: somebody may call so, wherever else a place has that name. */
static void test_a_name_hides_no_cry_that_is_typed_badly(void **state)
{
    static const struct {
        const char *text;
        enum check_in_status status;
    } cries[] = {
        {"Hellp", STATUS_NEED_HELP},
        {"hellp at Yantala", STATUS_NEED_HELP},
        {"Aidezz", STATUS_NEED_HELP},
        {"je suis blesze", STATUS_INJURED},
        {"taimakoo", STATUS_NEED_HELP},
        {"gaakasinai", STATUS_NEED_HELP},
        {"\xd9\x85\xd8\xb3\xd8\xa7\xd8\xb9\xd8\xaf\xd9\x87\xd9\x87", STATUS_NEED_HELP},
        {"safe, no: hellp", STATUS_NEED_HELP},
        {"we are safe in Hellp", STATUS_NEED_HELP}, /* in doubt it is help */
        {"need help, my son is blesze", STATUS_INJURED},
        {"hellp STOP", STATUS_NEED_HELP},
        {"au secourss", STATUS_NEED_HELP}, /* all of a name, and all of a cry */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cries) / sizeof(cries[0]); i++) {
        struct sms_reading reading = text(cries[i].text);
        if (!reading.has_status || reading.status != cries[i].status || reading.certainty != SMS_GUESSED ||
            reading.stop) {
            fail_msg("%s: %d", cries[i].text, reading.has_status ? (int)reading.status : -1);
        }
    }
    assert_text("Hellp", "Hellp", 0, 0);
    assert_text("hellp at Yantala", "Yantala", 13.537, 2.083);
    assert_text("hellp pont blesze", "pont blesze", 13.52, 2.12); /* where it is stays what the name says */
    struct sms_reading reading = text("safe, pont blesze");       /* a whole name with a word of its own is that name */
    assert_true(reading.has_status && reading.status == STATUS_SAFE && reading.certainty == SMS_SURE);
    reading = text("we are safe in Terminous"); /* nobody's cry: a wish beside "safe" */
    assert_true(reading.has_status && reading.status == STATUS_SAFE && reading.certainty == SMS_SURE);
    assert_text("we are safe in Terminous", "Terminous", 13.509, 2.107);
    reading = text("safe in Magaria"); /* that is shipped, and was read against the words */
    assert_true(reading.has_status && reading.status == STATUS_SAFE && reading.certainty == SMS_SURE);
}

static void test_kinds(void **state)
{
    enum gazetteer_kind kind = GAZETTEER_TOWN;
    (void)state;
    assert_true(gazetteer_kind_read(SLICE("Crossing"), &kind) && kind == GAZETTEER_CROSSING);
    assert_false(gazetteer_kind_read(SLICE("region"), &kind) || gazetteer_kind_read(SLICE(""), &kind));
    assert_true(gazetteer_has_word(gazetteer, SLICE("kennedy")) && !gazetteer_has_word(gazetteer, SLICE("kenned")));
}

static void test_no_memory(void **state)
{
    struct arena small;
    (void)state;
    arena_init(&small, 1024);
    assert_null(gazetteer_make(&small, SLICE("NE"), rows, sizeof(rows) / sizeof(rows[0])));
    arena_release(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_several_of_a_name_are_asked_after),
        cmocka_unit_test(test_ordinary_words_are_asked_after),
        cmocka_unit_test(test_what_is_chosen_is_found_again),
        cmocka_unit_test(test_near_are_towns_and_crossings),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_a_name_hides_no_word),
        cmocka_unit_test(test_a_name_hides_no_cry_that_is_typed_badly),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
