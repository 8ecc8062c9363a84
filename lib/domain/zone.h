/* SPDX-License-Identifier: Apache-2.0
 * What a lead draws on the map of a crisis: where there is danger, and where people gather. Read from GeoJSON, held to limits, and made into the
 * coarse cells that it touches: all that the register keeps of a place in the clear. Pure. */
#ifndef DOMAIN_ZONE_H
#define DOMAIN_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/slice.h"
#include "core/tree.h"
#include "domain/field_error.h"
#include "domain/place.h"
#include "domain/vocabulary.h"

enum zone_kind { ZONE_DANGER, ZONE_ASSEMBLY_POINT, ZONE_KIND_COUNT };
extern const struct vocabulary vocabulary_zone_kind; /* "danger", "assembly_point" */

enum {
    ZONE_POINTS_MAX = 200,
    ZONE_NAME_MAX = 80, /* characters */
    ZONE_RADIUS_MAX_M = 300000,
    ZONE_CELLS_MAX = 4000,  /* of its cover */
    ZONE_CELL_SHORTEST = 2, /* symbols of a cell in a cover */
};

struct zone_point {
    double lon, lat; /* degrees, WGS 84 */
};

/* A ring, or a circle about one point. Lines between points are straight in longitude and latitude (RFC 7946 section 3.1.1). */
struct zone_area {
    size_t count; /* of points; 1: a circle, 0: nothing; a ring's last is not said again */
    struct zone_point points[ZONE_POINTS_MAX];
    double radius_m;
    struct cell_edges box; /* what holds it all */
};

struct zone {
    struct slice crisis;
    bool has_kind;
    enum zone_kind kind;
    struct slice name;
    struct zone_area area;
    int64_t from_us, until_us; /* 0: from now on; without an end */
    bool tell_citizens;        /* of an assembly point */
};

/* A cover: names of cells, of ZONE_CELL_SHORTEST to CELL_SIZE symbols, of which none begins as another does. */
struct zone_cover {
    size_t count;
    char cells[ZONE_CELLS_MAX][CELL_SIZE + 1];
};

/* Reads a GeoJSON Feature, a Polygon of one ring or a Point with `radius_m`, naming every member that does not fit and every rule that is broken:
 * a ring that is not closed or crosses itself, what lies beyond the date line, what is too large. */
void zone_decode(struct arena *arena, const struct tree *tree, struct zone *zone, struct field_errors *errors);

/* Where somebody goes who goes there: its middle, or a corner where that lies outside of it. */
struct zone_point zone_area_middle(const struct zone_area *area);
/* Whether the point is inside, the box asked first; of a point on the line itself either may be true. */
bool zone_area_contains(const struct zone_area *area, double lat, double lon);
/* Every cell that the area touches: rather one too many than somebody left out. False when there are more than ZONE_CELLS_MAX. */
bool zone_area_cover(const struct zone_area *area, struct zone_cover *cover);

/* What of its reasons a case has once it is known whether it is in a danger zone. */
uint32_t zone_reasons(uint32_t reasons, bool in_danger_zone);

#endif
