/* SPDX-License-Identifier: Apache-2.0
 * Places as people type them on a form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "domain/country_clock.h"
#include "domain/country_map.h"
#include "domain/gazetteer_make.h"
#include "domain/place_match.h"

static const struct gazetteer *niger(void)
{
    return gazetteer_of_country(SLICE("NE"));
}

static struct place_match read(const char *typed)
{
    struct place_match match;
    place_match(slice_of(typed), niger(), &match);
    return match;
}

static void assert_town(const char *typed, const char *name)
{
    struct place_match match = read(typed);
    if (match.finding != PLACE_IS_KNOWN || match.count != 1 || strcmp(match.choices[0]->name, name) != 0) {
        fail_msg("%s is not %s but %d", typed, name, (int)match.finding);
    }
}

/* Doubtful, with that town among the choices. */
static void assert_asks(const char *typed, const char *name)
{
    struct place_match match = read(typed);
    bool found = false;
    for (size_t i = 0; i < match.count; i++) {
        found = found || strcmp(match.choices[i]->name, name) == 0;
    }
    if (match.finding != PLACE_IS_DOUBTFUL || !found) {
        fail_msg("%s: %s is not asked for (%d, %zu choices)", typed, name, (int)match.finding, match.count);
    }
}

static void test_towns(void **state)
{
    (void)state;
    assert_town("Dosso", "Dosso");
    assert_town("  DOSSO, Niger", "Dosso");
    assert_town("derri\xc3\xa8re le march\xc3\xa9 de T\xc3\xa9ra", "T\xc3\xa9ra");
    assert_town("Birni-N'Konni", "Birni N Konni");
    assert_town("Say", "Say");
    assert_town("\xd8\xa3\xd8\xba\xd8\xa7\xd8\xaf\xd9\x8a\xd8\xb2", "Agadez");
    assert_town("on the road to Dosso, from Niamey (Niamey)", "Niamey");
}

static void test_doubt(void **state)
{
    (void)state;
    assert_asks("Doso", "Dosso");
    assert_asks("Niamy", "Niamey");
    assert_asks("Zindre", "Zinder");
    assert_asks("near the mosque in Agadz", "Agadez");
    assert_asks("Birni", "Birni N Konni");
    assert_asks("Birni", "Birnin Gaour\xc3\xa9");
    assert_asks("between Dosso and Gaya", "Gaya");
    assert_int_equal(read("Zinder ou Diffa").count, 2);
    assert_int_equal(read("tilaberri").choices[0] != NULL, true);
}

static void test_words(void **state)
{
    static const char *const words[] = {
        "",   "at home", "the French school", "I will not say", "they say it is closed", "km 12", "(",
        "()", "x (y)",   "\xf0\x9f\x8f\xa0"};
    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (read(words[i]).finding != PLACE_IS_WORDS) {
            fail_msg("%s is read as a place", words[i]);
        }
    }
    struct place_match elsewhere;
    place_match(SLICE("Dosso"), gazetteer_of_country(SLICE("TD")), &elsewhere);
    assert_int_equal(elsewhere.finding, PLACE_IS_WORDS);
}

static void test_positions(void **state)
{
    struct location location = {.given = true, .place = SLICE("6FX4G4M6+2X, by the gate")};
    (void)state;
    assert_int_equal(read("7FG49QCJ+2V").finding, PLACE_IS_POSITION);
    struct place_match match = read("13.5127, 2.1128");
    assert_int_equal(match.finding, PLACE_IS_POSITION);
    assert_true(match.lat > 13.5126 && match.lat < 13.5128 && match.lon > 2.1127 && match.lon < 2.1129);
    place_match_position(&location, niger());
    assert_true(location.has_position && location.has_accuracy && location.accuracy_m < 20);

    struct location town = {.given = true, .place = SLICE("Dosso")};
    place_match_position(&town, niger());
    assert_true(town.has_position && town.lat > 13.04 && town.lat < 13.06 && town.accuracy_m > 4999);
    struct location kept = {.given = true, .place = SLICE("Dosso"), .has_position = true, .lat = 1, .lon = 2};
    place_match_position(&kept, niger());
    assert_true(kept.lat < 1.1 && !kept.has_accuracy);
    struct location doubt = {.given = true, .place = SLICE("Doso")};
    place_match_position(&doubt, niger());
    assert_false(doubt.has_position);
}

/* An operator may bring 20,000 names, and a person a text of many words, none of them known: guessing ends, whatever was typed. What it did not come to is
 * not found, which shows where it ended; fewer words, or names spelled as they are, are found among as many. */
static void test_guessing_is_bounded(void **state)
{
    enum { ROWS = 2000, NAMES = 9 };
    static struct gazetteer_row rows[ROWS];
    struct arena arena;
    (void)state;
    arena_init(&arena, 64 << 20);
    for (unsigned i = 0; i < ROWS; i++) { /* six letters that no word below is near to */
        rows[i] = (struct gazetteer_row){.kind = GAZETTEER_LANDMARK,
                                         .name = arena_printf(&arena, "qx%c%c%cq", 'a' + (int)(i / 26 / 26),
                                                              'a' + (int)(i / 26 % 26), 'a' + (int)(i % 26)),
                                         .other_count = NAMES,
                                         .lat = 13,
                                         .lon = 2};
        for (unsigned k = 0; k < NAMES; k++) {
            rows[i].others[k] = arena_printf(&arena, "z%cx%c%c%c", 'a' + (int)k, 'a' + (int)(i / 26 / 26),
                                             'a' + (int)(i / 26 % 26), 'a' + (int)(i % 26));
        }
    }
    const struct gazetteer *many = gazetteer_make(&arena, SLICE("NE"), rows, ROWS);
    assert_non_null(many);
    assert_true(gazetteer_count(many) > ROWS * (NAMES + 1));
    static const struct {
        const char *typed;
        enum place_finding finding;
    } said[] = {
        {"Niamy", PLACE_IS_DOUBTFUL},
        {"the town Niamy", PLACE_IS_DOUBTFUL},
        {"kitten bottom summer winter garden little yellow Niamy", PLACE_IS_WORDS},
        {"kitten bottom summer winter garden little yellow Niamey", PLACE_IS_KNOWN},
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct place_match match;
        place_match(slice_of(said[i].typed), many, &match);
        if (match.finding != said[i].finding) {
            fail_msg("%s: %d", said[i].typed, (int)match.finding);
        }
    }
    assert_asks("kitten bottom summer winter garden little yellow Niamy",
                "Niamey"); /* among a few hundred names all of it is guessed at */
    arena_release(&arena);
}

static void test_near(void **state)
{
    const struct gazetteer_place *near[PLACE_CHOICES_MAX];
    (void)state;
    size_t count = place_match_near(13.05, 3.2, 80, niger(), near);
    assert_in_range(count, 2, PLACE_CHOICES_MAX);
    assert_string_equal(near[0]->name, "Dosso");
    assert_string_not_equal(near[1]->name, "Dosso");
    for (size_t i = 1; i < count; i++) {
        assert_true(distance_m(13.05, 3.2, near[i - 1]->lat, near[i - 1]->lon) <=
                    distance_m(13.05, 3.2, near[i]->lat, near[i]->lon));
    }
    assert_int_equal(place_match_near(13.5, 8, 1000, niger(), near), PLACE_CHOICES_MAX);
    assert_int_equal(place_match_near(50, 3, 80, niger(), near), 0);
    assert_int_equal(place_match_near(13.05, 3.2, 80, gazetteer_of_country(SLICE("TD")), near), 0);
}

static void test_chosen(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 4096);
    assert_true(slice_equal(place_match_chosen(&arena, SLICE(" the market, Doso "), SLICE("Dosso"), niger()),
                            SLICE("the market, Doso (Dosso)")));
    assert_true(slice_equal(place_match_chosen(&arena, SLICE("Doso"), SLICE("Atlantis"), niger()), SLICE("Doso")));
    assert_true(slice_equal(place_match_chosen(&arena, SLICE("Doso"), SLICE(""), niger()), SLICE("Doso")));
    assert_true(slice_equal(place_match_chosen(&arena, SLICE(""), SLICE("tera"), niger()), SLICE("T\xc3\xa9ra")));
    assert_town("the market, Doso (Dosso)", "Dosso");
    arena_release(&arena);
}

static void test_clocks(void **state)
{
    int minutes = -1;
    (void)state;
    assert_true(country_clock_offset(SLICE("NE"), &minutes));
    assert_int_equal(minutes, 60);
    assert_true(country_clock_offset(SLICE("SD"), &minutes));
    assert_int_equal(minutes, 120);
    assert_true(country_clock_offset(SLICE("ML"), &minutes));
    assert_int_equal(minutes, 0);
    assert_false(country_clock_offset(SLICE("FR"), &minutes) || country_clock_offset(SLICE("ZZ"), &minutes) ||
                 country_clock_offset(SLICE(""), &minutes) || country_clock_offset(SLICE("NE TG"), &minutes));
}

static void test_map(void **state)
{
    const struct country_map *map = country_map_find(SLICE("NE"));
    double lat = 0;
    double lon = 0;
    (void)state;
    assert_non_null(map);
    assert_null(country_map_find(SLICE("FR")));
    assert_true(country_map_position(map, 41.8, 189.7, &lat, &lon)); /* where the picture shows Niamey */
    assert_true(distance_m(lat, lon, 13.5137, 2.1098) < 5000);
    assert_true(country_map_position(map, 133.3, 94.7, &lat, &lon)); /* Arlit */
    assert_true(distance_m(lat, lon, 18.7369, 7.3853) < 40000);
    assert_false(country_map_position(map, 0, 0, &lat, &lon) || country_map_position(map, 289, 5, &lat, &lon) ||
                 country_map_position(map, 5, -1, &lat, &lon));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_towns),     cmocka_unit_test(test_doubt),
        cmocka_unit_test(test_words),     cmocka_unit_test(test_guessing_is_bounded),
        cmocka_unit_test(test_positions), cmocka_unit_test(test_near),
        cmocka_unit_test(test_chosen),    cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
