/* SPDX-License-Identifier: Apache-2.0
 * Points and cells against an area. */
#include "domain/zone.h"

#include <math.h>
#include <string.h>

#include "domain/triage.h"

#define SLACK 1.001 /* of a radius: the nearest point of a cell is reckoned on the plane */

static const struct slice kind_names[ZONE_KIND_COUNT] = {
    [ZONE_DANGER] = SLICE_INIT("danger"),
    [ZONE_ASSEMBLY_POINT] = SLICE_INIT("assembly_point"),
};
const struct vocabulary vocabulary_zone_kind = {kind_names, ZONE_KIND_COUNT};

static bool box_holds(const struct cell_edges *box, double lat, double lon)
{
    return lat >= box->south && lat <= box->north && lon >= box->west && lon <= box->east;
}

/* A ray to the east crosses the ring an odd number of times. */
static bool ring_holds(const struct zone_area *area, double lat, double lon)
{
    bool inside = false;
    for (size_t i = 0, last = area->count - 1; i < area->count; last = i++) {
        const struct zone_point *a = &area->points[i];
        const struct zone_point *b = &area->points[last];
        if ((a->lat > lat) != (b->lat > lat) && lon < (b->lon - a->lon) * (lat - a->lat) / (b->lat - a->lat) + a->lon) {
            inside = !inside;
        }
    }
    return inside;
}

bool zone_area_contains(const struct zone_area *area, double lat, double lon)
{
    if (area->count == 0 || !box_holds(&area->box, lat, lon)) {
        return false;
    }
    return area->count == 1 ? distance_m(lat, lon, area->points[0].lat, area->points[0].lon) <= area->radius_m
                            : ring_holds(area, lat, lon);
}

struct zone_point zone_area_middle(const struct zone_area *area)
{
    const struct zone_point *base = &area->points[0];
    struct zone_point middle = {0, 0};
    double twice = 0; /* the ring's surface, as seen from its first corner */
    for (size_t i = 1; i + 1 < area->count; i++) {
        const struct zone_point *a = &area->points[i];
        const struct zone_point *b = &area->points[i + 1];
        double part = (a->lon - base->lon) * (b->lat - base->lat) - (b->lon - base->lon) * (a->lat - base->lat);
        middle.lon += part * (a->lon + b->lon - 2 * base->lon) / 3;
        middle.lat += part * (a->lat + b->lat - 2 * base->lat) / 3;
        twice += part;
    }
    if (area->count < 3 || !(fabs(twice) > 0)) {
        return *base;
    }
    middle = (struct zone_point){base->lon + middle.lon / twice, base->lat + middle.lat / twice};
    return ring_holds(area, middle.lat, middle.lon) ? middle : *base;
}

/* --- cells ------------------------------------------------------------------------------------------------------------------ */

enum touch { TOUCH_NOT, TOUCH_PARTLY, TOUCH_WHOLE };

/* Cuts the stretch [*from, *to] of a line to where low <= at + t * step <= high; false when nothing is left (Liang and Barsky 1984). */
static bool clip(double at, double step, double low, double high, double *from, double *to)
{
    if (!(fabs(step) > 0)) {
        return at >= low && at <= high;
    }
    double first = (low - at) / step;
    double second = (high - at) / step;
    *from = fmax(*from, fmin(first, second));
    *to = fmin(*to, fmax(first, second));
    return *from <= *to;
}

static bool line_touches(const struct zone_point *a, const struct zone_point *b, const struct cell_edges *cell)
{
    double from = 0;
    double to = 1;
    return clip(a->lon, b->lon - a->lon, cell->west, cell->east, &from, &to) &&
           clip(a->lat, b->lat - a->lat, cell->south, cell->north, &from, &to);
}

static enum touch touch_ring(const struct zone_area *area, const struct cell_edges *cell)
{
    for (size_t i = 0, last = area->count - 1; i < area->count; last = i++) {
        if (line_touches(&area->points[last], &area->points[i], cell)) {
            return TOUCH_PARTLY;
        }
    }
    return ring_holds(area, (cell->south + cell->north) / 2, (cell->west + cell->east) / 2) ? TOUCH_WHOLE : TOUCH_NOT;
}

static enum touch touch_circle(const struct zone_area *area, const struct cell_edges *cell)
{
    const struct zone_point *middle = &area->points[0];
    double near_lat = fmin(fmax(middle->lat, cell->south), cell->north);
    double near_lon = fmin(fmax(middle->lon, cell->west), cell->east);
    double furthest = 0;
    if (distance_m(middle->lat, middle->lon, near_lat, near_lon) > area->radius_m * SLACK) {
        return TOUCH_NOT;
    }
    for (unsigned corner = 0; corner < 4; corner++) {
        double lat = (corner & 1U) != 0 ? cell->north : cell->south;
        double lon = (corner & 2U) != 0 ? cell->east : cell->west;
        furthest = fmax(furthest, distance_m(middle->lat, middle->lon, lat, lon));
    }
    return furthest * SLACK <= area->radius_m ? TOUCH_WHOLE : TOUCH_PARTLY;
}

static enum touch touch_cell(const struct zone_area *area, const struct cell_edges *cell)
{
    if (cell->west > area->box.east || cell->east < area->box.west || cell->south > area->box.north ||
        cell->north < area->box.south) {
        return TOUCH_NOT;
    }
    return area->count == 1 ? touch_circle(area, cell) : touch_ring(area, cell);
}

/* Walks the tree of cells, each a branch of thirty-two, as an odometer: down where a cell is touched in part, on where it is done with. */
bool zone_area_cover(const struct zone_area *area, struct zone_cover *cover)
{
    static const char alphabet[] = "0123456789bcdefghjkmnpqrstuvwxyz";
    char name[CELL_SIZE + 1] = "0";
    unsigned digits[CELL_SIZE] = {0};
    size_t length = area->count > 0 ? 1 : 0;
    cover->count = 0;
    while (length > 0) {
        struct cell_edges edges;
        name[length - 1] = alphabet[digits[length - 1]];
        (void)cell_edges_of(slice_make(name, length), &edges);
        enum touch touch = touch_cell(area, &edges);
        bool deeper =
            length < CELL_SIZE && (touch == TOUCH_PARTLY || (touch == TOUCH_WHOLE && length < ZONE_CELL_SHORTEST));
        if (deeper) {
            digits[length++] = 0;
            continue;
        }
        if (touch != TOUCH_NOT) {
            if (cover->count == ZONE_CELLS_MAX) {
                return false;
            }
            memcpy(cover->cells[cover->count], name, length);
            cover->cells[cover->count++][length] = '\0';
        }
        while (length > 0 && ++digits[length - 1] == sizeof(alphabet) - 1) {
            length--;
        }
    }
    return true;
}

uint32_t zone_reasons(uint32_t reasons, bool in_danger_zone)
{
    const uint32_t both = REASON_BIT(REASON_IN_DANGER_ZONE) | REASON_BIT(REASON_OVERDUE_IN_DANGER_ZONE);
    uint32_t here = REASON_BIT(REASON_IN_DANGER_ZONE);
    if ((reasons & REASON_BIT(REASON_OVERDUE)) != 0) {
        here |= REASON_BIT(REASON_OVERDUE_IN_DANGER_ZONE);
    }
    return in_danger_zone ? reasons | here : reasons & ~both;
}
