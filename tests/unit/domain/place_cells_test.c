/* SPDX-License-Identifier: Apache-2.0
 * The cells of a place: its own, those that it touches, and none beyond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/place_cells.h"

static bool has(const struct place_cells *cells, double lat, double lon)
{
    char cell[CELL_SIZE + 1];
    cell_of(lat, lon, cell);
    for (size_t i = 0; i < cells->count; i++) {
        if (strcmp(cells->cells[i], cell) == 0) {
            return true;
        }
    }
    return false;
}

static void a_place_has_its_own_cell_and_what_it_touches(void **state)
{
    static const struct {
        enum gazetteer_kind kind;
        size_t least, most;
    } cases[] = {
        {GAZETTEER_TOWN, 6, 25}, {GAZETTEER_QUARTER, 1, 4}, {GAZETTEER_LANDMARK, 1, 4}, {GAZETTEER_CROSSING, 1, 9}};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (double lat = -60; lat <= 60; lat += 7.3) {
            struct place_cells cells = {.count = 0};
            double lon = 2.1098 + lat;
            place_cells_add(&cells, cases[i].kind, lat, lon);
            assert_true(has(&cells, lat, lon));
            assert_in_range(cells.count, cases[i].least, cases[i].most * (lat > 45 || lat < -45 ? 2 : 1));
            double reach = gazetteer_accuracy(cases[i].kind) / 111320.0; /* degrees */
            assert_true(has(&cells, lat + reach * 0.99, lon) && has(&cells, lat - reach * 0.99, lon));
            assert_false(has(&cells, lat + reach + 0.05, lon) || has(&cells, lat, lon - 3 * reach - 0.1));
        }
    }
}

static void the_same_twice_is_the_same(void **state)
{
    struct place_cells cells = {.count = 0};
    (void)state;
    place_cells_add(&cells, GAZETTEER_TOWN, 13.5137, 2.1098);
    size_t count = cells.count;
    place_cells_add(&cells, GAZETTEER_QUARTER, 13.5137, 2.1098);
    assert_int_equal(cells.count, count);
    for (int i = 0; i < 60; i++) {
        place_cells_add(&cells, GAZETTEER_TOWN, 13.5137 + i, 2.1098);
    }
    assert_int_equal(cells.count, PLACE_CELLS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_has_its_own_cell_and_what_it_touches),
        cmocka_unit_test(the_same_twice_is_the_same),
    };
    return cmocka_run_group_tests_name("domain/place_cells", tests, NULL, NULL);
}
