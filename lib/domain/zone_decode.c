/* SPDX-License-Identifier: Apache-2.0
 * The members of a zone's Feature, by table, and the rules of a ring. Source: RFC 7946 sections 3.1 and 3.2. */
#include <math.h>

#include "core/clock.h"
#include "domain/decode.h"
#include "domain/field_check.h"
#include "domain/zone.h"

#define LAT_MOST        85.0 /* beyond it a cell is a sliver, and the map ends */
#define METRES_A_DEGREE 111194.9
#define RADIANS         (3.14159265358979323846 / 180.0)

/* What a Feature says, before it is known whether it fits together. */
struct said {
    struct zone *zone;
    struct slice type, geometry_type;
    const struct tree *coordinates;
    bool has_radius;
    double radius_m;
};

static void decode_type(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    decode_text(decoder, tree, path, &((struct said *)said)->type);
}

static void decode_geometry_type(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                                 void *said)
{
    decode_text(decoder, tree, path, &((struct said *)said)->geometry_type);
}

static void keep_coordinates(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                             void *said)
{
    if (tree->kind != TREE_LIST) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
    } else {
        ((struct said *)said)->coordinates = tree;
    }
}

static void decode_geometry(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                            void *said)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("type"), decode_geometry_type, 0},
        {SLICE_INIT("coordinates"), keep_coordinates, 0},
    };
    decode_object(decoder, tree, path, members, sizeof(members) / sizeof(members[0]), said);
}

static void decode_crisis(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    decode_text(decoder, tree, path, &((struct said *)said)->zone->crisis);
}

static void decode_kind(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    struct zone *zone = ((struct said *)said)->zone;
    unsigned kind = ZONE_DANGER;
    zone->has_kind = decode_word(decoder, tree, path, &vocabulary_zone_kind, &kind);
    zone->kind = (enum zone_kind)kind;
}

static void decode_name(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    struct zone *zone = ((struct said *)said)->zone;
    decode_text(decoder, tree, path, &zone->name);
    zone->name = slice_trim(zone->name);
    (void)field_check_line(zone->name, ZONE_NAME_MAX, "properties/name", decoder->errors);
}

static void decode_radius(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    struct said *s = said;
    s->has_radius = decode_number(decoder, tree, path, &s->radius_m);
    if (s->has_radius && !(s->radius_m >= 1 && s->radius_m <= ZONE_RADIUS_MAX_M)) {
        decode_fault(decoder, FIELD_OUT_OF_RANGE, path);
        s->has_radius = false;
    }
}

static void decode_time(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                        int64_t *time_us)
{
    if (tree->kind != TREE_TEXT) {
        decode_fault(decoder, FIELD_WRONG_TYPE, path);
    } else if (!time_parse(tree->text, time_us)) {
        decode_fault(decoder, FIELD_NOT_A_TIME, path);
    }
}

static void decode_from(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    decode_time(decoder, tree, path, &((struct said *)said)->zone->from_us);
}

static void decode_until(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    decode_time(decoder, tree, path, &((struct said *)said)->zone->until_us);
}

static void decode_tell(struct decoder *decoder, const struct tree *tree, const struct decode_path *path, void *said)
{
    decode_bool(decoder, tree, path, &((struct said *)said)->zone->tell_citizens);
}

static void decode_properties(struct decoder *decoder, const struct tree *tree, const struct decode_path *path,
                              void *said)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("crisis"), decode_crisis, 0},      {SLICE_INIT("kind"), decode_kind, 0},
        {SLICE_INIT("name"), decode_name, 0},          {SLICE_INIT("radius_m"), decode_radius, 0},
        {SLICE_INIT("valid_from"), decode_from, 0},    {SLICE_INIT("valid_until"), decode_until, 0},
        {SLICE_INIT("tell_citizens"), decode_tell, 0},
    };
    decode_object(decoder, tree, path, members, sizeof(members) / sizeof(members[0]), said);
}

/* --- the area ----------------------------------------------------------------------------------------------------------------- */

/* [longitude, latitude]; a third number, of height, is passed over (section 3.1.1). */
static bool read_position(const struct tree *tree, struct zone_point *point)
{
    const struct tree *lon = tree_item(tree, 0);
    const struct tree *lat = tree_item(tree, 1);
    bool numbers = lon != NULL && lat != NULL && tree->count <= 3 &&
                   (lon->kind == TREE_INTEGER || lon->kind == TREE_REAL) &&
                   (lat->kind == TREE_INTEGER || lat->kind == TREE_REAL);
    if (numbers) {
        point->lon = lon->kind == TREE_REAL ? lon->real : (double)lon->integer;
        point->lat = lat->kind == TREE_REAL ? lat->real : (double)lat->integer;
    }
    return numbers;
}

/* A longitude past 180 is how some maps say that they go on beyond the date line. */
static bool check_position(const struct zone_point *point, struct field_errors *errors)
{
    if (!(fabs(point->lat) <= LAT_MOST) || !(fabs(point->lon) <= 540)) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "geometry/coordinates");
        return false;
    }
    if (fabs(point->lon) > 180) {
        field_error_add(errors, FIELD_ZONE_DATE_LINE, "geometry/coordinates");
        return false;
    }
    return true;
}

static bool same(const struct zone_point *a, const struct zone_point *b)
{
    return !(fabs(a->lon - b->lon) > 0) && !(fabs(a->lat - b->lat) > 0);
}

/* Which side of the line from a to b the point is on: above 0 left, below right. */
static double side(const struct zone_point *a, const struct zone_point *b, const struct zone_point *p)
{
    return (b->lon - a->lon) * (p->lat - a->lat) - (b->lat - a->lat) * (p->lon - a->lon);
}

static bool between(const struct zone_point *a, const struct zone_point *b, const struct zone_point *p)
{
    return p->lon >= fmin(a->lon, b->lon) && p->lon <= fmax(a->lon, b->lon) && p->lat >= fmin(a->lat, b->lat) &&
           p->lat <= fmax(a->lat, b->lat);
}

static bool lies_on(const struct zone_point *a, const struct zone_point *b, const struct zone_point *p)
{
    return !(fabs(side(a, b, p)) > 0) && between(a, b, p);
}

static bool lines_meet(const struct zone_point *a, const struct zone_point *b, const struct zone_point *c,
                       const struct zone_point *d)
{
    if (lies_on(a, b, c) || lies_on(a, b, d) || lies_on(c, d, a) || lies_on(c, d, b)) {
        return true;
    }
    return (side(a, b, c) > 0) != (side(a, b, d) > 0) && (side(c, d, a) > 0) != (side(c, d, b) > 0);
}

/* Two lines of a ring meet where one follows the other, and nowhere else; there, the next does not run back on the one before. */
static bool crosses_itself(const struct zone_area *area)
{
    const size_t n = area->count;
    for (size_t i = 0; i < n; i++) {
        const struct zone_point *a = &area->points[i];
        const struct zone_point *b = &area->points[(i + 1) % n];
        if (same(a, b) || lies_on(a, b, &area->points[(i + 2) % n]) || lies_on(b, &area->points[(i + 2) % n], a)) {
            return true;
        }
        for (size_t j = i + 2; j < n - (i == 0 ? 1 : 0); j++) {
            if (lines_meet(a, b, &area->points[j], &area->points[(j + 1) % n])) {
                return true;
            }
        }
    }
    return false;
}

static void check_ring(const struct zone_area *area, bool closed, struct field_errors *errors)
{
    if (!closed || area->count < 3) {
        field_error_add(errors, FIELD_ZONE_NOT_CLOSED, "geometry/coordinates");
        return;
    }
    for (size_t i = 0; i < area->count; i++) {
        const struct zone_point *next = &area->points[(i + 1) % area->count];
        if (fabs(area->points[i].lon - next->lon) > 180) {
            field_error_add(errors, FIELD_ZONE_DATE_LINE, "geometry/coordinates");
            return;
        }
    }
    if (crosses_itself(area)) {
        field_error_add(errors, FIELD_ZONE_CROSSES_ITSELF, "geometry/coordinates");
    }
}

static void read_ring(const struct tree *rings, struct zone_area *area, struct field_errors *errors)
{
    const struct tree *ring = tree_item(rings, 0);
    struct zone_point point = {0, 0};
    if (rings->count != 1 || ring == NULL || ring->kind != TREE_LIST) { /* no holes */
        field_error_add(errors, FIELD_NOT_A_VALUE, "geometry/coordinates");
        return;
    }
    if (ring->count > ZONE_POINTS_MAX + 1) {
        field_error_add_limit(errors, FIELD_TOO_MANY, ZONE_POINTS_MAX, "geometry/coordinates");
        return;
    }
    for (const struct tree *at = ring->children.first; at != NULL; at = at->next) {
        if (!read_position(at, &point)) {
            field_error_add(errors, FIELD_NOT_A_NUMBER, "geometry/coordinates");
            return;
        }
        if (!check_position(&point, errors)) {
            return;
        }
        if (area->count < ZONE_POINTS_MAX && at->next != NULL) {
            area->points[area->count++] = point;
        }
    }
    check_ring(area, area->count > 0 && same(&point, &area->points[0]), errors);
}

static void read_circle(const struct said *said, struct zone_area *area, struct field_errors *errors)
{
    struct zone_point *middle = &area->points[0];
    if (!read_position(said->coordinates, middle)) {
        field_error_add(errors, FIELD_NOT_A_NUMBER, "geometry/coordinates");
        return;
    }
    if (!said->has_radius && field_error_find(errors, "properties/radius_m") == NULL) {
        field_error_add(errors, FIELD_MISSING, "properties/radius_m");
    }
    area->count = check_position(middle, errors) ? 1 : 0;
    area->radius_m = said->radius_m;
}

static void find_box(struct zone_area *area, struct field_errors *errors)
{
    const struct zone_point *first = &area->points[0];
    struct cell_edges box = {first->lat, first->lon, first->lat, first->lon};
    for (size_t i = 1; i < area->count; i++) {
        const struct zone_point *p = &area->points[i];
        box = (struct cell_edges){fmin(box.south, p->lat), fmin(box.west, p->lon), fmax(box.north, p->lat),
                                  fmax(box.east, p->lon)};
    }
    if (area->count == 1) {
        double reach = area->radius_m / METRES_A_DEGREE * 1.001;
        double widest = fmin(fabs(first->lat) + reach, 89.0);
        double lon_reach = reach / cos(widest * RADIANS);
        box =
            (struct cell_edges){first->lat - reach, first->lon - lon_reach, first->lat + reach, first->lon + lon_reach};
        if (box.west < -180 || box.east > 180) {
            field_error_add(errors, FIELD_ZONE_DATE_LINE, "geometry/coordinates");
        }
    }
    area->box = box;
}

static void read_area(struct arena *arena, const struct said *said, struct zone_area *area, struct field_errors *errors)
{
    size_t before = errors->count;
    if (said->coordinates == NULL || said->geometry_type.length == 0) {
        if (field_error_find(errors, "geometry") == NULL) {
            field_error_add(errors, FIELD_MISSING, "geometry");
        }
        return;
    }
    if (slice_equal(said->geometry_type, SLICE("Polygon"))) {
        if (said->has_radius) {
            field_error_add(errors, FIELD_EITHER_OR, "properties/radius_m");
        }
        read_ring(said->coordinates, area, errors);
    } else if (slice_equal(said->geometry_type, SLICE("Point"))) {
        read_circle(said, area, errors);
    } else {
        field_error_add(errors, FIELD_NOT_A_VALUE, "geometry/type");
    }
    if (errors->count > before || area->count == 0) {
        return;
    }
    find_box(area, errors);
    struct zone_cover *cover = arena_alloc(arena, sizeof(*cover));
    if (cover != NULL && !zone_area_cover(area, cover)) {
        field_error_add(errors, FIELD_ZONE_TOO_LARGE, "geometry/coordinates");
    }
}

static void require(bool there, const char *member, struct field_errors *errors)
{
    if (!there && field_error_find(errors, member) == NULL) {
        field_error_add(errors, FIELD_MISSING, "%s", member);
    }
}

void zone_decode(struct arena *arena, const struct tree *tree, struct zone *zone, struct field_errors *errors)
{
    static const struct decode_member members[] = {
        {SLICE_INIT("type"), decode_type, 0},
        {SLICE_INIT("geometry"), decode_geometry, 0},
        {SLICE_INIT("properties"), decode_properties, 0},
    };
    struct decoder decoder = {.arena = arena, .errors = errors};
    *zone = (struct zone){.from_us = 0};
    struct said said = {.zone = zone};
    decode_object(&decoder, tree, NULL, members, sizeof(members) / sizeof(members[0]), &said);
    if (!slice_equal(said.type, SLICE("Feature")) && field_error_find(errors, "type") == NULL) {
        field_error_add(errors, said.type.length > 0 ? FIELD_NOT_A_VALUE : FIELD_MISSING, "type");
    }
    require(zone->crisis.length > 0, "properties/crisis", errors);
    require(zone->has_kind, "properties/kind", errors);
    require(zone->name.length > 0, "properties/name", errors);
    if (zone->tell_citizens && zone->has_kind &&
        zone->kind != ZONE_ASSEMBLY_POINT) { /* danger is told in a broadcast, with what to do */
        field_error_add(errors, FIELD_NOT_A_VALUE, "properties/tell_citizens");
    }
    if (zone->until_us != 0 && zone->until_us <= zone->from_us) {
        field_error_add(errors, FIELD_OUT_OF_RANGE, "properties/valid_until");
    }
    read_area(arena, &said, &zone->area, errors);
}
