/* SPDX-License-Identifier: Apache-2.0
 * What a lead draws: what may be, what is inside, and that no point of it is outside the cells it is made into. */
#include "domain/zone.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/json_read.h"
#include "domain/triage.h"
#include "domain/zone_cells.h"

static struct arena arena;
static struct zone zone;
static struct field_errors errors;
static struct zone_cover cover;

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static double between(uint64_t *seed, double low, double high)
{
    return low + (high - low) * (double)(next_random(seed) % 1000001) / 1000000.0;
}

static void decode(const char *json)
{
    arena_release(&arena);
    arena_init(&arena, 1 << 20);
    errors = (struct field_errors){.count = 0};
    const struct tree *tree = json_read(&arena, slice_of(json));
    assert_non_null(tree);
    zone_decode(&arena, tree, &zone, &errors);
}

static void decode_shape(const char *geometry, const char *more)
{
    char json[4096];
    int length = snprintf(json, sizeof(json),
                          "{\"type\": \"Feature\", \"geometry\": %s, \"properties\": "
                          "{\"crisis\": \"ner-2023\", \"kind\": \"danger\", \"name\": \"Market\"%s}}",
                          geometry, more);
    assert_true(length > 0 && (size_t)length < sizeof(json));
    decode(json);
}

static void decode_ring(const char *ring)
{
    char geometry[2048];
    (void)snprintf(geometry, sizeof(geometry), "{\"type\": \"Polygon\", \"coordinates\": [%s]}", ring);
    decode_shape(geometry, "");
}

static void test_what_may_be(void **state)
{
    (void)state;
    decode_ring("[[2, 13], [2.5, 13], [2.5, 13.5], [2, 13.5, 210], [2, 13]]");
    assert_int_equal(errors.count, 0);
    assert_int_equal(zone.area.count, 4);
    assert_int_equal(zone.kind, ZONE_DANGER);
    assert_true(zone_area_contains(&zone.area, 13.2, 2.2) && !zone_area_contains(&zone.area, 13.6, 2.2));
    decode_shape("{\"type\": \"Point\", \"coordinates\": [2.1, 13.5]}",
                 ", \"radius_m\": 5000, \"valid_from\": \"2023-08-02T10:00:00Z\", \"valid_until\": "
                 "\"2023-08-03T10:00:00Z\"");
    assert_int_equal(errors.count, 0);
    assert_true(zone.until_us > zone.from_us && zone.from_us > 0);
    assert_true(zone_area_contains(&zone.area, 13.54, 2.1) && !zone_area_contains(&zone.area, 13.55, 2.1));
}

static void assert_fault(const char *path, enum field_fault fault)
{
    const struct field_error *found = field_error_find(&errors, path);
    assert_non_null(found);
    assert_int_equal(found->fault, fault);
}

static void test_rings_that_may_not_be(void **state)
{
    static const struct {
        const char *ring;
        enum field_fault fault;
    } wrong[] = {
        {"[[2, 13], [2.5, 13], [2.5, 13.5], [2, 13.5]]", FIELD_ZONE_NOT_CLOSED},
        {"[[2, 13], [2.5, 13], [2, 13]]", FIELD_ZONE_NOT_CLOSED},
        {"[]", FIELD_ZONE_NOT_CLOSED},
        {"[[2, 13], [2.5, 13.5], [2.5, 13], [2, 13.5], [2, 13]]", FIELD_ZONE_CROSSES_ITSELF}, /* an hour-glass */
        {"[[2, 13], [3, 13], [2.5, 13], [2.5, 14], [2, 13]]", FIELD_ZONE_CROSSES_ITSELF},     /* back on itself */
        {"[[2, 13], [2, 13], [3, 13], [3, 14], [2, 13]]", FIELD_ZONE_CROSSES_ITSELF},         /* a point twice */
        {"[[2, 13], [3, 13], [4, 13], [2, 13]]", FIELD_ZONE_CROSSES_ITSELF},                  /* of no width */
        {"[[2, 13], [4, 13], [4, 15], [3, 13], [2, 15], [2, 13]]",
         FIELD_ZONE_CROSSES_ITSELF}, /* touches its own side */
        {"[[179, 13], [-179, 13], [-179, 14], [179, 14], [179, 13]]", FIELD_ZONE_DATE_LINE},
        {"[[179, 13], [181, 13], [181, 14], [179, 14], [179, 13]]", FIELD_ZONE_DATE_LINE},
        {"[[2, 13], [3, 13], [3, 91], [2, 13]]", FIELD_OUT_OF_RANGE},
        {"[[2, 13], [3, 13], [9000, 14], [2, 13]]", FIELD_OUT_OF_RANGE},
        {"[[2, 13], [3], [3, 14], [2, 13]]", FIELD_NOT_A_NUMBER},
        {"[[2, 13], [3, \"13\"], [3, 14], [2, 13]]", FIELD_NOT_A_NUMBER},
        {"[[2, 13], 3, [3, 14], [2, 13]]", FIELD_NOT_A_NUMBER},
        {"[[-10, 0], [20, 0], [20, 30], [-10, 30], [-10, 0.001], [-10, 0]]", FIELD_ZONE_TOO_LARGE},
        {"[[-10, 0], [20, 0.3], [21, 30], [-10.2, 30.4], [-10, 0]]", FIELD_ZONE_TOO_LARGE},
        {"[[2, 13], [3, 13], [3, 14], [2, 13]], [[2.5, 13.1], [2.6, 13.1], [2.6, 13.2], [2.5, 13.1]]",
         FIELD_NOT_A_VALUE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        decode_ring(wrong[i].ring);
        assert_int_equal(errors.count, 1);
        assert_fault("geometry/coordinates", wrong[i].fault);
    }
}

static void test_else_that_may_not_be(void **state)
{
    (void)state;
    decode("{}");
    assert_fault("type", FIELD_MISSING);
    assert_fault("geometry", FIELD_MISSING);
    assert_fault("properties/crisis", FIELD_MISSING);
    assert_fault("properties/kind", FIELD_MISSING);
    assert_fault("properties/name", FIELD_MISSING);
    decode_shape("{\"type\": \"Point\", \"coordinates\": [2, 13]}", "");
    assert_fault("properties/radius_m", FIELD_MISSING);
    decode_shape("{\"type\": \"Point\", \"coordinates\": [2, 13]}", ", \"radius_m\": 300001");
    assert_fault("properties/radius_m", FIELD_OUT_OF_RANGE);
    decode_shape("{\"type\": \"Point\", \"coordinates\": [179.99, 13]}", ", \"radius_m\": 5000");
    assert_fault("geometry/coordinates", FIELD_ZONE_DATE_LINE);
    decode_shape("{\"type\": \"LineString\", \"coordinates\": [[2, 13], [3, 14]]}", ", \"x\": 1");
    assert_fault("geometry/type", FIELD_NOT_A_VALUE);
    assert_fault("properties/x", FIELD_UNKNOWN);
    decode_shape("{\"type\": \"Point\", \"coordinates\": [2, 13]}",
                 ", \"radius_m\": 50, \"valid_from\": \"2023-08-02T10:00:00Z\", \"valid_until\": "
                 "\"2023-08-02T10:00:00Z\"");
    assert_fault("properties/valid_until", FIELD_OUT_OF_RANGE);
    decode_shape("{\"type\": \"Point\", \"coordinates\": [2, 13]}", ", \"radius_m\": 50, \"valid_from\": \"noon\"");
    assert_fault("properties/valid_from", FIELD_NOT_A_TIME);
}

/* A star about a point: it crosses itself nowhere, and may be as jagged as you like. */
static void random_star(uint64_t *seed, struct zone_area *area)
{
    double lat = between(seed, -60, 60);
    double lon = between(seed, -170, 170);
    double size = between(seed, 0.01, 1.5);
    area->count = 3 + next_random(seed) % 20;
    area->box = (struct cell_edges){lat, lon, lat, lon};
    for (size_t i = 0; i < area->count; i++) {
        double angle = 2 * 3.14159265358979 * (double)i / (double)area->count;
        double reach = between(seed, size / 10, size);
        struct zone_point p = {lon + reach * cos(angle), lat + reach * sin(angle)};
        area->points[i] = p;
        area->box = (struct cell_edges){fmin(area->box.south, p.lat), fmin(area->box.west, p.lon),
                                        fmax(area->box.north, p.lat), fmax(area->box.east, p.lon)};
    }
}

static void random_circle(uint64_t *seed, struct zone_area *area)
{
    double lat = between(seed, -60, 60);
    double lon = between(seed, -170, 170);
    area->count = 1;
    area->points[0] = (struct zone_point){lon, lat};
    area->radius_m = between(seed, 10, 120000);
    area->box = (struct cell_edges){lat - 3, lon - 6, lat + 3, lon + 6};
}

static void read_cover(struct zone_cells *cells)
{
    size_t length = 0;
    char *text = arena_alloc(&arena, sizeof(cover.cells));
    assert_non_null(text);
    for (size_t i = 0; i < cover.count; i++) {
        length +=
            (size_t)snprintf(text + length, sizeof(cover.cells) - length, "%s%s", i > 0 ? " " : "", cover.cells[i]);
    }
    assert_true(zone_cells_read(&arena, slice_make(text, length), cells));
    assert_int_equal(cells->count, cover.count);
}

/* No cell of a cover is far from its area: within a cell's own diagonal there is a point inside, or of its line. */
static void check_cells(const struct zone_area *area)
{
    for (size_t i = 0; i < cover.count; i++) {
        for (size_t j = i + 1; j < cover.count && j < i + 20; j++) {
            assert_false(slice_starts_with(slice_of(cover.cells[j]), slice_of(cover.cells[i])));
        }
        struct cell_edges e;
        assert_true(cell_edges_of(slice_of(cover.cells[i]), &e));
        assert_true(e.west <= area->box.east && e.east >= area->box.west && e.south <= area->box.north);
        if (strlen(cover.cells[i]) < CELL_SIZE) { /* named by fewer symbols: inside as a whole */
            assert_true(zone_area_contains(area, e.south, e.west) && zone_area_contains(area, e.north, e.east));
        }
    }
}

static void test_nobody_inside_is_left_out(void **state)
{
    uint64_t seed = 7;
    size_t inside = 0;
    (void)state;
    for (size_t n = 0; n < 300; n++) {
        struct zone_area area = {.count = 0};
        struct zone_cells cells;
        arena_release(&arena);
        arena_init(&arena, 1 << 20);
        (n % 2 == 0 ? random_star : random_circle)(&seed, &area);
        assert_true(zone_area_cover(&area, &cover));
        assert_true(cover.count > 0);
        read_cover(&cells);
        check_cells(&area);
        for (size_t i = 0; i < 200; i++) {
            double lat = between(&seed, area.box.south - 0.1, area.box.north + 0.1);
            double lon = between(&seed, area.box.west - 0.1, area.box.east + 0.1);
            bool contains = zone_area_contains(&area, lat, lon);
            inside += contains ? 1 : 0;
            assert_true(!contains || zone_cells_hold(&cells, lat, lon));
        }
        assert_false(zone_cells_hold(&cells, area.box.north + 1, area.box.west));
    }
    assert_true(inside > 5000);
}

static void test_cells_of_no_zone(void **state)
{
    struct zone_cells cells;
    (void)state;
    arena_release(&arena);
    arena_init(&arena, 1 << 20);
    assert_true(zone_cells_read(&arena, SLICE(""), &cells));
    assert_false(zone_cells_hold(&cells, 13.5, 2.1));
    assert_true(zone_cells_read(&arena, SLICE("s1v0 x s a1 s1z00"), &cells));
    assert_int_equal(cells.count, 2);
}

static void test_what_a_case_has_of_it(void **state)
{
    const uint32_t overdue = REASON_BIT(REASON_OVERDUE);
    const uint32_t here = REASON_BIT(REASON_IN_DANGER_ZONE);
    const uint32_t both = here | REASON_BIT(REASON_OVERDUE_IN_DANGER_ZONE);
    (void)state;
    assert_int_equal(zone_reasons(REASON_BIT(REASON_HELP_ASKED), true), REASON_BIT(REASON_HELP_ASKED) | here);
    assert_int_equal(zone_reasons(overdue, true), overdue | both);
    assert_int_equal(zone_reasons(overdue | both, false), overdue);
    assert_int_equal(zone_reasons(0, false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_be),          cmocka_unit_test(test_rings_that_may_not_be),
        cmocka_unit_test(test_else_that_may_not_be), cmocka_unit_test(test_nobody_inside_is_left_out),
        cmocka_unit_test(test_cells_of_no_zone),     cmocka_unit_test(test_what_a_case_has_of_it),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
