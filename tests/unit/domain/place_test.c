/* SPDX-License-Identifier: Apache-2.0
 * Cells, distances, and what is wrong with a location. */
#include "domain/place.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Cells of known places, as geohash.org gives them. */
static void test_known_cells(void **state)
{
    static const struct {
        double lat;
        double lon;
        const char *cell;
    } known[] = {
        {57.64911, 10.40744, "u4pru"},
        {42.6, -5.6, "ezs42"},
        {48.8584, 2.2945, "u09tu"},
        {-25.382708, -49.265506, "6gkzw"},
        {0, 0, "s0000"},
        {90, 180, "zzzzz"},
        {-90, -180, "00000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        char cell[CELL_SIZE + 1];
        cell_of(known[i].lat, known[i].lon, cell);
        assert_string_equal(cell, known[i].cell);
    }
}

/* The middle of a cell lies in the cell, within half its sides of every point in it. */
static void test_cells_and_middles_agree(void **state)
{
    (void)state;
    for (int i = -179; i < 180; i += 3) {
        for (int j = -89; j < 90; j += 2) {
            char cell[CELL_SIZE + 1];
            char again[CELL_SIZE + 1];
            double lat = j + 0.37;
            double lon = i + 0.61;
            double middle_lat = 0;
            double middle_lon = 0;
            cell_of(lat, lon, cell);
            assert_true(cell_middle(slice_of(cell), &middle_lat, &middle_lon));
            cell_of(middle_lat, middle_lon, again);
            assert_string_equal(cell, again);
            assert_true(fabs(middle_lat - lat) <= 180.0 / 4096 / 2);
            assert_true(fabs(middle_lon - lon) <= 360.0 / 8192 / 2);
        }
    }
}

static void test_odd_cells(void **state)
{
    static const char *const odd[] = {"", "u4pr", "u4pruy", "u4pra", "u4pri", "u4prl", "u4pro", "U4PRU", "u4pr "};
    double lat = 0;
    double lon = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        assert_false(cell_middle(slice_of(odd[i]), &lat, &lon));
    }
}

static void test_distances(void **state)
{
    (void)state;
    assert_true(fabs(distance_m(13.5137, 2.1098, 13.5137, 2.1098)) < 1e-6);
    assert_true(fabs(distance_m(0, 0, 0, 180) - 3.14159265358979 * 6371008.8) < 1); /* antipodes */
    assert_true(fabs(distance_m(90, 0, -90, 77) - 3.14159265358979 * 6371008.8) < 1);
    assert_true(fabs(distance_m(0, 0, 1, 0) - 111195.08) < 1);
    double there = distance_m(13.5137, 2.1098, 16.9733, 7.9911); /* Niamey to Agadez */
    assert_true(there > 730000 && there < 745000);
    assert_true(fabs(there - distance_m(16.9733, 7.9911, 13.5137, 2.1098)) < 1e-6);
}

static struct location at(double lat, double lon)
{
    return (struct location){.given = true, .has_position = true, .lat = lat, .lon = lon};
}

static void test_validation(void **state)
{
    static char long_text[PLACE_TEXT_MAX + 2];
    static const struct {
        double lat;
        double lon;
        const char *fault; /* NULL: none */
    } positions[] = {
        {13.5, 2.1, NULL},
        {90, 180, NULL},
        {-90, -180, NULL},
        {0, 2, NULL},
        {2, 0, NULL},
        {90.001, 2, "where/lat"},
        {-90.001, 2, "where/lat"},
        {13, 180.001, "where/lon"},
        {13, -180.001, "where/lon"},
        {0, 0, "where/lat"},
        {(double)NAN, 2, "where/lat"},
        {2, (double)NAN, "where/lon"},
        {(double)INFINITY, 2, "where/lat"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++) {
        struct field_errors errors = {.count = 0};
        struct location location = at(positions[i].lat, positions[i].lon);
        location_validate(&location, "where", &errors);
        assert_int_equal(errors.count, positions[i].fault != NULL ? 1 : 0);
        assert_true(positions[i].fault == NULL || field_error_find(&errors, positions[i].fault) != NULL);
    }
    memset(long_text, 'x', sizeof(long_text) - 1);
    struct field_errors errors = {.count = 0};
    struct location location = at(13, 2);
    location.has_accuracy = true;
    location.accuracy_m = -1;
    location.place = slice_of(long_text);
    location.admin1 = SLICE("a\x01");
    location_validate(&location, "location", &errors);
    assert_int_equal(errors.count, 3);
    assert_int_equal(field_error_find(&errors, "location/accuracy_m")->fault, FIELD_OUT_OF_RANGE);
    assert_int_equal(field_error_find(&errors, "location/place")->fault, FIELD_TOO_LONG);
    assert_int_equal(field_error_find(&errors, "location/place")->limit, PLACE_TEXT_MAX);
    assert_int_equal(field_error_find(&errors, "location/admin1")->fault, FIELD_NOT_TEXT);
    location.given = false;
    errors.count = 0;
    location_validate(&location, "location", &errors);
    assert_int_equal(errors.count, 0);
}

/* As Niemeyer wrote it down: each bit halves the range of longitude, then of latitude. */
static void halve(double lat, double lon, char cell[CELL_SIZE + 1])
{
    static const char symbols[] = "0123456789bcdefghjkmnpqrstuvwxyz";
    double low[2] = {-180, -90};
    double high[2] = {180, 90};
    const double values[2] = {lon, lat};
    for (unsigned i = 0; i < CELL_SIZE; i++) {
        unsigned symbol = 0;
        for (unsigned bit = 0; bit < 5; bit++) {
            unsigned axis = (i * 5 + bit) % 2;
            double middle = (low[axis] + high[axis]) / 2;
            bool upper = values[axis] >= middle;
            symbol = symbol * 2 + (upper ? 1U : 0U);
            *(upper ? &low[axis] : &high[axis]) = middle;
        }
        cell[i] = symbols[symbol];
    }
    cell[CELL_SIZE] = '\0';
}

/* On the edges of cells, a double beside them, and at the ends of the earth. */
static void test_cells_are_halved(void **state)
{
    (void)state;
    for (int step = 0; step <= 8192; step++) {
        double edge = step * 360.0 / 8192;
        const double lons[] = {edge - 180, nextafter(edge - 180, -200), nextafter(edge - 180, 200)};
        for (size_t i = 0; i < 3; i++) {
            char cell[CELL_SIZE + 1];
            char expected[CELL_SIZE + 1];
            double lat = lons[(i + 1) % 3] / 2;
            cell_of(lat, lons[i], cell);
            halve(lat, lons[i], expected);
            assert_string_equal(cell, expected);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_halved),
        cmocka_unit_test(test_known_cells),
        cmocka_unit_test(test_cells_and_middles_agree),
        cmocka_unit_test(test_odd_cells),
        cmocka_unit_test(test_distances),
        cmocka_unit_test(test_validation),
    };
    return cmocka_run_group_tests_name("domain/place", tests, NULL, NULL);
}
