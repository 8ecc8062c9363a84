/* SPDX-License-Identifier: Apache-2.0
 * Which assembly point is nearest, which way it is, and its plus code (vectors: Open Location Code's own encoding tests). */
#include "domain/assembly.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/country_outline.h"
#include "domain/zone.h"

#define NIGER SLICE("NE")

static void test_the_nearest_of_ones_own_crisis(void **state)
{
    static const struct assembly_point points[] = {
        {SLICE_INIT("ner-2023"), SLICE_INIT("Niamey"), 13.5137, 2.1098},
        {SLICE_INIT("ner-2023"), SLICE_INIT("Dosso"), 13.0490, 3.1937},
        {SLICE_INIT("sdn-2023"), SLICE_INIT("elsewhere"), 13.3, 2.6},
    };
    struct assembly_way way;
    (void)state;
    assert_true(assembly_nearest(points, 3, SLICE("ner-2023"), NIGER, 13.3, 2.6, &way));
    assert_string_equal(way.to->name.data, "Niamey");
    assert_int_equal(way.bearing, BEARING_NW);
    assert_true(way.distance_m > 57000 && way.distance_m < 59500);
    assert_false(assembly_nearest(points, 3, SLICE("ner-2023"), NIGER, 6.37, 2.39,
                                  &way)); /* Cotonou: who has left is not sent back */
    assert_false(assembly_nearest(points, 3, SLICE("tcd-2024"), NIGER, 13.3, 2.6, &way));
    assert_false(assembly_nearest(points, 0, SLICE("ner-2023"), NIGER, 13.3, 2.6, &way));
}

static void test_each_eighth_of_the_horizon(void **state)
{
    static const struct {
        double lat, lon;
        enum bearing way;
    } table[] = {
        {1, 0, BEARING_N},   {1, 1, BEARING_NE},   {0, 1, BEARING_E},   {-1, 1, BEARING_SE},
        {-1, 0, BEARING_S},  {-1, -1, BEARING_SW}, {0, -1, BEARING_W},  {1, -1, BEARING_NW},
        {1, 0.4, BEARING_N}, {1, -0.4, BEARING_N}, {0.4, 1, BEARING_E}, {1, 0.5, BEARING_NE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(assembly_bearing(0, 0, table[i].lat, table[i].lon), table[i].way);
    }
    assert_int_equal(assembly_bearing(13.5, 2.1, 13.5, 2.1), BEARING_N); /* here: any */
}

static void test_plus_codes(void **state)
{
    static const struct {
        double lat, lon;
        const char *code;
    } table[] = {
        {47.365590, 8.524997, "8FVC9G8F+6X"},
        {20.3701125, 2.782234375, "7FG49QCJ+2V"},
        {-41.2730625, 174.7859375, "4VCPPQGP+Q9"},
        {90, 1, "CFX3X2X2+X2"},
        {1, 180, "62H22222+22"},
    };
    char code[PLUS_CODE_SIZE + 1];
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assembly_plus_code(table[i].lat, table[i].lon, code);
        assert_string_equal(code, table[i].code);
    }
    assembly_plus_code(1, 180, code);
    assert_string_equal(code, "62H22222+22");
    assembly_plus_code(1, -180, code);
    assert_string_equal(code, "62H22222+22");
}

static void test_in_the_country(void **state)
{
    (void)state;
    assert_true(country_outline_holds(NIGER, 13.51, 2.11));   /* Niamey */
    assert_true(country_outline_holds(NIGER, 21.0, 12.3));    /* Djado */
    assert_false(country_outline_holds(NIGER, 12.11, 15.05)); /* N'Djamena */
    assert_false(country_outline_holds(NIGER, 13.06, 5.24));  /* Sokoto */
    assert_true(country_outline_holds(SLICE("XX"), 0, 0));
}

static void test_the_middle(void **state)
{
    struct zone_area circle = {.count = 1, .points = {{2.1, 13.5}}, .radius_m = 500};
    struct zone_area square = {.count = 4, .points = {{0, 0}, {2, 0}, {2, 2}, {0, 2}}};
    struct zone_area bow = {.count = 6, .points = {{0, 0}, {4, 0}, {4, 4}, {3.9, 4}, {3.9, 0.1}, {0, 0.1}}};
    struct zone_point middle = zone_area_middle(&circle);
    (void)state;
    assert_true(middle.lat == 13.5 && middle.lon == 2.1);
    middle = zone_area_middle(&square);
    assert_true(middle.lat == 1 && middle.lon == 1);
    middle = zone_area_middle(&bow); /* its middle is not in it */
    assert_true(middle.lat == 0 && middle.lon == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_nearest_of_ones_own_crisis),
        cmocka_unit_test(test_each_eighth_of_the_horizon),
        cmocka_unit_test(test_plus_codes),
        cmocka_unit_test(test_in_the_country),
        cmocka_unit_test(test_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
